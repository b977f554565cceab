using System.Runtime.InteropServices;

namespace VteWats.PowerShell.Abstractions;

/// <summary>Ctrl+C, or the service manager's wish to end: the batch at hand is finished, and the cmdlet ends as if its work were
/// done.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration _signal;

    public StopSignal(CancellationToken ctrlC)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ctrlC);
        _signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            _stop.Cancel();
        });
    }

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _signal.Dispose();
        _stop.Dispose();
    }
}
