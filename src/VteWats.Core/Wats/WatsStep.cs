using System.Text.Json;
using System.Text.Json.Serialization;
using VteWats.Core.Vte;

namespace VteWats.Core.Wats;

/// <summary>A step of a report. The payload (sequence call, measurements) decides what it is; <see cref="StepType"/> only picks the
/// icon.</summary>
public sealed record WatsStep
{
    // A report has hundreds of steps, and most have nothing of this.
    private Rare? _rare;

    // The text, or the row whose number and description are the text: put together when it is asked for.
    private object? _text;

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
    public double? TotTime
    {
        get => _rare?.TotTime;
        init => _rare = value is null && TotTime is null ? _rare : Rarity with { TotTime = value };
    }

    public int? ErrorCode
    {
        get => _rare?.ErrorCode;
        init => _rare = value is null && ErrorCode is null ? _rare : Rarity with { ErrorCode = value };
    }

    public string? ErrorMessage
    {
        get => _rare?.ErrorMessage;
        init => _rare = value is null && ErrorMessage is null ? _rare : Rarity with { ErrorMessage = value };
    }

    /// <summary>What there is to say of the step beside its measurements.</summary>
    // Ignored members need a name of their own too; that of the text as it is written is taken.
    [JsonIgnore, JsonPropertyName("reportText in words")]
    public string? ReportText
    {
        get => _text as string ?? RowText.Of(_text as VteStep);
        init => _text = value;
    }

    /// <summary>The report text as it is written.</summary>
    [JsonInclude, JsonPropertyName("reportText"), JsonConverter(typeof(RowTextConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    internal RowText Text
    {
        get => new(_text);
        set => _text = value.Content;
    }

    /// <summary>True on the first failing step only.</summary>
    public bool? CausedSeqFailure { get; init; }

    public WatsSeqCall? SeqCall
    {
        get => _rare?.SeqCall;
        init => _rare = value is null && SeqCall is null ? _rare : Rarity with { SeqCall = value };
    }

    public IReadOnlyList<WatsStep>? Steps
    {
        get => _rare?.Steps;
        init => _rare = value is null && Steps is null ? _rare : Rarity with { Steps = value };
    }

    public IReadOnlyList<WatsNumericMeas>? NumericMeas { get; init; }

    public IReadOnlyList<WatsStringMeas>? StringMeas
    {
        get => _rare?.StringMeas;
        init => _rare = value is null && StringMeas is null ? _rare : Rarity with { StringMeas = value };
    }

    public IReadOnlyList<WatsBooleanMeas>? BooleanMeas
    {
        get => _rare?.BooleanMeas;
        init => _rare = value is null && BooleanMeas is null ? _rare : Rarity with { BooleanMeas = value };
    }

    /// <summary>Not together with <see cref="Attachment"/>.</summary>
    public WatsChart? Chart
    {
        get => _rare?.Chart;
        init => _rare = value is null && Chart is null ? _rare : Rarity with { Chart = value };
    }

    public WatsAttachment? Attachment
    {
        get => _rare?.Attachment;
        init => _rare = value is null && Attachment is null ? _rare : Rarity with { Attachment = value };
    }

    /// <summary>Members that this model does not know: loops, calls, times. They get through.</summary>
    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement>? Unknown
    {
        get => _rare?.Unknown;
        set => _rare = value is null && Unknown is null ? _rare : Rarity with { Unknown = value };
    }

    private Rare Rarity => _rare ?? Rare.None;

    private sealed record Rare
    {
        public static readonly Rare None = new();

        public double? TotTime { get; init; }
        public int? ErrorCode { get; init; }
        public string? ErrorMessage { get; init; }
        public WatsSeqCall? SeqCall { get; init; }
        public IReadOnlyList<WatsStep>? Steps { get; init; }
        public IReadOnlyList<WatsStringMeas>? StringMeas { get; init; }
        public IReadOnlyList<WatsBooleanMeas>? BooleanMeas { get; init; }
        public WatsChart? Chart { get; init; }
        public WatsAttachment? Attachment { get; init; }
        public Dictionary<string, JsonElement>? Unknown { get; init; }
    }
}
