namespace VteWats.Host;

/// <summary>What the module's cmdlets find as the host's private data.</summary>
public sealed class HostData
{
    private int _syncExitCode;
    private long _pulse;

    /// <summary>Told of each pulse.</summary>
    internal Action? OnPulse { get; set; }

    /// <summary>Set by a service whenever something moves: whoever watches over it sees that it is alive.</summary>
    public long Pulse
    {
        get => _pulse;
        set
        {
            _pulse = value;
            OnPulse?.Invoke();
        }
    }

    /// <summary>Exit code of the syncs that the script ran; of several, the highest. 0 where all went well, or none ran.</summary>
    public int SyncExitCode
    {
        get => _syncExitCode;
        set => _syncExitCode = Math.Max(_syncExitCode, value);
    }
}
