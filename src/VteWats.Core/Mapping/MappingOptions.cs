using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VteWats.Core.Mapping;

/// <summary>
/// How a site's test runs become reports. Data, not code: every value has a default and can be set in the configuration.
/// Templates may name <c>{Product.Name}</c>, <c>{Product.Type}</c>, <c>{Product.Version}</c>, <c>{Testplan.Name}</c>,
/// <c>{Testplan.Variant}</c>, <c>{Testplan.Revision}</c>, <c>{Station.Name}</c>, <c>{Station.Hostname}</c>,
/// <c>{Station.Location}</c>, <c>{Site}</c>, <c>{Info1}</c> to <c>{Info3}</c>, <c>{Unit.BatchNumber}</c>, <c>{Operator}</c>,
/// <c>{ExitCode}</c>; an absent value is empty.
/// </summary>
public sealed record MappingOptions
{
    /// <summary>What the source's timestamps are.</summary>
    internal const string Start = "start", End = "end";

    /// <summary>What stands for a verdict that is NULL.</summary>
    internal const string Refuse = "refuse", ByLimits = "limits", ByColumn = "column";

    /// <summary>What nested sequences are made of.</summary>
    internal const string OfStepNumber = "stepNumber", OfTestNumber = "testNumber";

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

    /// <summary>Template of the purpose; when it comes out empty, <c>Production</c>.</summary>
    public string Purpose { get; init; } = "Production";

    public string MissingOperator { get; init; } = "Unknown";

    /// <summary>Verdict of a run (<c>P</c>, <c>F</c>, <c>E</c>, <c>T</c>) by <c>IndexData.Result</c>.</summary>
    public IReadOnlyDictionary<int, string> ResultCodes { get; init; } =
        new Dictionary<int, string> { [0] = "F", [1] = "P", [2] = "E", [3] = "T" };

    /// <summary>Verdict of a step (<c>P</c>, <c>F</c>, <c>D</c> not judged, <c>S</c>, <c>E</c>, <c>T</c>) by
    /// <c>TestResultType</c>.</summary>
    public IReadOnlyDictionary<int, string> StepResultCodes { get; init; } =
        new Dictionary<int, string> { [0] = "F", [1] = "P", [2] = "D" };

    /// <summary>Verdict of a run whose <c>Result</c> is NULL: <c>refuse</c>, <c>E</c>, <c>T</c>, or <c>limits</c>: failed where a step
    /// failed, passed where steps were judged and none did. WATS takes no report that was not judged.</summary>
    public string MissingResult { get; init; } = Refuse;

    /// <summary>Verdict of a step whose <c>TestResultType</c> is NULL: <c>refuse</c>, <c>D</c> (not judged), or <c>limits</c>: judged by
    /// its limits, and not judged where it has none.</summary>
    public string MissingStepResult { get; init; } = Refuse;

    /// <summary>Where the verdict of a step comes from: <c>column</c>, or <c>limits</c> where the column holds no verdict.</summary>
    public string StepVerdict { get; init; } = ByColumn;

    /// <summary>Share of judged measurements whose verdict may contradict their limits before the first sync of a site stops: the codes
    /// mean something else then. 1 for never.</summary>
    public double VerdictAgainstLimitsShare { get; init; } = 0.05;

    /// <summary>Numbers that stand for "no value": a value or limit within relative 1e-9 of one is not sent as a number.</summary>
    public IReadOnlyList<double> Sentinels { get; init; } =
    [
        9.91e37, 9.9e37, -9.9e37, 1e38, -1e38, float.MaxValue, float.MinValue, double.MaxValue, double.MinValue,
    ];

    /// <summary>Bytes of binary step data that are sent as attachment; what is larger goes as size and hash. 0 to 102400.</summary>
    public int AttachmentLimitBytes { get; init; } = 100 * 1024;

    /// <summary>Bytes that a report may have, about. Over it, the largest data become size and hash.</summary>
    public int ReportBudgetBytes { get; init; } = 20_000_000;

    /// <summary>Template of the fixture.</summary>
    public string? FixtureId { get; init; }

    /// <summary>Template of the test socket: it has to come out as a whole number from -1 to 32767.</summary>
    public string? TestSocketIndex { get; init; }

    /// <summary>Template of the comment.</summary>
    public string? Comment { get; init; }

    /// <summary>Template of the error code: it has to come out as a whole number.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Template of the error message where <see cref="ErrorMessages"/> has none for the code.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Error message by error code.</summary>
    public IReadOnlyDictionary<int, string> ErrorMessages { get; init; } = new Dictionary<int, string>();

