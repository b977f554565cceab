using System.Management.Automation;

namespace VteWats.PowerShell.Pipeline;

/// <summary>
/// Writes to the pipeline from any thread. Each write completes when the pipeline has taken it, so a slow consumer slows the producer.
/// </summary>
public interface IPipelineWriter
{
    Task WriteObjectAsync(object value);
    Task WriteErrorAsync(ErrorRecord record);
    Task WriteWarningAsync(string message);
    Task WriteVerboseAsync(string message);
    Task WriteDebugAsync(string message);
    Task WriteProgressAsync(ProgressRecord progress);

    /// <summary>Runs <paramref name="action"/> on the pipeline thread: for <c>ShouldProcess</c> and everything else that only it may
    /// do. Its failure is thrown to whoever awaits it.</summary>
    Task<T> OnPipelineThreadAsync<T>(Func<T> action);
}
