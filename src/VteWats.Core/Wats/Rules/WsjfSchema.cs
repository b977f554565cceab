using VteWats.Core.Diagnostics;
using static VteWats.Core.Wats.Rules.WsjfKind;

namespace VteWats.Core.Wats.Rules;

/// <summary>The WSJF test report as data: every property that is known, with its kind, length and values.</summary>
internal static class WsjfSchema
{
    private static readonly string[] StepStatuses = ["P", "F", "D", "S", "E", "T"];
    private static readonly string[] MeasurementStatuses = ["P", "F", "S"];

    public static readonly WsjfProperty DataProps = new("props", List);
    public static readonly WsjfProperty AdditionalProps = new("props", List);
    public static readonly WsjfProperty AdditionalArray = new("array", WsjfKind.Object);
    public static readonly WsjfProperty ArrayIndexes = new("indexes", List) { RequiredAs = FindingSeverity.Error };
    public static readonly WsjfProperty IndexValue = new("value", WsjfKind.Object);

    public static readonly WsjfObject AdditionalData = new("AdditionalData", Name(WsjfLimits.AdditionalDataName), DataProps);

    public static readonly WsjfObject AdditionalProperty = new(
        "AdditionalProperty", Required("name"), Required("type"), new WsjfProperty("flags", Integer), Optional("value"),
        Optional("comment"), Optional("numFormat"),
        AdditionalProps, AdditionalArray);

    public static readonly WsjfObject AdditionalArrayShape =
        new("AdditionalArray", new WsjfProperty("dimension", Integer) { RequiredAs = FindingSeverity.Error }, Required("type"),
        ArrayIndexes);

    public static readonly WsjfObject AdditionalIndex =
        new("AdditionalIndex", Optional("text"), new WsjfProperty("indexes", List), IndexValue);

    public static readonly WsjfProperty MiscText = Optional("text", WsjfLimits.MiscInfoText);
    public static readonly WsjfProperty MiscNumeric = new("numeric", Integer);

    public static readonly WsjfObject MiscInfo = new(
        "MiscInfo", Name(WsjfLimits.MiscInfoDescription, "description"), MiscText, MiscNumeric, Optional("numericFormat"),
        Optional("typedef", WsjfLimits.TypeDefinition), Optional("id"));

    public static readonly WsjfObject SubUnit = new(
        "SubUnit", Name(WsjfLimits.PartType, "partType"), Searched("pn", WsjfLimits.PartNumber), Searched("sn", WsjfLimits.SerialNumber),
        Name(WsjfLimits.Revision, "rev") with { RequiredAs = FindingSeverity.Warning });

    public static readonly WsjfObject Asset = new(
        "Asset", Searched("assetSN", WsjfLimits.AssetSn),
        new WsjfProperty("usageCount", Integer) { Min = 1, Max = WsjfLimits.UsageCountMax }, Optional("usageCountFormat"));

    public static readonly WsjfObject Uut = new(
        "Uut", Name(WsjfLimits.User, "user"), new WsjfProperty("execTime", Number) { Min = 0 }, Optional("execTimeFormat"),
        Optional("comment", WsjfLimits.Comment),
        new WsjfProperty("errorCode", Integer), Optional("errorCodeFormat"),
        Optional("errorMessage", WsjfLimits.ErrorMessage) with { TooLongAs = FindingSeverity.Warning },
        Optional("batchSN", WsjfLimits.BatchSn) with { IsLabel = true },
        Optional("fixtureId", WsjfLimits.FixtureId) with { IsLabel = true },
        new WsjfProperty("testSocketIndex", Integer) { Min = -1, Max = WsjfLimits.TestSocketIndexMax }, Optional("testSocketIndexFormat"),
        new WsjfProperty("batchFailCount", Integer), Optional("batchFailCountFormat"), new WsjfProperty("batchLoopIndex", Integer),
        Optional("batchLoopIndexFormat"),
        new WsjfProperty("stepIdCausedUUTFailure", OutputOnly), new WsjfProperty("refUURs", OutputOnly),
        new WsjfProperty("referencedByUURs", OutputOnly));

    public static readonly WsjfProperty Type = Required("type") with { Values = ["T", "R"] };
    public static readonly WsjfProperty Result = Required("result") with { Values = ["P", "F", "E", "T"] };
    public static readonly WsjfProperty Start = new("start", WsjfKind.Time) { RequiredAs = FindingSeverity.Error };
    public static readonly WsjfProperty StartUtc = new("startUTC", WsjfKind.Time) { RequiredAs = FindingSeverity.Warning };
    public static readonly WsjfProperty HeaderUut = new("uut", WsjfKind.Object) { RequiredAs = FindingSeverity.Error, TestOnly = true };
    public static readonly WsjfProperty MiscInfos = new("miscInfos", List);
    public static readonly WsjfProperty SubUnits = new("subUnits", List);
    public static readonly WsjfProperty Assets = new("assets", List);
    public static readonly WsjfProperty HeaderAdditional = new("additionalData", List);
    public static readonly WsjfProperty BinaryData = new("binaryData", List);
    public static readonly WsjfProperty Root = new("root", WsjfKind.Object) { RequiredAs = FindingSeverity.Error, TestOnly = true };