    /// <summary>Rules that put steps into the set-up or clean-up group; the first that matches wins.</summary>
    public IReadOnlyList<StepGroupRule> StepGroups { get; init; } = [];

    /// <summary>How steps are put into nested sequences.</summary>
    public SequenceRule Sequences { get; init; } = new();

    /// <summary>Rules that make charts of texts; the first that matches wins.</summary>
    public IReadOnlyList<ChartRule> Charts { get; init; } = [];

    /// <summary>Send components of the test system as assets. WATS refuses assets that its asset manager does not know.</summary>
    public bool ComponentsAsAssets { get; init; }

    /// <summary>Further misc infos: template by description.</summary>
    public IReadOnlyDictionary<string, string> MiscInfos { get; init; } = new Dictionary<string, string>();

    /// <summary>The operations that runs may map to.</summary>
    internal HashSet<int> ProcessCodes()
    {
        var codes = Operations.Select(rule => rule.ProcessCode).ToHashSet();
        if (DefaultProcessCode is { } standard) codes.Add(standard);
        return codes;
    }

    /// <summary><see cref="Fingerprint"/> as it stands in reports: 16 hexadecimal digits.</summary>
    public string FingerprintText() => Fingerprint().ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The mapping as text; <see cref="FromText"/> makes it of that again.</summary>
    public string ToText() => JsonSerializer.Serialize(this, MappingJson.Default.MappingOptions);

    /// <exception cref="JsonException">The text is not one of <see cref="ToText"/>.</exception>
    internal static MappingOptions FromText(string text) =>
        JsonSerializer.Deserialize(text, MappingJson.Default.MappingOptions) ?? throw new JsonException("The text is null.");

    /// <summary>A number that tells this mapping from others: runs that were sent under another one can be found by it. Never 0.</summary>
    public long Fingerprint()
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(this, MappingJson.Default.MappingOptions);
        return BitConverter.ToInt64(SHA256.HashData(text)) | 1;
    }
}

[JsonSerializable(typeof(MappingOptions))]
internal sealed partial class MappingJson : JsonSerializerContext;

/// <summary>Chooses an operation by product, test plan, station and site. Absent patterns match everything.</summary>
public sealed record OperationRule
{
    /// <summary>Wildcard (<c>*</c>, <c>?</c>), or a regular expression between slashes. Upper and lower case are alike.</summary>
    public string? Product { get; init; }

    public string? ProductType { get; init; }
    public string? Testplan { get; init; }
    public string? Variant { get; init; }

    /// <summary>Revision of the test plan.</summary>
    public string? Revision { get; init; }

    /// <summary>Name or host name of the station.</summary>
    public string? Station { get; init; }

    /// <summary><c>IndexData.Site</c>.</summary>
    public string? Site { get; init; }

    /// <summary>Operation code in WATS, 0 to 32766.</summary>
    public int ProcessCode { get; init; }
}

/// <summary>Puts steps into a group by their name or <c>TestNumber</c>. Absent patterns match everything.</summary>
public sealed record StepGroupRule
{
    public string? Name { get; init; }
    public string? Number { get; init; }

    /// <summary><c>S</c> set-up, <c>M</c> main, <c>C</c> clean-up.</summary>
    public string Group { get; init; } = "M";
}

/// <summary>Nests steps: each group that the pattern captures is the name of a sequence, the first the outermost.</summary>
public sealed record SequenceRule
{
    /// <summary>What the pattern is matched with: <c>stepNumber</c> or <c>testNumber</c>.</summary>
    public string Of { get; init; } = MappingOptions.OfTestNumber;

    /// <summary>Regular expression between slashes, with one to five groups. A group with a name puts it before the text:
    /// <c>(?&lt;Module&gt;[0-9]+)</c> gives <c>Module 3</c>. A step that does not match stays where it is; null nests nothing.</summary>
    public string? Pattern { get; init; }
}

/// <summary>Makes a chart of the text of a row: pairs <c>x;y</c>, one a line or parted by blanks or bars.</summary>
public sealed record ChartRule
{
    /// <summary>Pattern of the step's name.</summary>
    public string? Name { get; init; }

    /// <summary><c>Line</c>, <c>LineLogXY</c>, <c>LineLogX</c> or <c>LineLogY</c>.</summary>
    public string ChartType { get; init; } = "Line";

    public string XLabel { get; init; } = "x";
    public string? XUnit { get; init; }
    public string YLabel { get; init; } = "y";

    /// <summary>The row's own unit when null.</summary>
    public string? YUnit { get; init; }
}
