using VteWats.Core.Vte;

namespace VteWats.Core.Wats;

/// <summary>What became of one report that was to be sent. Receipts come in the order of the reports.</summary>
public sealed record WatsReceipt
{
    /// <summary>Id of the test run, which is the id of the report.</summary>
    public required Guid RunId { get; init; }

    public string? SerialNumber { get; init; }
    public string? PartNumber { get; init; }

    /// <summary>The verdict of the report in words: Passed, Failed, Error or Terminated.</summary>
    public string? Result => ResultCode is null ? null : VteResultCodes.NameOfLetter(ResultCode) ?? ResultCode;

    /// <summary>The verdict's letter, as the report has it.</summary>
    public string? ResultCode { get; init; }

    /// <summary>Name of the site; null for a report that came from a file.</summary>
    public string? Site { get; init; }

    /// <summary>Start of the test in the site's local time, with offset.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Uploaded, Skipped (already in WATS) or Failed (it did not get through; it is in the dead letters).</summary>
    public required WatsReceiptState State { get; init; }

    /// <summary>Why it failed: WATS refuses its content, or it alone did not get through. Null when it did not fail.</summary>
    public RejectionStage? Stage { get; init; }

    /// <summary>Why it was skipped, or the findings of WATS in full.</summary>
    public string? Reason { get; init; }

    /// <summary>How often it was posted.</summary>
    public int Attempts { get; init; }

    /// <summary>Id of the request that was answered last, as the log has it; null when none was made.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>From the first attempt to the answer.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Base URL of the WATS server that it went to: a watermark belongs to one server only.</summary>
    public string? Server { get; init; }

    /// <summary>Place of the test run in the read session that brought it; null for a report that came from a file.</summary>
    public ReadMark? Mark { get; init; }
}

public enum WatsReceiptState
{
    Uploaded,
    Skipped,
    Failed,

    /// <summary>Only with <c>-WhatIf</c>: it would be sent.</summary>
    WouldUpload,
}
