using static VteWats.Core.Wats.Rules.PropertyKind;

namespace VteWats.Core.Wats.Rules;

/// <summary>The WSJF test report as data: every property that is known, with its kind, length and values.</summary>
internal static class WsjfShapes
{
    private static readonly string[] StepStatuses = ["P", "F", "D", "S", "E", "T"];
    private static readonly string[] MeasurementStatuses = ["P", "F", "S"];

    public static readonly Property DataProps = new("props", List);
    public static readonly Property AdditionalProps = new("props", List);
    public static readonly Property AdditionalArray = new("array", PropertyKind.Object);
    public static readonly Property ArrayIndexes = new("indexes", List) { RequiredAs = ReportFinding.Error };
    public static readonly Property IndexValue = new("value", PropertyKind.Object);

    public static readonly Shape AdditionalData = new("AdditionalData", Name(WsjfLimits.AdditionalDataName), DataProps);

    public static readonly Shape AdditionalProperty = new(
        "AdditionalProperty", Required("name"), Required("type"), new Property("flags", Integer), Optional("value"), Optional("comment"), Optional("numFormat"),
        AdditionalProps, AdditionalArray);

    public static readonly Shape AdditionalArrayShape = new("AdditionalArray", new Property("dimension", Integer) { RequiredAs = ReportFinding.Error }, Required("type"), ArrayIndexes);

    public static readonly Shape AdditionalIndex = new("AdditionalIndex", Optional("text"), new Property("indexes", List), IndexValue);

    public static readonly Property MiscText = Optional("text", WsjfLimits.MiscInfoText);
    public static readonly Property MiscNumeric = new("numeric", Integer);

    public static readonly Shape MiscInfo = new(
        "MiscInfo", Name(WsjfLimits.MiscInfoDescription, "description"), MiscText, MiscNumeric, Optional("numericFormat"), Optional("typedef", WsjfLimits.TypeDefinition), Optional("id"));

    public static readonly Shape SubUnit = new(
        "SubUnit", Name(WsjfLimits.PartType, "partType"), Searched("pn", WsjfLimits.PartNumber), Searched("sn", WsjfLimits.SerialNumber),
        Name(WsjfLimits.Revision, "rev") with { RequiredAs = ReportFinding.Warning });

    public static readonly Shape Asset = new(
        "Asset", Searched("assetSN", WsjfLimits.AssetSn), new Property("usageCount", Integer) { Min = 1, Max = WsjfLimits.UsageCountMax }, Optional("usageCountFormat"));

    public static readonly Shape Uut = new(
        "Uut", Name(WsjfLimits.User, "user"), new Property("execTime", Number) { Min = 0 }, Optional("execTimeFormat"), Optional("comment", WsjfLimits.Comment),
        new Property("errorCode", Integer), Optional("errorCodeFormat"), Optional("errorMessage", WsjfLimits.ErrorMessage) with { TooLongAs = ReportFinding.Warning },
        Optional("batchSN", WsjfLimits.BatchSn) with { IsLabel = true }, Optional("fixtureId", WsjfLimits.FixtureId) with { IsLabel = true },
        new Property("testSocketIndex", Integer) { Min = -1, Max = WsjfLimits.TestSocketIndexMax }, Optional("testSocketIndexFormat"),
        new Property("batchFailCount", Integer), Optional("batchFailCountFormat"), new Property("batchLoopIndex", Integer), Optional("batchLoopIndexFormat"),
        new Property("stepIdCausedUUTFailure", OutputOnly), new Property("refUURs", OutputOnly), new Property("referencedByUURs", OutputOnly));

    public static readonly Property Type = Required("type") with { Values = ["T", "R"] };
    public static readonly Property Result = Required("result") with { Values = ["P", "F", "E", "T"] };
    public static readonly Property Start = new("start", PropertyKind.Time) { RequiredAs = ReportFinding.Error };
    public static readonly Property StartUtc = new("startUTC", PropertyKind.Time) { RequiredAs = ReportFinding.Warning };
    public static readonly Property HeaderUut = new("uut", PropertyKind.Object) { RequiredAs = ReportFinding.Error, TestOnly = true };
    public static readonly Property MiscInfos = new("miscInfos", List);
    public static readonly Property SubUnits = new("subUnits", List);
    public static readonly Property Assets = new("assets", List);
    public static readonly Property HeaderAdditional = new("additionalData", List);
    public static readonly Property BinaryData = new("binaryData", List);
    public static readonly Property Root = new("root", PropertyKind.Object) { RequiredAs = ReportFinding.Error, TestOnly = true };

