using System.Globalization;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Sending;

/// <summary>Counts what WATS refuses: when it refuses nearly everything, the mapping is wrong, and not the runs.</summary>
internal sealed class RejectionCount(SendOptions options)
{
    private const int FewestForShare = 20;
    private readonly object _gate = new();
    private int _refused;
    private int _judged;

    public void Accepted()
    {
        lock (_gate) _judged++;
    }

    /// <summary>The failure that stops the pipeline; null while there are few enough.</summary>
    public VteWatsException? Refused()
    {
        lock (_gate)
        {
            _refused++;
            _judged++;
            var share = (double)_refused / _judged;
            var many = options.MassRejectionCount > 0 && _refused >= options.MassRejectionCount;
            var most = options.MassRejectionShare > 0 && _judged >= FewestForShare && share >= options.MassRejectionShare;
            return many || most
                ? new VteWatsException(
                    ErrorKind.MassRejection,
                    string.Create(CultureInfo.InvariantCulture,
                    $"WATS refused {_refused} of {_judged} reports: the mapping does not fit, rather than the runs."),
                    "Get-VteDeadLetter -Count shows what WATS says. Correct the mapping in the configuration, then Get-VteDeadLetter | "
                    + "Send-VteDeadLetter, and start again.")
                : null;
        }
    }
}
