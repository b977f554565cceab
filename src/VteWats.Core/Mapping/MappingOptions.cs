using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VteWats.Core.Mapping;

/// <summary>
/// How a site's test runs become reports. Data, not code: every value has a default and can be set in the configuration.
/// Templates may name <c>{Product.Name}</c>, <c>{Product.Type}</c>, <c>{Product.Version}</c>, <c>{Testplan.Name}</c>,
/// <c>{Testplan.Variant}</c>, <c>{Testplan.Revision}</c>, <c>{Station.Name}</c>, <c>{Station.Hostname}</c>,
/// <c>{Station.Location}</c>, <c>{Site}</c>, <c>{Info1}</c> to <c>{Info3}</c>, <c>{Unit.BatchNumber}</c>; an absent value is empty.
/// </summary>
public sealed record MappingOptions
{
    /// <summary>What the source's timestamps are.</summary>
    internal const string Start = "start", End = "end";

    /// <summary>Whether <c>Timestamp</c> is the begin (<see cref="Start"/>) or the end (<see cref="End"/>) of a test; with the end, the
    /// report starts earlier by the test time. Said by the site, see <c>SiteOptions.TimestampIs</c>.</summary>
    [JsonInclude]
    internal string TimestampIs { get; init; } = Start;

    public string PartNumber { get; init; } = "{Product.Name}";
    public string Revision { get; init; } = "{Product.Version}";

    /// <summary>Used where a run has no revision; null refuses such a run.</summary>
    public string? MissingRevision { get; init; } = "-";

    /// <summary>Used where a run has no serial number; null (the default) refuses such a run. May be a template, with <c>{Id}</c>
    /// too.</summary>
    public string? MissingSerialNumber { get; init; }

    /// <summary>Rules that choose the test operation; the first that matches wins.</summary>
    public IReadOnlyList<OperationRule> Operations { get; init; } = [];

    /// <summary>Operation code of a run that no rule matches; null refuses such a run.</summary>
    public int? DefaultProcessCode { get; init; }

    /// <summary>Template of the station name; what is missing falls back to the host name, then to <see cref="MissingStation"/>.</summary>
    public string Station { get; init; } = "{Station.Name}";

    public string MissingStation { get; init; } = "Unknown";

    /// <summary>Template of the location; when it comes out empty, the site's name.</summary>
    public string Location { get; init; } = "{Station.Location}";

    public string Purpose { get; init; } = "Production";
    public string MissingOperator { get; init; } = "Unknown";

    /// <summary>Verdict of a run (<c>P</c>, <c>F</c>, <c>E</c>, <c>T</c>) by <c>IndexData.Result</c>.</summary>
    public IReadOnlyDictionary<int, string> ResultCodes { get; init; } =
        new Dictionary<int, string> { [0] = "F", [1] = "P", [2] = "E", [3] = "T" };

    /// <summary>Verdict of a step (<c>P</c>, <c>F</c>, <c>D</c> not judged, <c>S</c>, <c>E</c>, <c>T</c>) by
    /// <c>TestResultType</c>.</summary>
    public IReadOnlyDictionary<int, string> StepResultCodes { get; init; } =
        new Dictionary<int, string> { [0] = "F", [1] = "P", [2] = "D" };

    /// <summary>Numbers that stand for "no value": a measured value within relative 1e-9 of one is not sent as a number.</summary>
    public IReadOnlyList<double> Sentinels { get; init; } = [9.91e37, 9.9e37, -9.9e37, 1e38, -1e38];

    /// <summary>Bytes of binary step data that are sent as attachment; what is larger goes as size and hash. 0 to 102400.</summary>
    public int AttachmentLimitBytes { get; init; } = 100 * 1024;

    /// <summary>Send components of the test system as assets. WATS refuses assets that its asset manager does not know.</summary>
    public bool ComponentsAsAssets { get; init; }

    /// <summary>Further misc infos: template by description.</summary>
    public IReadOnlyDictionary<string, string> MiscInfos { get; init; } = new Dictionary<string, string>();

    /// <summary>A number that tells this mapping from others: runs that were sent under another one can be found by it. Never 0.</summary>
    public long Fingerprint()
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(this, MappingJson.Default.MappingOptions);
        return BitConverter.ToInt64(SHA256.HashData(text)) | 1;
    }
}

[JsonSerializable(typeof(MappingOptions))]
internal sealed partial class MappingJson : JsonSerializerContext;

/// <summary>Chooses an operation by product, test plan and variant. Absent patterns match everything.</summary>
public sealed record OperationRule
{
    /// <summary>Wildcard (<c>*</c>, <c>?</c>), or a regular expression between slashes. Upper and lower case are alike.</summary>
    public string? Product { get; init; }

    public string? Testplan { get; init; }
    public string? Variant { get; init; }

    /// <summary>Operation code in WATS, 0 to 32766.</summary>
    public int ProcessCode { get; init; }
}