    public static readonly Shape Header = new(
        "Header", Type, new Property("id", Id) { RequiredAs = ReportFinding.Error }, Searched("pn", WsjfLimits.PartNumber), Searched("sn", WsjfLimits.SerialNumber),
        Name(WsjfLimits.Revision, "rev"), new Property("processCode", Integer) { RequiredAs = ReportFinding.Error, Min = 0, Max = WsjfLimits.ProcessCodeMax }, Result,
        Name(WsjfLimits.MachineName, "machineName"), Name(WsjfLimits.Location, "location"), Name(WsjfLimits.Purpose, "purpose"), Start, StartUtc,
        HeaderUut, MiscInfos, SubUnits, Assets, Root,
        Optional("processName"), Optional("processCodeFormat"), HeaderAdditional, BinaryData, new Property("uur", PropertyKind.Object),
        new Property("assetStats", OutputOnly), new Property("origin", OutputOnly), new Property("productName", OutputOnly));

    public static readonly Shape SeqCall = new(
        "SeqCall", Required("path", WsjfLimits.SeqCallPath), Name(WsjfLimits.SeqCallName), Name(WsjfLimits.SeqCallVersion, "version"));

    public static readonly Property NumericOp = Required("compOp") with
    {
        Values = ["LOG", "EQ", "NE", "GT", "GE", "LT", "LE", "GTLT", "GTLE", "GELT", "GELE", "LTGT", "LTGE", "LEGT", "LEGE"],
    };

    public static readonly Property NumericName = Optional("name", WsjfLimits.MeasureName) with { IsLabel = true };
    public static readonly Property NumericStatus = Required("status") with { Values = MeasurementStatuses };
    public static readonly Property LowLimit = new("lowLimit", Number);
    public static readonly Property HighLimit = new("highLimit", Number);

    public static readonly Shape NumericMeas = new(
        "NumericMeas", NumericOp, NumericName, NumericStatus, Required("unit", WsjfLimits.Unit), new Property("value", Number) { RequiredAs = ReportFinding.Error },
        LowLimit, HighLimit, Optional("valueFormat"), Optional("lowLimitFormat"), Optional("highLimitFormat"));

    public static readonly Property StringOp = Required("compOp") with { Values = ["LOG", "EQ", "NE", "CASESENSIT", "IGNORECASE"], AnyCase = true };
    public static readonly Property StringName = Optional("name", WsjfLimits.MeasureName) with { IsLabel = true };
    public static readonly Property StringStatus = Required("status") with { Values = MeasurementStatuses };
    public static readonly Property StringLimit = Optional("limit", WsjfLimits.StringValue);

    // An empty text is a value that was read; only an absent one is missing.
    public static readonly Property StringValue = Optional("value", WsjfLimits.StringValue);

    public static readonly Shape StringMeas = new("StringMeas", StringOp, StringName, StringStatus, StringValue, StringLimit);

    public static readonly Property BooleanName = Optional("name", WsjfLimits.MeasureName) with { IsLabel = true };
    public static readonly Property BooleanStatus = Required("status") with { Values = MeasurementStatuses };
    public static readonly Shape BooleanMeas = new("BooleanMeas", BooleanName, BooleanStatus);

    public static readonly Shape CallExe = new("CallExe", new Property("exitCode", Integer) { RequiredAs = ReportFinding.Error }, Optional("exitCodeFormat"));

    public static readonly Shape MessagePopup = new(
        "MessagePopup", Required("response", WsjfLimits.PopupResponse), new Property("button", Integer) { RequiredAs = ReportFinding.Error }, Optional("buttonFormat"));

    public static readonly Property AttachmentData = new("data", Base64) { RequiredAs = ReportFinding.Error };

    public static readonly Shape Attachment = new(
        "Attachment", Name(WsjfLimits.AttachmentName), Optional("contentType", WsjfLimits.AttachmentContentType), AttachmentData);

