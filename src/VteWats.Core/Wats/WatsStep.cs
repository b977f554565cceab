using System.Text.Json.Serialization;
using VteWats.Core.Vte;

namespace VteWats.Core.Wats;

/// <summary>A step of a report. The payload (sequence call, measurements) decides what it is; <see cref="StepType"/> only picks the
/// icon.</summary>
public sealed record WatsStep
{
    /// <summary>Order number, unique in the report.</summary>
    public int? Id { get; init; }

    /// <summary><c>S</c> set-up, <c>M</c> main, <c>C</c> clean-up.</summary>
    public string? Group { get; init; }

    public string? StepType { get; init; }
    public string? Name { get; init; }

    /// <summary><c>P</c>, <c>F</c>, <c>D</c> done, <c>S</c> skipped, <c>E</c> error, <c>T</c> terminated.</summary>
    public string? Status { get; init; }

    /// <summary>The status in words. Not part of the WSJF text.</summary>
    [JsonIgnore]
    public string? Result => Status is null ? null : VteResultCodes.NameOfLetter(Status) ?? Status;

    /// <summary>Seconds.</summary>
    public double? TotTime { get; init; }

    public int? ErrorCode { get; init; }
    public string? ErrorMessage { get; init; }
    public string? ReportText { get; init; }

    /// <summary>True on the first failing step only.</summary>
    public bool? CausedSeqFailure { get; init; }

    public WatsSeqCall? SeqCall { get; init; }
    public IReadOnlyList<WatsStep>? Steps { get; init; }
    public IReadOnlyList<WatsNumericMeas>? NumericMeas { get; init; }
    public IReadOnlyList<WatsStringMeas>? StringMeas { get; init; }
    public IReadOnlyList<WatsBooleanMeas>? BooleanMeas { get; init; }
    public WatsAttachment? Attachment { get; init; }
}

public sealed record WatsSeqCall
{
    public string? Path { get; init; }
    public string? Name { get; init; }
    public string? Version { get; init; }
}

public sealed record WatsNumericMeas
{
    public string? CompOp { get; init; }
    public string? Name { get; init; }
    public string? Status { get; init; }
    public string? Unit { get; init; }
    public double? Value { get; init; }

    /// <summary>The one limit of a one-sided comparison is always here, also for LT and LE.</summary>
    public double? LowLimit { get; init; }

    public double? HighLimit { get; init; }
}

public sealed record WatsStringMeas
{
    public string? CompOp { get; init; }
    public string? Name { get; init; }
    public string? Status { get; init; }
    public string? Value { get; init; }
    public string? Limit { get; init; }
}

public sealed record WatsBooleanMeas
{
    public string? Name { get; init; }
    public string? Status { get; init; }
}

/// <summary>A file kept with a step; <see cref="Data"/> goes as base64.</summary>
public sealed record WatsAttachment
{
    public string? Name { get; init; }
    public string? ContentType { get; init; }
    public byte[]? Data { get; init; }
}