    public static readonly WsjfObject Header = new(
        "Header", Type, new WsjfProperty("id", Id) { RequiredAs = FindingSeverity.Error }, Searched("pn", WsjfLimits.PartNumber),
        Searched("sn", WsjfLimits.SerialNumber),
        Name(WsjfLimits.Revision, "rev"),
        new WsjfProperty("processCode", Integer) { RequiredAs = FindingSeverity.Error, Min = 0, Max = WsjfLimits.ProcessCodeMax }, Result,
        Searched("machineName", WsjfLimits.MachineName), Name(WsjfLimits.Location, "location"), Name(WsjfLimits.Purpose, "purpose"), Start,
        StartUtc,
        HeaderUut, MiscInfos, SubUnits, Assets, Root,
        Optional("processName"), Optional("processCodeFormat"), HeaderAdditional, BinaryData, new WsjfProperty("uur", WsjfKind.Object),
        new WsjfProperty("assetStats", OutputOnly), new WsjfProperty("origin", OutputOnly), new WsjfProperty("productName", OutputOnly));

    public static readonly WsjfObject SeqCall = new(
        "SeqCall", Required("path", WsjfLimits.SeqCallPath), Name(WsjfLimits.SeqCallName), Name(WsjfLimits.SeqCallVersion, "version"));

    public static readonly WsjfProperty NumericOp = Required("compOp") with
    {
        Values = ["LOG", "EQ", "NE", "GT", "GE", "LT", "LE", "GTLT", "GTLE", "GELT", "GELE", "LTGT", "LTGE", "LEGT", "LEGE"],
    };

    public static readonly WsjfProperty NumericName = Optional("name", WsjfLimits.MeasureName) with { IsLabel = true };
    public static readonly WsjfProperty NumericStatus = Required("status") with { Values = MeasurementStatuses };
    public static readonly WsjfProperty LowLimit = new("lowLimit", Number);
    public static readonly WsjfProperty HighLimit = new("highLimit", Number);

    public static readonly WsjfObject NumericMeas = new(
        "NumericMeas", NumericOp, NumericName, NumericStatus,
        // Exports have measurements without one.
        Optional("unit", WsjfLimits.Unit) with { RequiredAs = FindingSeverity.Warning },
        new WsjfProperty("value", Number) { RequiredAs = FindingSeverity.Error },
        LowLimit, HighLimit, Optional("valueFormat"), Optional("lowLimitFormat"), Optional("highLimitFormat"));

    public static readonly WsjfProperty StringOp =
        Required("compOp") with { Values = ["LOG", "EQ", "NE", "CASESENSIT", "IGNORECASE"], AnyCase = true };
    public static readonly WsjfProperty StringName = Optional("name", WsjfLimits.MeasureName) with { IsLabel = true };
    public static readonly WsjfProperty StringStatus = Required("status") with { Values = MeasurementStatuses };
    public static readonly WsjfProperty StringLimit = Optional("limit", WsjfLimits.StringValue);

    // An empty text is a value that was read; only an absent one is missing.
    public static readonly WsjfProperty StringValue = Optional("value", WsjfLimits.StringValue);

    public static readonly WsjfObject StringMeas = new("StringMeas", StringOp, StringName, StringStatus, StringValue, StringLimit);

    public static readonly WsjfProperty BooleanName = Optional("name", WsjfLimits.MeasureName) with { IsLabel = true };
    public static readonly WsjfProperty BooleanStatus = Required("status") with { Values = MeasurementStatuses };
    public static readonly WsjfObject BooleanMeas = new("BooleanMeas", BooleanName, BooleanStatus);

    public static readonly WsjfObject CallExe =
        new("CallExe", new WsjfProperty("exitCode", Integer) { RequiredAs = FindingSeverity.Error, TakesFraction = true },
        Optional("exitCodeFormat"));

    public static readonly WsjfObject MessagePopup = new(
        "MessagePopup", Required("response", WsjfLimits.PopupResponse),
        new WsjfProperty("button", Integer) { RequiredAs = FindingSeverity.Error }, Optional("buttonFormat"));

    public static readonly WsjfProperty AttachmentData = new("data", Base64) { RequiredAs = FindingSeverity.Error };

