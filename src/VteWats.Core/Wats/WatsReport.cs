using System.Text.Json;
using System.Text.Json.Serialization;
using VteWats.Core.Vte;

namespace VteWats.Core.Wats;

/// <summary>
/// A WATS test report (UUT) in the words of WSJF, the WATS Standard JSON Format. Immutable; null means absent, and absent
/// properties are not written. Limits of length are in <see cref="WsjfLimits"/>.
/// </summary>
public sealed record WatsReport
{
    /// <summary><c>T</c> for a test report. Repair reports (<c>R</c>) are not made by this module, but they get through.</summary>
    public string? Type { get; init; } = "T";

    /// <summary>Id of the report: the id of the VTE test run. Posting it again overwrites.</summary>
    public Guid? Id { get; init; }

    /// <summary>Part number.</summary>
    public string? Pn { get; init; }

    /// <summary>Serial number.</summary>
    public string? Sn { get; init; }

    /// <summary>Revision; never empty on the wire.</summary>
    public string? Rev { get; init; }

    /// <summary>Code of the test operation.</summary>
    public int? ProcessCode { get; init; }

    /// <summary><c>P</c>, <c>F</c>, <c>E</c> or <c>T</c>; equal to the status of <see cref="Root"/>.</summary>
    [JsonPropertyName("result")]
    public string? ResultCode { get; init; }

    /// <summary>The verdict in words: Passed, Failed, Error or Terminated. Not part of the WSJF text.</summary>
    [JsonIgnore]
    public string? Result => ResultCode is null ? null : VteResultCodes.NameOfLetter(ResultCode) ?? ResultCode;

    /// <summary>Name of the test station.</summary>
    public string? MachineName { get; init; }

    public string? Location { get; init; }
    public string? Purpose { get; init; }

    /// <summary>Start of the test in the site's local time, with offset.</summary>
    [JsonConverter(typeof(WsjfLocalTimeConverter))]
    public DateTimeOffset? Start { get; init; }

    /// <summary>The same instant in UTC.</summary>
    [JsonPropertyName("startUTC"), JsonConverter(typeof(WsjfUtcTimeConverter))]
    public DateTimeOffset? StartUtc { get; init; }

    public WatsUut? Uut { get; init; }
    public IReadOnlyList<WatsMiscInfo>? MiscInfos { get; init; }
    public IReadOnlyList<WatsSubUnit>? SubUnits { get; init; }
    public IReadOnlyList<WatsAsset>? Assets { get; init; }

    /// <summary>Root sequence of the step tree.</summary>
    public WatsStep? Root { get; init; }

    /// <summary>Members that this model does not know, a repair's <c>uur</c> among them. They get through.</summary>
    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>The test run the report was made from; null for a report read from a file or from WATS. Not part of the WSJF
    /// text.</summary>
    [JsonIgnore]
    public VteTestRun? Source { get; init; }

    /// <summary>What was cut, moved or contradicted on the way into the report. Not part of the WSJF text.</summary>
    [JsonIgnore]
    public IReadOnlyList<ReportNote> Notes
    {
        // The generated reader sets every init property, the ignored ones to null.
        get => _notes ?? [];
        init => _notes = value;
    }

    private readonly IReadOnlyList<ReportNote>? _notes;

    // For binding by property name and for people; not part of the WSJF text.
    [JsonIgnore] public string? SerialNumber => Sn;
    [JsonIgnore] public string? PartNumber => Pn;
}

/// <summary>Header data of a test report that a repair report does not have. <c>ExecTime</c> is in seconds.</summary>
public sealed record WatsUut
{
    public string? User { get; init; }
    public double? ExecTime { get; init; }
    public string? Comment { get; init; }
    public int? ErrorCode { get; init; }
    public string? ErrorMessage { get; init; }
    [JsonPropertyName("batchSN")] public string? BatchSn { get; init; }
    public string? FixtureId { get; init; }
    public int? TestSocketIndex { get; init; }

    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement>? Unknown { get; set; }
}

public sealed record WatsMiscInfo
{
    public string? Description { get; init; }
    public string? Text { get; init; }
    public int? Numeric { get; init; }

    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement>? Unknown { get; set; }
}

public sealed record WatsSubUnit
{
    public string? PartType { get; init; }
    public string? Pn { get; init; }
    public string? Sn { get; init; }
    public string? Rev { get; init; }

    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement>? Unknown { get; set; }
}

public sealed record WatsAsset
{
    [JsonPropertyName("assetSN")] public string? AssetSn { get; init; }
    public int? UsageCount { get; init; }

    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Something the mapper changed or found, with the place in the report it is about.</summary>
/// <param name="Rule">Stable name of the kind of note, e.g. <c>Truncated</c>.</param>
/// <param name="Path">Path of the step in the server's form: <c>root -&gt; step NAME</c>.</param>
/// <param name="Message">The note in words.</param>
public sealed record ReportNote(string Rule, string Path, string Message);
