namespace VteWats.Host;

/// <summary>What the module's cmdlets find as the host's private data.</summary>
public sealed class HostData
{
    private int _syncExitCode;

    /// <summary>Exit code of the syncs that the script ran; of several, the highest. 0 where all went well, or none ran.</summary>
    public int SyncExitCode
    {
        get => _syncExitCode;
        set => _syncExitCode = Math.Max(_syncExitCode, value);
    }
}