    public static readonly WsjfObject Attachment = new(
        "Attachment", Name(WsjfLimits.AttachmentName), Optional("contentType", WsjfLimits.AttachmentContentType), AttachmentData);

    public static readonly WsjfProperty XData = Required("xdata");
    public static readonly WsjfProperty YData = Required("ydata");

    public static readonly WsjfObject Series = new(
        "Series", Required("dataType") with { Values = ["XYG"] }, Name(WsjfLimits.SeriesName), XData, YData);

    public static readonly WsjfProperty ChartSeries = new("series", List);

    public static readonly WsjfObject Chart = new(
        "Chart", Required("chartType") with { Values = ["Line", "LineLogXY", "LineLogX", "LineLogY"] },
        Required("label", WsjfLimits.ChartLabel),
        Required("xLabel", WsjfLimits.ChartAxisLabel), Required("yLabel", WsjfLimits.ChartAxisLabel),
        Optional("xUnit", WsjfLimits.ChartUnit), Optional("yUnit", WsjfLimits.ChartUnit),
        ChartSeries);

    public static readonly WsjfProperty LoopIndex = new("idx", Integer) { Min = 0 };
    public static readonly WsjfProperty LoopNum = new("num", Integer) { Min = 0 };
    public static readonly WsjfProperty LoopEnding = new("endingIndex", Integer) { Min = 0 };
    public static readonly WsjfProperty LoopPassed = new("passed", Integer) { Min = 0 };
    public static readonly WsjfProperty LoopFailed = new("failed", Integer) { Min = 0 };
    public static readonly WsjfObject Loop = new("Loop", LoopIndex, LoopNum, LoopEnding, LoopPassed, LoopFailed);

    public static readonly WsjfProperty StepId = new("id", Integer);
    public static readonly WsjfProperty StepType = Required("stepType");
    public static readonly WsjfProperty StepName = Name(WsjfLimits.StepName);
    public static readonly WsjfProperty StepStatus = Required("status") with { Values = StepStatuses };
    public static readonly WsjfProperty StepSeqCall = new("seqCall", WsjfKind.Object);
    public static readonly WsjfProperty StepSteps = new("steps", List);
    public static readonly WsjfProperty StepNumeric = new("numericMeas", List);
    public static readonly WsjfProperty StepString = new("stringMeas", List);
    public static readonly WsjfProperty StepBoolean = new("booleanMeas", List);
    public static readonly WsjfProperty StepCallExe = new("callExe", WsjfKind.Object);
    public static readonly WsjfProperty StepPopup = new("messagePopup", WsjfKind.Object);
    public static readonly WsjfProperty StepChart = new("chart", WsjfKind.Object);
    public static readonly WsjfProperty StepAttachment = new("attachment", WsjfKind.Object);
    public static readonly WsjfProperty StepLoop = new("loop", WsjfKind.Object);
    public static readonly WsjfProperty StepAdditional = new("additionalResults", List);

    public static readonly WsjfObject Step = new(
        "Step", StepId, Required("group") with { Values = ["S", "M", "C"] }, StepType, StepName, StepStatus,
        new WsjfProperty("totTime", Number) { Min = 0 },
        new WsjfProperty("errorCode", Integer), Optional("errorMessage", WsjfLimits.ErrorMessage),
        Optional("reportText", WsjfLimits.ReportText) with { TooLongAs = FindingSeverity.Warning },
        new WsjfProperty("causedSeqFailure", Flag), StepSeqCall, StepSteps, StepNumeric, StepString, StepBoolean, StepAttachment,
        StepChart, StepCallExe, StepPopup, StepLoop, StepAdditional,
        new WsjfProperty("start", WsjfKind.Time), Optional("tsGuid", WsjfLimits.TsGuid), new WsjfProperty("causedUUTFailure", Flag),
        new WsjfProperty("interactiveExeNum", Integer),
        Optional("totTimeFormat"), Optional("errorCodeFormat"), Optional("interactiveExeNumFormat"));

    public static readonly IReadOnlyList<WsjfObject> All =
    [
        Header, Uut, MiscInfo, SubUnit, Asset, Step, SeqCall, NumericMeas, StringMeas, BooleanMeas, CallExe, MessagePopup, Loop, Chart,
        Series, Attachment,
        AdditionalData, AdditionalProperty, AdditionalArrayShape, AdditionalIndex,
    ];

    private static WsjfProperty Optional(string name, int max = 0) => new(name, Text) { MaxLength = max };
    private static WsjfProperty Required(string name, int max = 0) => Optional(name, max) with { RequiredAs = FindingSeverity.Error };
    private static WsjfProperty Name(int max, string name = "name") => Required(name, max) with { IsLabel = true };
    private static WsjfProperty Searched(string name, int max) => Name(max, name) with { IsSearched = true };
}
