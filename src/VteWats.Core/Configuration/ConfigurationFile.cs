using System.Text;
using System.Text.Json;
using VteWats.Core.Diagnostics;
using VteWats.Core.IO;

namespace VteWats.Core.Configuration;

/// <summary>Finds and reads <c>vtewats.json</c>. Comments and trailing commas are allowed in it.</summary>
public static class ConfigurationFile
{
    /// <summary>Name of the file in the places that are searched.</summary>
    public const string FileName = "vtewats.json";

    /// <summary>Environment variable that holds the path of the file.</summary>
    public const string EnvironmentVariable = "VTEWATS_CONFIG";

    internal static readonly JsonDocumentOptions Syntax = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    // The serializer reads the document's raw text, comments and all.
    private static readonly JsonSerializerOptions Naming = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    };

    /// <summary>The machine's place, then the user's.</summary>
    public static IReadOnlyList<string> Places { get; } =
    [
        OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "VteWats", FileName)
            : "/etc/vtewats/" + FileName,
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "VteWats", FileName),
    ];

    /// <summary>
    /// The configuration file to use: <paramref name="explicitPath"/>, else the one that <c>VTEWATS_CONFIG</c> names, else the machine's,
    /// else the user's.
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

    /// <summary>Reads and checks a configuration file. Where something is wrong with one of several sites, that one is set aside
    /// (<see cref="VteWatsConfiguration.Faulty"/>), and the others go on.</summary>
    /// <returns>The configuration with absolute paths and the names of its sites filled in; secrets stay references.</returns>
    /// <exception cref="VteWatsException"><c>ConfigurationInvalid</c>: lists everything that is wrong with the file.</exception>
    public static VteWatsConfiguration Load(string path)
    {
        path = Path.GetFullPath(path);
        var (read, findings) = Read(path);
        if (findings.Count == 0) return ConfigurationPaths.Complete(read!, path);
        if (FaultySites.SetAside(File.ReadAllBytes(path), findings, Syntax) is not var (rest, faulty)) throw Wrong(path, findings);
        return ConfigurationPaths.Complete(rest.Deserialize<VteWatsConfiguration>(Naming)!, path) with
        {
            Faulty = faulty.ToDictionary(site => site.Key, site => Wrong(path, site.Value), StringComparer.OrdinalIgnoreCase),
        };
    }

    private static VteWatsException Wrong(string path, IReadOnlyList<ConfigurationFinding> findings) => Invalid(
        $"The configuration file {path}", findings,
        "Correct the file at the paths named; docs/configuration.md and the JSON schema list every key. Test-VteWatsConfiguration "
        + "checks it again.", path);

    /// <summary>Everything that is wrong with a configuration file; nothing when it can be loaded.</summary>
    public static IReadOnlyList<ConfigurationFinding> Check(string path) => Read(Path.GetFullPath(path)).Findings;

    /// <summary>The same of a text that is no file yet.</summary>
    internal static IReadOnlyList<ConfigurationFinding> FindingsOf(string text) => Read(Encoding.UTF8.GetBytes(text)).Findings;

    /// <summary>Writes a first configuration file with the given values, and the JSON schema beside it for editors.</summary>
    /// <exception cref="VteWatsException">
    /// <c>ConfigurationInvalid</c>: lists every value that a configuration cannot have; nothing is written. <c>FileUnusable</c>: the folder
    /// cannot be written to.
    /// </exception>
    public static void Write(string path, InitialConfiguration start)
    {
        path = Path.GetFullPath(path);
        WriteText(path, ConfigurationTemplate.Text(start.ToJson(Path.GetDirectoryName(path)!)), static _ => false);
    }

    /// <summary>Writes a configuration file, and the JSON schema beside it, where nothing is wrong with it.</summary>
    /// <param name="path">Absolute path of the file.</param>
    /// <param name="content">The file.</param>
    /// <param name="isLeftOpen">Says of a finding that it is meant to be there: a key that the user still has to choose.</param>
    internal static void WriteText(string path, string content, Func<ConfigurationFinding, bool> isLeftOpen)
    {
        var text = Encoding.UTF8.GetBytes(content);
        var findings = Read(text).Findings.Where(finding => !isLeftOpen(finding)).ToList();
        if (findings.Count > 0) throw Invalid("The configuration", findings, "Correct the values; nothing was written.", path);
        try
        {
            AtomicFile.Write(Path.Combine(Path.GetDirectoryName(path)!, InitialConfiguration.SchemaFileName),
                Encoding.UTF8.GetBytes(ConfigurationJsonSchema.Text()));
            AtomicFile.Write(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(
                ErrorKind.FileUnusable, $"The configuration file {path} cannot be written: {e.Message}",
                "Choose a folder that you may write to, with -Path.", path, e);
        }
    }

    private static VteWatsException Invalid(string what, IReadOnlyList<ConfigurationFinding> findings, string advice, string path) => new(
        ErrorKind.ConfigurationInvalid,
        $"{what} has {(findings.Count == 1 ? "one finding" : $"{findings.Count} findings")}:{Environment.NewLine}  "
            + string.Join(Environment.NewLine + "  ", findings),
        advice, path);

    private static (VteWatsConfiguration? Read, IReadOnlyList<ConfigurationFinding> Findings) Read(string path)
    {
        try
        {
            return Read(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable($"The file cannot be read: {e.Message}");
        }
    }

    private static (VteWatsConfiguration? Read, IReadOnlyList<ConfigurationFinding> Findings) Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (bytes.Span.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
            using var document = JsonDocument.Parse(bytes, Syntax);
            var findings = ConfigurationCheck.Findings(document.RootElement);
            return (findings.Count == 0 ? document.Deserialize<VteWatsConfiguration>(Naming) : null, findings);
        }
        catch (JsonException e)
        {
            // Its message may quote what stands there, and that may be a secret without its quotes.
            return Unreadable($"This is not valid JSON in UTF-8: see line {(e.LineNumber ?? 0) + 1}, byte "
                + $"{(e.BytePositionInLine ?? 0) + 1}.");
        }
        catch (InvalidOperationException)
        {
            return Unreadable("The file holds text that is not Unicode: save it as UTF-8.");
        }
    }

    private static (VteWatsConfiguration?, IReadOnlyList<ConfigurationFinding>) Unreadable(string message) =>
        (null, [new ConfigurationFinding(FindingSeverity.Error, "$", message)]);

    private static string Existing(string path, string from)
    {
        path = Path.GetFullPath(path);
        if (File.Exists(path)) return path;
        throw new VteWatsException(
            ErrorKind.ConfigurationInvalid, $"The configuration file {path}, named by {from}, does not exist.",
            "Correct the path, or make the file with New-VteWatsConfiguration.", path);
    }
}
