using System.Management.Automation;

namespace VteWats.PowerShell.Abstractions;

/// <summary>Shows the host that something moves, where it wants to know: VteWatsAdapter tells whoever watches over the service.</summary>
internal sealed class HostPulse
{
    /// <summary>The property of the host's private data that VteWatsAdapter listens to. Other hosts have none.</summary>
    private const string OfHost = "Pulse";

    private readonly PSPropertyInfo? _property;
    private readonly object _gate = new();
    private long _count;
    private long _seen;

    public HostPulse(PSCmdlet cmdlet) =>
        _property = cmdlet.Host.PrivateData?.Properties[OfHost] is { IsSettable: true } known ? known : null;

    /// <summary>Something moved.</summary>
    public void Beat()
    {
        if (_property is null) return;
        lock (_gate) _property.Value = ++_count;
    }

    /// <summary>The same, if this number is another one than the last time.</summary>
    public void Beat(long movement)
    {
        if (Interlocked.Exchange(ref _seen, movement) != movement) Beat();
    }
}