    public static readonly Property XData = Required("xdata");
    public static readonly Property YData = Required("ydata");

    public static readonly Shape Series = new(
        "Series", Required("dataType") with { Values = ["XYG"] }, Name(WsjfLimits.SeriesName), XData, YData);

    public static readonly Property ChartSeries = new("series", List);

    public static readonly Shape Chart = new(
        "Chart", Required("chartType") with { Values = ["Line", "LineLogXY", "LineLogX", "LineLogY"] }, Required("label", WsjfLimits.ChartLabel),
        Required("xLabel", WsjfLimits.ChartAxisLabel), Required("yLabel", WsjfLimits.ChartAxisLabel), Optional("xUnit", WsjfLimits.ChartUnit), Optional("yUnit", WsjfLimits.ChartUnit),
        ChartSeries);

    public static readonly Property LoopIndex = new("idx", Integer) { Min = 0 };
    public static readonly Property LoopNum = new("num", Integer) { Min = 0 };
    public static readonly Property LoopEnding = new("endingIndex", Integer) { Min = 0 };
    public static readonly Property LoopPassed = new("passed", Integer) { Min = 0 };
    public static readonly Property LoopFailed = new("failed", Integer) { Min = 0 };
    public static readonly Shape Loop = new("Loop", LoopIndex, LoopNum, LoopEnding, LoopPassed, LoopFailed);

    public static readonly Property StepId = new("id", Integer);
    public static readonly Property StepType = Required("stepType");
    public static readonly Property StepName = Name(WsjfLimits.StepName);
    public static readonly Property StepStatus = Required("status") with { Values = StepStatuses };
    public static readonly Property StepSeqCall = new("seqCall", PropertyKind.Object);
    public static readonly Property StepSteps = new("steps", List);
    public static readonly Property StepNumeric = new("numericMeas", List);
    public static readonly Property StepString = new("stringMeas", List);
    public static readonly Property StepBoolean = new("booleanMeas", List);
    public static readonly Property StepCallExe = new("callExe", PropertyKind.Object);
    public static readonly Property StepPopup = new("messagePopup", PropertyKind.Object);
    public static readonly Property StepChart = new("chart", PropertyKind.Object);
    public static readonly Property StepAttachment = new("attachment", PropertyKind.Object);
    public static readonly Property StepLoop = new("loop", PropertyKind.Object);
    public static readonly Property StepAdditional = new("additionalResults", List);

    public static readonly Shape Step = new(
        "Step", StepId, Required("group") with { Values = ["S", "M", "C"] }, StepType, StepName, StepStatus, new Property("totTime", Number) { Min = 0 },
        new Property("errorCode", Integer), Optional("errorMessage", WsjfLimits.ErrorMessage), Optional("reportText", WsjfLimits.ReportText) with { TooLongAs = ReportFinding.Warning },
        new Property("causedSeqFailure", Flag), StepSeqCall, StepSteps, StepNumeric, StepString, StepBoolean, StepAttachment, StepChart, StepCallExe, StepPopup, StepLoop, StepAdditional,
        new Property("start", PropertyKind.Time), Optional("tsGuid", WsjfLimits.TsGuid), new Property("causedUUTFailure", Flag), new Property("interactiveExeNum", Integer),
        Optional("totTimeFormat"), Optional("errorCodeFormat"), Optional("interactiveExeNumFormat"));

    public static readonly IReadOnlyList<Shape> All =
    [
        Header, Uut, MiscInfo, SubUnit, Asset, Step, SeqCall, NumericMeas, StringMeas, BooleanMeas, CallExe, MessagePopup, Loop, Chart, Series, Attachment,
        AdditionalData, AdditionalProperty, AdditionalArrayShape, AdditionalIndex,
    ];

    private static Property Optional(string name, int max = 0) => new(name, Text) { MaxLength = max };
    private static Property Required(string name, int max = 0) => Optional(name, max) with { RequiredAs = ReportFinding.Error };
    private static Property Name(int max, string name = "name") => Required(name, max) with { IsLabel = true };
    private static Property Searched(string name, int max) => Name(max, name) with { IsSearched = true };
}
