using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Sending;

/// <summary>Why a report is put away instead of being in WATS.</summary>
public sealed record WatsRejection
{
    /// <summary>WATS refuses its content, or it alone does not get through.</summary>
    public required RejectionStage Stage { get; init; }

    /// <summary>HTTP status of the last answer; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>How often it was posted.</summary>
    public required int Attempts { get; init; }

    /// <summary>What WATS, or what stands before it, says in full; one finding a line.</summary>
    public required string Findings { get; init; }

    /// <summary><see cref="Findings"/>, one an entry.</summary>
    public IReadOnlyList<string> Lines() =>
        Findings.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The failure that the receipt of such a report tells of.</summary>
    public static VteWatsException ErrorFrom(WatsReceipt receipt)
    {
        var run = $"test run {receipt.RunId:D}{(receipt.SerialNumber is null ? "" : $" (serial number {receipt.SerialNumber})")}";
        return receipt.Stage == RejectionStage.Suspect
            ? new VteWatsException(
                ErrorKind.WatsReportSuspect,
                $"The report of {run} does not get through to WATS: {receipt.Reason} (request {receipt.CorrelationId})",
                "With a state folder the report is in the dead letters, stage Suspect, with the answer. Ask whoever runs the WATS server, "
                + "or what stands before it, why it is not let through; then Get-VteDeadLetter -Stage Suspect | Send-VteDeadLetter.",
                receipt.RunId)
            : new VteWatsException(
                ErrorKind.WatsRejected, $"WATS refused the report of {run}: {receipt.Reason} (request {receipt.CorrelationId})",
                "With a state folder the report is in the dead letters: Get-VteDeadLetter shows it. Correct the mapping, then "
                + "Get-VteDeadLetter | Send-VteDeadLetter.", receipt.RunId);
    }
}
