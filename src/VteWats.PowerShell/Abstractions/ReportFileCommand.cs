using System.Management.Automation;
using VteWats.Core.Wats.Files;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>A cmdlet that reads report files.</summary>
public abstract class ReportFileCommand : VteAsyncCommand
{
    /// <summary>Full paths of the files that a path with wildcards names; a path that names none is a non-terminating error.</summary>
    private protected async Task<IReadOnlyList<string>> ResolveAsync(IPipelineWriter output, string path)
    {
        try
        {
            return await output.OnPipelineThreadAsync<IReadOnlyList<string>>(() => [.. GetResolvedProviderPathFromPSPath(path, out _)
                .SelectMany(Files)]).ConfigureAwait(false);
        }
        catch (ItemNotFoundException e)
        {
            await output.WriteErrorAsync(Failures.From(e)).ConfigureAwait(false);
            return [];
        }
    }

    // A folder stands for the reports in it.
    private static IEnumerable<string> Files(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*" + ReportFiles.WsjfExtension).Order(StringComparer.Ordinal)
        : [path];
}
