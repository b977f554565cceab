using System.Text.Json.Serialization;
using VteWats.Core.Vte;

namespace VteWats.Core.Wats.Client;

/// <summary>Header of a report as WATS lists it. <see cref="Result"/> is in whole words: Passed, Failed, Error, Terminated.</summary>
public sealed record WatsReportHeader
{
    public Guid Uuid { get; init; }
    public string? SerialNumber { get; init; }
    public string? PartNumber { get; init; }
    public string? Revision { get; init; }

    /// <summary>T for tests, R for repairs.</summary>
    public string? ReportType { get; init; }

    public DateTimeOffset? Start { get; init; }
    public string? Result { get; init; }

    /// <summary>The letter of <see cref="Result"/>, as reports have it; null for a word that is not known.</summary>
    [JsonIgnore]
    public string? ResultCode => Result is null ? null : VteResultCodes.LetterOfName(Result);

    public string? BatchNumber { get; init; }
    public string? UserName { get; init; }
    public string? StationName { get; init; }
    public string? Location { get; init; }
    public string? Purpose { get; init; }
    public int? ProcessCode { get; init; }
    public string? ProcessName { get; init; }
    public string? Comment { get; init; }

    /// <summary>Seconds.</summary>
    public double? ExecutionTime { get; init; }

    /// <summary>How often the report came in.</summary>
    public int? ReceiveCount { get; init; }

    /// <summary>Kilobytes.</summary>
    public double? ReportSize { get; init; }

    // For binding by property name.
    [JsonIgnore] public Guid Id => Uuid;
    [JsonIgnore] public Guid RunId => Uuid;
}

/// <summary>An operation type of the server. <see cref="State"/> 1 is active.</summary>
public sealed record WatsProcess
{
    public int Code { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public bool IsTestOperation { get; init; }
    public bool IsRepairOperation { get; init; }
    public bool IsWipOperation { get; init; }
    public int? State { get; init; }

    /// <summary>True for one that test reports may name.</summary>
    internal bool TakesTests => IsTestOperation && State is null or 1;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(List<WatsReportHeader>))]
[JsonSerializable(typeof(List<WatsProcess>))]
internal sealed partial class WatsJsonContext : JsonSerializerContext;
