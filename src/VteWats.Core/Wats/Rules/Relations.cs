using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Rules;

/// <summary>The rules that no single property can answer for. Where a server was seen to say a sentence, the finding says the
/// same.</summary>
internal static class Relations
{
    private static readonly List<ReportRule> Made = [];

    public static readonly ReportRule ReportType = Error("Report.Type", "A report is one JSON object that can be written as valid JSON.");
    public static readonly ReportRule UnknownProperty =
        Warning("Property.Unknown", "Every property is one that WSJF knows; names are case-sensitive. WATS passes over all others.");
    public static readonly ReportRule DuplicateProperty = Error("Property.Duplicate", "No object has the same property twice.");
    public static readonly ReportRule OutputOnlyProperty =
        Warning("Property.OutputOnly", "Properties that only the server writes are left out.");
    public static readonly ReportRule ListMember =
        Error("List.Member", "Every member of a list is an object (of steps, measurements, infos).");
    public static readonly ReportRule Characters =
        Error("Text.Characters",
        "Texts hold no control characters but tab, line feed and carriage return, no U+FFFE or U+FFFF and no half of a surrogate pair.");
    public static readonly ReportRule Blanks = Warning("Text.Blanks", "Names have no blanks at their ends.");
    public static readonly ReportRule Wildcards =
        Warning("Text.Wildcard",
        "Part and serial numbers and stations hold none of * % ? [ ] ^ ! / \\ _, which are wildcards or path marks in WATS's searches.");

    public static readonly ReportRule Repair =
        Warning("Header.type.Repair", "The report is a test report: of a repair report only the header is judged.");
    public static readonly ReportRule ResultOfRoot = Error("Header.result.Root", "result is the status of the root step.");
    public static readonly ReportRule StartMatches = Error("Header.startUTC.Match", "startUTC is the same instant as start.");
    public static readonly ReportRule StartUtcForm = Error("Header.startUTC.Utc", "startUTC is written in UTC, with a Z.");
    public static readonly ReportRule StartInFuture =
        Warning("Header.start.Future", "start does not lie in the future: WATS would keep the report back until then.");
    public static readonly ReportRule StartUnset = Warning("Header.start.Unset", "start lies after 1970: an earlier time counts as unset.");
    public static readonly ReportRule BinaryDataOfRepair =
        Error("Header.binaryData.RepairOnly", "binaryData belongs to repair reports only.");
    public static readonly ReportRule BinaryDataEmpty =
        Warning("Header.binaryData.Empty", "A test report has no binaryData, not even an empty list. Servers take the empty one.");
    public static readonly ReportRule MiscInfoValue = Warning("MiscInfo.Value", "A misc info has either text or numeric.");

