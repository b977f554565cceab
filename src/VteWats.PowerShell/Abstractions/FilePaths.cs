using System.Management.Automation;
using VteWats.Core.Diagnostics;

namespace VteWats.PowerShell.Abstractions;

/// <summary>Paths as users write them: relative to PowerShell's location, with its drives and its home. To be asked on the pipeline
/// thread.</summary>
internal static class FilePaths
{
    private const string Advice = "Check the drive and the spelling. A path of the file system is needed.";

    /// <summary>The absolute path that is meant letter by letter, whether anything is there or not.</summary>
    /// <exception cref="VteWatsException"><c>FileUnusable</c>: it cannot be a path of the file system.</exception>
    public static string Literal(PSCmdlet cmdlet, string path) => Literal(cmdlet, path, ErrorKind.FileUnusable);

    /// <summary>The files and folders that a path with wildcards names, or the one that it names letter by letter. It may be a pattern that
    /// matches nothing.</summary>
    /// <exception cref="VteWatsException"><c>PathNotFound</c>: there is no such file or folder.</exception>
    public static IReadOnlyList<string> Matching(PSCmdlet cmdlet, string path)
    {
        try
        {
            var found = cmdlet.GetResolvedProviderPathFromPSPath(path, out var provider);
            if (!IsOfFiles(provider)) throw Elsewhere(path, provider, ErrorKind.PathNotFound);
            if (found.Count > 0) return found;
        }
        catch (ItemNotFoundException)
        {
            // Nothing there, or a folder with a bracket in its name.
            return [Existing(cmdlet, path)];
        }
        catch (Exception e) when (IsOfThePath(e))
        {
            throw Unusable(path, e, ErrorKind.PathNotFound);
        }
        var matchesNothing = WildcardPattern.ContainsWildcardCharacters(path) && !Exists(Literal(cmdlet, path, ErrorKind.PathNotFound));
        return matchesNothing ? [] : [Existing(cmdlet, path)];
    }

    /// <summary>The file or folder that is meant letter by letter.</summary>
    /// <exception cref="VteWatsException"><c>PathNotFound</c>: there is none.</exception>
    public static string Existing(PSCmdlet cmdlet, string path)
    {
        var literal = Literal(cmdlet, path, ErrorKind.PathNotFound);
        return Exists(literal) ? literal : throw new VteWatsException(
            ErrorKind.PathNotFound, $"There is no file or folder {path}.", Advice, path);
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    private static string Literal(PSCmdlet cmdlet, string path, ErrorKind kind)
    {
        try
        {
            var full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            return IsOfFiles(provider) ? Path.GetFullPath(full) : throw Elsewhere(path, provider, kind);
        }
        catch (Exception e) when (IsOfThePath(e))
        {
            throw Unusable(path, e, kind);
        }
    }

    private static bool IsOfFiles(ProviderInfo provider) => provider.Name == "FileSystem";

    // What the engine throws about a path bears an error record; and .NET does not take every character.
    private static bool IsOfThePath(Exception e) => e is IContainsErrorRecord and not PipelineStoppedException or ArgumentException;

    private static VteWatsException Unusable(string path, Exception e, ErrorKind kind) =>
        new(kind, $"The path '{path}' cannot be used: {e.Message}", Advice, path, e);

    private static VteWatsException Elsewhere(string path, ProviderInfo provider, ErrorKind kind) =>
        new(kind, $"The path '{path}' is not one of the file system but of {provider.Name}.", Advice, path);
}
