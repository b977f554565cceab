using System.Globalization;
using System.Text.Json.Nodes;
using VteWats.Core.Diagnostics;

namespace VteWats.Unit.Wats;

/// <summary>A report with one thing broken, and the finding that is expected.</summary>
public sealed record BrokenReport(string RuleId, FindingSeverity Severity, string Line, string Json);

/// <summary>
/// The table of broken reports. Lengths, values and ranges are written here once more, from the description of the format, so that a slip
/// in the
/// rule set does not pass as its own proof.
/// </summary>
internal static partial class RulesCases
{
    public static IReadOnlyList<BrokenReport> All { get; } = [.. Properties(), .. Relations(), .. StepRelations(), .. LoopRelations()];

    private static IEnumerable<BrokenReport> Properties() =>
    [
        .. Text("Header", "", "report", "type", required: true, values: "T, R"),
        .. From("Header", "", "report", "id", "a GUID", required: true, wrong: ["no guid", 5]),
        .. Text("Header", "", "report", "pn", 100, required: true), .. Text("Header", "", "report", "sn", 100, required: true),
        .. Text("Header", "", "report", "rev", 100, required: true),
        .. Whole("Header", "", "report", "processCode", required: true, range: ("from 0 to 32766", -1, 32767)),
        .. Text("Header", "", "report", "result", required: true, values: "P, F, E, T"),
        .. Text("Header", "", "report", "machineName", 100, required: true),
        .. Text("Header", "", "report", "location", 100, required: true),
        .. Text("Header", "", "report", "purpose", 100, required: true),
        .. From("Header", "", "report", "start", "a time in ISO 8601 with offset", required: true,
            wrong: ["2024-03-02T08:15:30", "yesterday"]),
        .. From("Header", "", "report", "startUTC", "a time in ISO 8601 with offset", required: true, requiredAs: FindingSeverity.Warning,
            wrong: ["2024-03-02T07:15:30", 1]),
        .. From("Header", "", "report", "uut", "an object", required: true, wrong: ["text", 1]),
        .. From("Header", "", "report", "root", "an object", required: true, wrong: ["text", 1]),
        .. From("Header", "", "report", "miscInfos", "a list", wrong: ["text", 1]),
        .. From("Header", "", "report", "subUnits", "a list", wrong: ["text", 1]),
        .. From("Header", "", "report", "assets", "a list", wrong: ["text", 1]),
        .. From("Header", "", "report", "additionalData", "a list", wrong: ["text", 1]),
        .. From("Header", "", "report", "binaryData", "a list", wrong: ["text", 1]),
        .. From("Header", "", "report", "uur", "an object", wrong: ["text", 1]),
        .. Text("Header", "", "report", "processName"), .. Text("Header", "", "report", "processCodeFormat"),

        .. Text("Uut", "uut", "report -> uut", "user", 100, required: true),
        .. Real("Uut", "uut", "report -> uut", "execTime", range: ("0 or more", -1, -0.001)),
        .. Text("Uut", "uut", "report -> uut", "comment", 1000),
        .. Text("Uut", "uut", "report -> uut", "errorMessage", 200, tooLongAs: FindingSeverity.Warning),
        .. Text("Uut", "uut", "report -> uut", "batchSN", 100), .. Text("Uut", "uut", "report -> uut", "fixtureId", 100),
        .. Whole("Uut", "uut", "report -> uut", "errorCode"), .. Whole("Uut", "uut", "report -> uut", "batchFailCount"),
        .. Whole("Uut", "uut", "report -> uut", "batchLoopIndex"),
        .. Whole("Uut", "uut", "report -> uut", "testSocketIndex", range: ("from -1 to 32767", -2, 32768)),
        .. Texts("Uut", "uut", "report -> uut", "execTimeFormat", "errorCodeFormat", "testSocketIndexFormat", "batchFailCountFormat",
            "batchLoopIndexFormat"),

        .. Text("MiscInfo", "miscInfos[0]", "report -> miscInfos -> Index 0", "description", 100, required: true),
        .. Text("MiscInfo", "miscInfos[0]", "report -> miscInfos -> Index 0", "text", 100),
        .. Text("MiscInfo", "miscInfos[0]", "report -> miscInfos -> Index 0", "typedef", 30),
        .. Whole("MiscInfo", "miscInfos[1]", "report -> miscInfos -> Index 1", "numeric"),
        .. Texts("MiscInfo", "miscInfos[1]", "report -> miscInfos -> Index 1", "numericFormat", "id"),
        .. Text("SubUnit", "subUnits[0]", "report -> subUnits -> Index 0", "partType", 50, required: true),
        .. Text("SubUnit", "subUnits[0]", "report -> subUnits -> Index 0", "pn", 100, required: true),
        .. Text("SubUnit", "subUnits[0]", "report -> subUnits -> Index 0", "sn", 100, required: true),
        .. Text("SubUnit", "subUnits[0]", "report -> subUnits -> Index 0", "rev", 100, required: true, requiredAs: FindingSeverity.Warning),
        .. Text("Asset", "assets[0]", "report -> assets -> Index 0", "assetSN", 100, required: true),
        .. Text("Asset", "assets[0]", "report -> assets -> Index 0", "usageCountFormat"),
        .. Whole("Asset", "assets[0]", "report -> assets -> Index 0", "usageCount", range: ("from 1 to 999", 0, 1000)),

        .. Text("AdditionalData", "additionalData[0]", "report -> additionalData Station info", "name", 100, required: true,
            namesPlace: true),
        .. From("AdditionalData", "additionalData[0]", "report -> additionalData Station info", "props", "a list", wrong: ["text", 1]),
        .. Text("AdditionalProperty", "additionalData[0].props[0]", "report -> additionalData Station info -> property p", "name",
            required: true, namesPlace: true),
        .. Text("AdditionalProperty", "additionalData[0].props[0]", "report -> additionalData Station info -> property p", "type",
            required: true),
        .. Whole("AdditionalProperty", "additionalData[0].props[0]", "report -> additionalData Station info -> property p", "flags"),
        .. Texts("AdditionalProperty", "additionalData[0].props[1].props[0]",
            "report -> additionalData Station info -> property o -> property inner", "value", "comment", "numFormat"),
        .. From("AdditionalProperty", "additionalData[0].props[1]", "report -> additionalData Station info -> property o", "props",
            "a list", wrong: ["text", 1]),
        .. From("AdditionalProperty", "additionalData[0].props[2]", "report -> additionalData Station info -> property a", "array",
            "an object", wrong: ["text", 1]),
        .. Whole("AdditionalArray", "additionalData[0].props[2].array", "report -> additionalData Station info -> property a -> array",
            "dimension", required: true),
        .. Text("AdditionalArray", "additionalData[0].props[2].array", "report -> additionalData Station info -> property a -> array",
            "type", required: true),
        .. From("AdditionalArray", "additionalData[0].props[2].array", "report -> additionalData Station info -> property a -> array",
            "indexes", "a list", required: true, wrong: ["text", 1]),
        .. Text("AdditionalIndex", "additionalData[0].props[2].array.indexes[0]",
            "report -> additionalData Station info -> property a -> array -> Index 0", "text"),
        .. From("AdditionalIndex", "additionalData[0].props[2].array.indexes[0]",
            "report -> additionalData Station info -> property a -> array -> Index 0", "indexes", "a list", wrong: ["text", 1]),
        .. From("AdditionalIndex", "additionalData[0].props[2].array.indexes[0]",
            "report -> additionalData Station info -> property a -> array -> Index 0", "value", "an object", wrong: ["text", 1]),

        .. Whole("Step", Idle, "root -> step Idle", "id"),
        .. Text("Step", Idle, "root -> step Idle", "group", required: true, values: "S, M, C"),
        .. Text("Step", Idle, "root -> step Idle", "stepType", required: true),
        .. Text("Step", Idle, "root -> step Idle", "name", 100, required: true, namesPlace: true),
        .. Text("Step", Idle, "root -> step Idle", "status", required: true, values: "P, F, D, S, E, T"),
        .. From("Step", Idle, "root -> step Idle", "start", "a time in ISO 8601 with offset", wrong: ["2024-03-02T08:15:30", "noon"]),
        .. Real("Step", Idle, "root -> step Idle", "totTime", range: ("0 or more", -1, -0.5)),
        .. Whole("Step", Idle, "root -> step Idle", "errorCode"),
        .. Text("Step", Idle, "root -> step Idle", "errorMessage", 200),
        .. Text("Step", Idle, "root -> step Idle", "reportText", 5000, tooLongAs: FindingSeverity.Warning),
        .. Text("Step", Idle, "root -> step Idle", "tsGuid", 30),
        .. From("Step", Idle, "root -> step Idle", "causedSeqFailure", "true or false", wrong: ["true", 1]),
        .. From("Step", Idle, "root -> step Idle", "causedUUTFailure", "true or false", wrong: ["true", 1]),
        .. Whole("Step", Idle, "root -> step Idle", "interactiveExeNum"),
        .. Texts("Step", Idle, "root -> step Idle", "totTimeFormat", "errorCodeFormat", "interactiveExeNumFormat"),
        .. From("Step", "root", "root", "seqCall", "an object", wrong: ["text", 1]),
        .. From("Step", "root", "root", "steps", "a list", wrong: ["text", 1]),
        .. From("Step", Idle, "root -> step Idle", "numericMeas", "a list", wrong: ["text", 1]),
        .. From("Step", "root.steps[2]", "root -> step Firmware", "stringMeas", "a list", wrong: ["text", 1]),
        .. From("Step", "root.steps[3]", "root -> step LED", "booleanMeas", "a list", wrong: ["text", 1]),
        .. From("Step", "root.steps[5]", "root -> step Tool", "callExe", "an object", wrong: ["text", 1]),
        .. From("Step", "root.steps[6]", "root -> step Ask", "messagePopup", "an object", wrong: ["text", 1]),
        .. From("Step", "root.steps[7]", "root -> step Curve", "chart", "an object", wrong: ["text", 1]),
        .. From("Step", "root.steps[8]", "root -> step Log", "attachment", "an object", wrong: ["text", 1]),
        .. From("Step", "root.steps[9]", "root -> step Loop", "loop", "an object", wrong: ["text", 1]),
        .. From("Step", Idle, "root -> step Idle", "additionalResults", "a list", wrong: ["text", 1]),
        .. Text("SeqCall", "root.seqCall", "root -> seqCall", "path", 500, required: true),
        .. Text("SeqCall", "root.seqCall", "root -> seqCall", "name", 200, required: true),
        .. Text("SeqCall", "root.seqCall", "root -> seqCall", "version", 30, required: true),

        .. Text("NumericMeas", Idle + ".numericMeas[0]", "root -> step Idle -> numericMeas", "compOp", required: true,
            values: "LOG, EQ, NE, GT, GE, LT, LE, GTLT, GTLE, GELT, GELE, LTGT, LTGE, LEGT, LEGE"),
        .. Text("NumericMeas", Idle + ".numericMeas[0]", "root -> step Idle -> numericMeas", "name", 100),
        .. Text("NumericMeas", Idle + ".numericMeas[0]", "root -> step Idle -> numericMeas", "status", required: true, values: "P, F, S"),
        .. Text("NumericMeas", "root.steps[1].numericMeas[0]", "root -> step Rails -> numericMeas 5V", "unit", 20, required: true,
            requiredAs: FindingSeverity.Warning),
        .. Real("NumericMeas", "root.steps[1].numericMeas[0]", "root -> step Rails -> numericMeas 5V", "value", required: true),
        .. Real("NumericMeas", "root.steps[1].numericMeas[0]", "root -> step Rails -> numericMeas 5V", "lowLimit"),
        .. Real("NumericMeas", "root.steps[1].numericMeas[0]", "root -> step Rails -> numericMeas 5V", "highLimit"),
        .. Texts("NumericMeas", "root.steps[1].numericMeas[1]", "root -> step Rails -> numericMeas 3V3", "valueFormat", "lowLimitFormat",
            "highLimitFormat"),
        .. Text("StringMeas", "root.steps[2].stringMeas[0]", "root -> step Firmware -> stringMeas", "compOp", required: true,
            values: "LOG, EQ, NE, CASESENSIT, IGNORECASE"),
        .. Text("StringMeas", "root.steps[2].stringMeas[0]", "root -> step Firmware -> stringMeas", "name", 100),
        .. Text("StringMeas", "root.steps[2].stringMeas[0]", "root -> step Firmware -> stringMeas", "status", required: true,
            values: "P, F, S"),
        .. Text("StringMeas", "root.steps[2].stringMeas[0]", "root -> step Firmware -> stringMeas", "value", 100),
        .. Text("StringMeas", "root.steps[2].stringMeas[0]", "root -> step Firmware -> stringMeas", "limit", 100),
        .. Text("BooleanMeas", "root.steps[4].booleanMeas[0]", "root -> step Keys -> booleanMeas one", "name", 100, namesPlace: true),
        .. Text("BooleanMeas", "root.steps[3].booleanMeas[0]", "root -> step LED -> booleanMeas", "status", required: true,
            values: "P, F, S"),
        .. Whole("CallExe", "root.steps[5].callExe", "root -> step Tool -> callExe", "exitCode", required: true),
        .. Text("CallExe", "root.steps[5].callExe", "root -> step Tool -> callExe", "exitCodeFormat"),
        .. Text("MessagePopup", "root.steps[6].messagePopup", "root -> step Ask -> messagePopup", "response", 100, required: true),
        .. Whole("MessagePopup", "root.steps[6].messagePopup", "root -> step Ask -> messagePopup", "button", required: true),
        .. Text("MessagePopup", "root.steps[6].messagePopup", "root -> step Ask -> messagePopup", "buttonFormat"),
        .. Text("Chart", Chart, "root -> step Curve -> chart", "chartType", required: true, values: "Line, LineLogXY, LineLogX, LineLogY"),
        .. Text("Chart", Chart, "root -> step Curve -> chart", "label", 100, required: true),
        .. Text("Chart", Chart, "root -> step Curve -> chart", "xLabel", 50, required: true),
        .. Text("Chart", Chart, "root -> step Curve -> chart", "yLabel", 50, required: true),
        .. Text("Chart", Chart, "root -> step Curve -> chart", "xUnit", 20),
        .. Text("Chart", Chart, "root -> step Curve -> chart", "yUnit", 20),
        .. From("Chart", Chart, "root -> step Curve -> chart", "series", "a list", wrong: ["text", 1]),
        .. Text("Series", Chart + ".series[0]", "root -> step Curve -> chart -> series one", "dataType", required: true, values: "XYG"),
        .. Text("Series", Chart + ".series[0]", "root -> step Curve -> chart -> series one", "name", 100, required: true, namesPlace: true),
        .. Text("Series", Chart + ".series[0]", "root -> step Curve -> chart -> series one", "xdata", required: true),
        .. Text("Series", Chart + ".series[0]", "root -> step Curve -> chart -> series one", "ydata", required: true),
        .. Text("Attachment", "root.steps[8].attachment", "root -> step Log -> attachment", "name", 100, required: true),
        .. Text("Attachment", "root.steps[8].attachment", "root -> step Log -> attachment", "contentType", 100),
        .. From("Attachment", "root.steps[8].attachment", "root -> step Log -> attachment", "data", "base64 text", required: true,
            wrong: ["no base64!", 5]),
        .. Whole("Loop", "root.steps[9].loop", "root -> loop Loop", "num", range: ("0 or more", -1, -9)),
        .. Whole("Loop", "root.steps[9].loop", "root -> loop Loop", "endingIndex", range: ("0 or more", -1, -9)),
        .. Whole("Loop", "root.steps[9].loop", "root -> loop Loop", "passed", range: ("0 or more", -1, -9)),
        .. Whole("Loop", "root.steps[9].loop", "root -> loop Loop", "failed", range: ("0 or more", -1, -9)),
        .. Whole("Loop", "root.steps[10].loop", "root -> loop Loop", "idx", range: ("0 or more", -1, -9)),
    ];