    public static readonly ReportRule RootSequence = Error("Root.seqCall.Required", "The root step is a sequence call with seqCall.");
    public static readonly ReportRule StepsOfSequence = Error("Step.steps.SeqCall", "Only a step with seqCall has steps.");
    public static readonly ReportRule OnePayload =
        Error("Step.Payload", "A step has at most one of seqCall, numericMeas, stringMeas, booleanMeas, callExe and messagePopup.");
    public static readonly ReportRule PayloadOfType =
        Warning("Step.stepType.Payload", "A step of a known type has the payload of that type.");
    public static readonly ReportRule IdUnique = Error("Step.id.Unique", "The id of a step is unique in the report.");
    public static readonly ReportRule IdOnAll = Warning("Step.id.All", "When one step has an id, all have one.");
    public static readonly ReportRule NameUnique = Warning("Step.name.Unique", "The name of a step is unique among its siblings.");
    public static readonly ReportRule StatusOfMeasurement =
        Error("Step.status.Measurement", "The status of a step with one measurement is that of the measurement.");
    public static readonly ReportRule StatusOfMeasurements =
        Error("Step.status.Measurements", "A step with several measurements: F needs one that is F, P allows none that is F.");
    public static readonly ReportRule NoMeasurement = Error("Step.status.NoMeasurement", "Steps with status E or T carry no measurements.");
    public static readonly ReportRule SkippedPayload =
        Warning("Step.status.Skipped",
        "A skipped step has nothing: WATS passes over the measurements, steps, chart, attachment and additional results of a step with "
        + "status S.");
    public static readonly ReportRule ChartOrAttachment = Error("Step.chart.Attachment", "A step has a chart or an attachment, not both.");
    public static readonly ReportRule MeasurementName =
        Error("Measurement.name.Required", "Each of several measurements of a step has a name.");
    public static readonly ReportRule MeasurementUnique =
        Error("Measurement.name.Unique", "The name of a measurement is unique in its step.");
    public static readonly ReportRule LimitsRequired =
        Error("NumericMeas.limits.Required", "A comparison with one limit has lowLimit, one with two has lowLimit and highLimit.");
    public static readonly ReportRule LimitsPlace =
        Error("NumericMeas.limits.Place",
        "The limit of a comparison with one limit is in lowLimit, also for LT and LE, and highLimit is absent; LOG has no limits.");
    public static readonly ReportRule StringCase = Warning("StringMeas.compOp.Case", "The compOp of a text is written in upper case.");
    public static readonly ReportRule StringLimit =
        Error("StringMeas.limit.Required", "A text that is compared (every compOp but LOG) has a limit.");
    public static readonly ReportRule StringValue =
        Error("StringMeas.value.Required", "A text measurement has a value, which may be empty.");
    public static readonly ReportRule AttachmentSize =
        Warning("Attachment.data.Size", FormattableString.Invariant($"An attachment has at most {WsjfLimits.AttachmentBytes} bytes."));
    public static readonly ReportRule SeriesCount =
        Error("Chart.series.Count", FormattableString.Invariant($"A chart has at most {WsjfLimits.ChartSeries} series."));
    public static readonly ReportRule SeriesNumbers =
        Error("Series.points.Number", "xdata and ydata are finite numbers parted by semicolons.");
    public static readonly ReportRule SeriesEqual = Error("Series.points.Equal", "xdata and ydata hold equally many numbers.");
    public static readonly ReportRule SeriesPoints =
        Error("Series.points.Count", FormattableString.Invariant($"A series has at most {WsjfLimits.ChartPoints} points."));

    public static readonly ReportRule LoopEnding =
        Error("Loop.endingIndex.Highest", "endingIndex of a loop's summary is the highest idx of its index steps.");
    public static readonly ReportRule LoopNum = Error("Loop.num.OneMore", "num of a loop's summary is endingIndex + 1.");
    public static readonly ReportRule LoopSummary = Error("Loop.Summary", "Index steps of a loop follow a summary step of the same name.");
    public static readonly ReportRule LoopFields =
        Error("Loop.index.Fields", "Index steps carry idx only; num, endingIndex, passed and failed belong to the summary.");
    public static readonly ReportRule LoopSummaryFields =
        Error("Loop.summary.Fields", "The summary step of a loop has num, endingIndex, passed and failed.");
    public static readonly ReportRule LoopSteps =
        Error("Loop.steps.Match", "The steps of an index step and of the summary step are the same by name.");
    public static readonly ReportRule LoopLimit =
        Error("Loop.limit.Match", "The limit of a text measurement in an index step is that of the summary step.");

    public static IReadOnlyList<ReportRule> All => Made;

    private static ReportRule Error(string id, string requirement) => Make(id, FindingSeverity.Error, requirement);
    private static ReportRule Warning(string id, string requirement) => Make(id, FindingSeverity.Warning, requirement);

    private static ReportRule Make(string id, FindingSeverity severity, string requirement)
    {
        var rule = new ReportRule("Wsjf." + id, severity, requirement);
        Made.Add(rule);
        return rule;
    }
}
