using System.Text.Json;
using System.Text.Json.Serialization;

namespace VteWats.Core.Wats;

/// <summary>A call of a sequence: what makes a step one that has steps.</summary>
public sealed record WatsSeqCall
{
    public string? Path { get; init; }
    public string? Name { get; init; }
    public string? Version { get; init; }

    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A number that was measured, with its limits.</summary>
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

    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A text that was measured.</summary>
public sealed record WatsStringMeas
{
    public string? CompOp { get; init; }
    public string? Name { get; init; }
    public string? Status { get; init; }
    public string? Value { get; init; }
    public string? Limit { get; init; }

    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A verdict without a value.</summary>
public sealed record WatsBooleanMeas
{
    public string? Name { get; init; }
    public string? Status { get; init; }

    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A curve kept with a step.</summary>
public sealed record WatsChart
{
    /// <summary><c>Line</c>, <c>LineLogXY</c>, <c>LineLogX</c> or <c>LineLogY</c>.</summary>
    public string? ChartType { get; init; }

    public string? Label { get; init; }
    public string? XLabel { get; init; }
    public string? XUnit { get; init; }
    public string? YLabel { get; init; }
    public string? YUnit { get; init; }
    public IReadOnlyList<WatsChartSeries>? Series { get; init; }

    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The points of a chart: numbers parted by semicolons, equally many in both.</summary>
public sealed record WatsChartSeries
{
    /// <summary><c>XYG</c>.</summary>
    public string? DataType { get; init; }

    public string? Name { get; init; }
    [JsonPropertyName("xdata")] public string? XData { get; init; }
    [JsonPropertyName("ydata")] public string? YData { get; init; }

    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A file kept with a step; <see cref="Data"/> goes as base64.</summary>
public sealed record WatsAttachment
{
    public string? Name { get; init; }
    public string? ContentType { get; init; }
    public byte[]? Data { get; init; }

    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement>? Unknown { get; set; }
}