    private const string Idle = "root.steps[0]";
    private const string Chart = "root.steps[7].chart";

    private static IEnumerable<BrokenReport> Texts(string section, string owner, string place, params string[] names) =>
        names.SelectMany(name => Text(section, owner, place, name));

    private static IEnumerable<BrokenReport> Text(
        string section, string owner, string place, string name, int max = 0, bool required = false,
        FindingSeverity requiredAs = FindingSeverity.Error, string? values = null, FindingSeverity tooLongAs = FindingSeverity.Error,
        bool namesPlace = false)
    {
        // A place that bears the name itself changes with it.
        string Place(string? value) => name != "name" || !namesPlace
            ? place
            : place[..(PlaceWord(place) + 1)] + (string.IsNullOrEmpty(value) ? "?" : value.Length > 100 ? value[..100] + "…" : value);
        if (required)
        {
            yield return Set(section, owner, name, "Required", requiredAs, $"{Place(null)}: {name} is required.", null, remove: true);
            yield return Set(section, owner, name, "Required", requiredAs, $"{Place(null)}: {name} is required.", null);
            yield return Set(section, owner, name, "Required", requiredAs, $"{Place("")}: {name} is required; it is empty.", "");
        }
        yield return Set(section, owner, name, "Type", FindingSeverity.Error, $"{Place(null)}: {name} is required to be text; it is 5.", 5);
        yield return Set(section, owner, name, "Type", FindingSeverity.Error, $"{Place(null)}: {name} is required to be text; it is true.",
            true);
        if (max > 0)
        {
            foreach (var length in (int[])[max + 1, 3 * max])
            {
                var text = new string('x', length);
                yield return Set(section, owner, name, "Length", tooLongAs,
                    string.Create(CultureInfo.InvariantCulture,
                    $"{Place(text)}: {name} is required to be at most {max} characters; it has {length}."), text);
            }
        }
        if (values is not null)
        {
            foreach (var wrong in (string[])["Q", "no such thing"])
                yield return Set(section, owner, name, "Value", FindingSeverity.Error,
                    $"{place}: {name} is required to be one of {values}; it is '{wrong}'.", wrong);
        }
    }

