using VteWats.Core.Diagnostics;
using VteWats.Core.Wats.Files;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>A cmdlet that reads report files.</summary>
public abstract class ReportFileCommand : VteAsyncCommand
{
    /// <summary>Does the same for each file that the paths name. A path that names none is a non-terminating error, and so is a failure of
    /// one file.</summary>
    private protected async Task EachFileAsync(IPipelineWriter output, IEnumerable<string> paths, bool literal, Func<string, Task> work,
        CancellationToken ct)
    {
        foreach (var path in paths)
        {
            IReadOnlyList<string> files = [];
            await AttemptAsync(output, async () => files = await output.OnPipelineThreadAsync<IReadOnlyList<string>>(
                () => [.. (literal ? [FilePaths.Existing(this, path)] : FilePaths.Matching(this, path)).SelectMany(Files)])
                .ConfigureAwait(false)).ConfigureAwait(false);
            foreach (var file in files)
            {
                ct.ThrowIfCancellationRequested();
                await AttemptAsync(output, () => work(file)).ConfigureAwait(false);
            }
        }
    }

    // A folder stands for the reports in it.
    private static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path)) return [path];
        try
        {
            return Directory.GetFiles(path, "*" + ReportFiles.WsjfExtension).Order(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(
                ErrorKind.PathNotFound, $"The folder {path} cannot be read: {e.Message}", "Check the rights on the folder.", path, e);
        }
    }
}
