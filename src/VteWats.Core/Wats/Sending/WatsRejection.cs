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
    public static VteWatsException ErrorFrom(WatsReceipt receipt) => new(
        ErrorKind.WatsRejected,
        $"WATS refused the report of test run {receipt.RunId}: {receipt.Reason} (request {receipt.CorrelationId})",
        "With a state folder the report is in the dead letters: Get-VteDeadLetter shows it. Correct the mapping, then Get-VteDeadLetter "
        + "| Send-VteDeadLetter.",
        receipt.RunId);
}
