using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Sending;

/// <summary>The failure of a report that WATS refused.</summary>
public static class WatsRejection
{
    public static VteWatsException From(WatsReceipt receipt) => new(
        ErrorKind.WatsRejected,
        $"WATS refused the report of test run {receipt.RunId}: {receipt.Reason} (request {receipt.CorrelationId})",
        "With a state folder the report is in the dead letters: Get-VteDeadLetter shows it. Correct the mapping, then Get-VteDeadLetter "
        + "| Send-VteDeadLetter.",
        receipt.RunId);
}
