using System.Text.Json;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Configuration;

/// <summary>Finds and reads <c>vtewats.json</c>.</summary>
public static class ConfigurationFile
{
    /// <summary>Name of the file in the places that are searched.</summary>
    public const string FileName = "vtewats.json";

    /// <summary>Environment variable that holds the path of the file.</summary>
    public const string EnvironmentVariable = "VTEWATS_CONFIG";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The machine's place, then the user's.</summary>
    public static IReadOnlyList<string> Places { get; } =
    [
        OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "VteWats", FileName)
            : "/etc/vtewats/" + FileName,
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "VteWats", FileName),
    ];

    /// <summary>
    /// The configuration file to use: <paramref name="explicitPath"/>, else the one that <c>VTEWATS_CONFIG</c> names, else the machine's, else the user's.
    /// </summary>
    /// <returns>An absolute path, or null when there is no file and none was asked for.</returns>
    /// <exception cref="VteWatsException"><c>ConfigurationInvalid</c>: the file that was asked for does not exist.</exception>
    public static string? Find(string? explicitPath)
    {
        if (!string.IsNullOrWhiteSpace(explicitPath)) return Existing(explicitPath, "-ConfigurationPath");
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { } named && !string.IsNullOrWhiteSpace(named))
            return Existing(named, $"the environment variable {EnvironmentVariable}");
        return Places.FirstOrDefault(File.Exists);
    }

    /// <summary>Reads and checks a configuration file.</summary>
    /// <returns>The configuration with absolute paths and the names of its sites filled in; secrets stay references.</returns>
    /// <exception cref="VteWatsException"><c>ConfigurationInvalid</c>: lists everything that is wrong with the file.</exception>
    public static VteWatsConfiguration Load(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            var read = JsonSerializer.Deserialize<VteWatsConfiguration>(File.ReadAllBytes(path), Options) ?? new VteWatsConfiguration();
            return ConfigurationPaths.Complete(read, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new VteWatsException(
                ErrorKind.ConfigurationInvalid, $"The configuration file {path} cannot be read: {e.Message}",
                "Correct the file; Test-VteWatsConfiguration checks it.", path, e);
        }
    }

    private static string Existing(string path, string from)
    {
        path = Path.GetFullPath(path);
        if (File.Exists(path)) return path;
        throw new VteWatsException(
            ErrorKind.ConfigurationInvalid, $"The configuration file {path}, named by {from}, does not exist.",
            "Correct the path, or make the file with New-VteWatsConfiguration.", path);
    }
}
