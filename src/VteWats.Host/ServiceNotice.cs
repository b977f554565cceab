using Microsoft.Extensions.Hosting.Systemd;

namespace VteWats.Host;

/// <summary>
/// Tells systemd how the service is (<c>Type=notify</c>): ready when the first sync begins, alive whenever one moves, stopping when it was
/// asked to. A service that does not move is not alive, whatever its process does, and systemd starts it anew.
/// </summary>
internal sealed class ServiceNotice
{
    private static readonly ServiceState Alive = new("WATCHDOG=1");
    private readonly SystemdNotifier _systemd = new();
    private int _ready;

    /// <summary>Something moved.</summary>
    public void Pulse()
    {
        if (!_systemd.IsEnabled) return;
        if (Interlocked.Exchange(ref _ready, 1) == 0) _systemd.Notify(ServiceState.Ready);
        _systemd.Notify(Alive);
    }

    /// <summary>It was asked to stop.</summary>
    public void Stopping()
    {
        if (_systemd.IsEnabled) _systemd.Notify(ServiceState.Stopping);
    }
}
