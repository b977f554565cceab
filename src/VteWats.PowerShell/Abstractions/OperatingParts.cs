using VteWats.Core.Configuration;
using VteWats.Core.Operating;

namespace VteWats.PowerShell.Abstractions;

/// <summary>What watching over syncs takes from the configuration.</summary>
internal static class OperatingParts
{
    public static HealthMeasure Measure(VteWatsConfiguration? configuration, string stateFolder) => new HealthMeasure
    {
        Health = configuration?.Health ?? new HealthOptions(),
        Sync = configuration?.Sync ?? new Core.Sync.SyncOptions(),
        TokenExpires = configuration?.Wats?.TokenExpires,
    }.On(stateFolder);
}
