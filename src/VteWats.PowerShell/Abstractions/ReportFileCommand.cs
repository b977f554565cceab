using System.Management.Automation;
using VteWats.PowerShell.Errors;

namespace VteWats.PowerShell.Abstractions;

/// <summary>A cmdlet that reads report files.</summary>
public abstract class ReportFileCommand : VteAsyncCommand
{
    /// <summary>Full paths of the files that a path with wildcards names; a path that names none is a non-terminating error.</summary>
    private protected async Task<IReadOnlyList<string>> ResolveAsync(IPipelineWriter output, string path)
    {
        try
        {
            return await output.OnPipelineThreadAsync<IReadOnlyList<string>>(() => [.. GetResolvedProviderPathFromPSPath(path, out _).Where(File.Exists)]).ConfigureAwait(false);
        }
        catch (ItemNotFoundException e)
        {
            await output.WriteErrorAsync(Failures.From(e)).ConfigureAwait(false);
            return [];
        }
    }
}