    // Index of the blank before the name in "… -> step NAME".
    private static int PlaceWord(string place)
    {
        var arrow = place.LastIndexOf("-> ", StringComparison.Ordinal);
        return place.IndexOf(' ', arrow + 3);
    }

    private static IEnumerable<BrokenReport> Whole(string section, string owner, string place, string name, bool required = false,
        (string Words, double Low, double High)? range = null)
    {
        foreach (var broken in From(section, owner, place, name, "a whole number of 32 bits", required, wrong: ["5", 1.5]))
            yield return broken;
        if (range is not { } r) yield break;
        yield return Set(section, owner, name, "Range", FindingSeverity.Error,
            string.Create(CultureInfo.InvariantCulture, $"{place}: {name} is required to be {r.Words}; it is {r.Low}."), (int)r.Low);
        yield return Set(section, owner, name, "Range", FindingSeverity.Error,
            string.Create(CultureInfo.InvariantCulture, $"{place}: {name} is required to be {r.Words}; it is {r.High}."), (int)r.High);
    }

    private static IEnumerable<BrokenReport> Real(string section, string owner, string place, string name, bool required = false,
        (string Words, double Low, double High)? range = null)
    {
        foreach (var broken in From(section, owner, place, name, "a finite number", required, wrong: ["NaN", true])) yield return broken;
        if (range is not { } r) yield break;
        yield return Set(section, owner, name, "Range", FindingSeverity.Error,
            string.Create(CultureInfo.InvariantCulture, $"{place}: {name} is required to be {r.Words}; it is {r.Low}."), r.Low);
        yield return Set(section, owner, name, "Range", FindingSeverity.Error,
            string.Create(CultureInfo.InvariantCulture, $"{place}: {name} is required to be {r.Words}; it is {r.High}."), r.High);
    }

    private static IEnumerable<BrokenReport> From(string section, string owner, string place, string name, string kind,
        bool required = false, FindingSeverity requiredAs = FindingSeverity.Error, object[]? wrong = null)
    {
        if (required)
        {
            yield return Set(section, owner, name, "Required", requiredAs, $"{place}: {name} is required.", null, remove: true);
            yield return Set(section, owner, name, "Required", requiredAs, $"{place}: {name} is required.", null);
        }
        foreach (var value in wrong!)
        {
            var shown = value is string text ? $"'{text}'" : value is bool flag ? (flag ? "true" : "false")
                : Convert.ToString(value, CultureInfo.InvariantCulture);
            yield return Set(section, owner, name, "Type", FindingSeverity.Error,
                $"{place}: {name} is required to be {kind}; it is {shown}.", value);
        }
    }

    private static BrokenReport Set(string section, string owner, string name, string aspect, FindingSeverity severity, string line,
        object? value, bool remove = false)
    {
        var report = RulesReport.New();
        var target = report.At(owner).AsObject();
        if (remove) target.Remove(name);
        else target[name] = JsonValue.Create(value);
        return new BrokenReport($"Wsjf.{section}.{name}.{aspect}", severity, line, report.ToJsonString());
    }
}
