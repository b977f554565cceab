using System.Globalization;
using System.Text.Json.Nodes;
using VteWats.Core.Diagnostics;

namespace VteWats.Unit.Wats;

internal static partial class RulesCases
{
    private static IEnumerable<BrokenReport> Relations()
    {
        yield return new BrokenReport("Wsjf.Report.Type", FindingSeverity.Error, "report: A report is required to be a JSON object.", "[]");
        yield return new BrokenReport("Wsjf.Report.Type", FindingSeverity.Error, "report: A report is required to be a JSON object.",
            "\"T\"");
        yield return Warning("Property.Unknown",
            "report: serialNumber is not a known property; it is passed over.", r => r["serialNumber"] = "X");
        yield return Warning("Property.Unknown",
            "root -> step Idle -> numericMeas: Unit is not a known property, unit is: names are case-sensitive.",
            r => r.At(Idle + ".numericMeas[0]")["Unit"] = "A");
        yield return Raw("Property.Duplicate", FindingSeverity.Error,
            "report: sn is required to be there once only.",
            json => json.Replace("\"sn\":\"SN-0001\"", "\"sn\":\"SN-0001\",\"sn\":\"SN-0002\"", StringComparison.Ordinal));
        yield return Raw("Property.Duplicate", FindingSeverity.Error,
            "root -> step Idle -> numericMeas: value is required to be there once only.",
            json => json.Replace("\"value\":0.35", "\"value\":0.35,\"value\":0.36", StringComparison.Ordinal));
        yield return Warning("Property.OutputOnly",
            "report: origin is written by the server only; leave it out.", r => r["origin"] = "here");
        yield return Warning("Property.OutputOnly",
            "report -> uut: refUURs is written by the server only; leave it out.", r => r["uut"]!["refUURs"] = new JsonArray());
        yield return Error("List.Member",
            "root -> steps -> Index 1: A member of steps is required to be an object.", r => r.At("root.steps").AsArray()[1] = 5);
        yield return Error("List.Member",
            "report -> miscInfos -> Index 0: A member of miscInfos is required to be an object.",
            r => r.At("miscInfos").AsArray()[0] = "text");
        yield return Error("Text.Characters",
            "report: sn holds the character U+0001 at position 2, which cannot be stored.", r => r["sn"] = "SN\u0001");
        yield return Error("Text.Characters",
            "root -> step Idle: reportText holds the character U+FFFF at position 0, which cannot be stored.",
            r => r.At(Idle)["reportText"] = "\uffff");
        yield return Raw("Text.Characters", FindingSeverity.Error,
            "report: location holds half of a surrogate pair, which is not a character.",
            json => json.Replace("\"Oslo\"", "\"Os\\ud800lo\"", StringComparison.Ordinal));
        yield return Warning("Text.Blanks", "report: rev has blanks at its ends.", r => r["rev"] = "A ");
        yield return Warning("Text.Blanks", "report -> uut: user is nothing but blanks.", r => r["uut"]!["user"] = "  ");
        foreach (var mark in "*%?[]^!/\\")
            yield return Warning("Text.Wildcard",
                $"report: sn holds '{mark}', which is a wildcard or path mark in searches.", r => r["sn"] = "SN" + mark);
        yield return Warning("Text.Wildcard",
            "report -> subUnits -> Index 0: pn holds '%', which is a wildcard or path mark in searches.",
            r => r.At("subUnits[0]")["pn"] = "A%");

        yield return Warning("Header.type.Repair", "report: This is a repair report: only its header was judged.", Repair);
        yield return Warning("Header.type.Repair",
            "report: This is a repair report: only its header was judged.", r => { Repair(r); r.Remove("root"); r.Remove("uut"); });
        yield return Error("Header.result.Root",
            "report: result is required to be the same as the status of root; result is P, root is F.", r => r["result"] = "P");
        yield return Error("Header.result.Root",
            "report: result is required to be the same as the status of root; result is F, root is D.", r => r["root"]!["status"] = "D");
        yield return Error("Header.startUTC.Match",
            "report: startUTC is required to be the same instant as start.", r => r["startUTC"] = "2024-03-02T08:15:30.1230000Z");
        yield return Error("Header.startUTC.Match",
            "report: startUTC is required to be the same instant as start.", r => r["startUTC"] = "2024-03-02T07:15:30.1230001Z");
        yield return Error("Header.startUTC.Utc",
            "report: startUTC is required to be in UTC, with a Z.", r => r["startUTC"] = "2024-03-02T08:15:30.1230000+01:00");
        yield return Error("Header.startUTC.Utc",
            "report: startUTC is required to be in UTC, with a Z.", r => r["startUTC"] = "2024-03-02T07:15:30.1230000+00:00");
        yield return Warning("Header.start.Future",
            "report: start lies in the future: the report is kept back until then.", r => Start(r, "9998-01-01T00:00:00"));
        yield return Warning("Header.start.Future",
            "report: start lies in the future: the report is kept back until then.", r => Start(r, "2100-06-01T00:00:00"));
        yield return Warning("Header.start.Unset",
            "report: start lies before 1970 and counts as unset.", r => Start(r, "1969-12-31T23:59:59"));
        yield return Warning("Header.start.Unset",
            "report: start lies before 1970 and counts as unset.", r => Start(r, "0001-01-01T00:00:00"));
        foreach (var count in (int[])[1, 2])
            yield return Error("Header.binaryData.RepairOnly",
                "report: binaryData is allowed in repair reports only.",
                r => r["binaryData"] = new JsonArray([.. Enumerable.Range(0, count).Select(_ => new JsonObject())]));
        yield return Warning("Header.binaryData.Empty",
            "report: binaryData belongs to repair reports; leave the empty list out.", r => r["binaryData"] = new JsonArray());
        yield return Raw("Header.binaryData.Empty", FindingSeverity.Warning,
            "report: binaryData belongs to repair reports; leave the empty list out.",
            json => json.Replace("\"type\":\"T\"", "\"binaryData\":[],\"type\":\"T\"", StringComparison.Ordinal));
        yield return Warning("MiscInfo.Value",
            "report -> miscInfos -> Index 0: text and numeric are both there; one of them is lost.",
            r => r.At("miscInfos[0]")["numeric"] = 1);
        yield return Warning("MiscInfo.Value",
            "report -> miscInfos -> Index 1: neither text nor numeric is there.", r => r.At("miscInfos[1]").AsObject().Remove("numeric"));

        yield return Error("Root.seqCall.Required", "root: seqCall is required.", r => r["root"]!.AsObject().Remove("seqCall"));
        yield return Error("Root.seqCall.Required", "root: seqCall is required.", r => r["root"]!["seqCall"] = null);
        yield return Error("Step.steps.SeqCall",
            "root -> step LED: steps is allowed with seqCall only.",
            r => r.At("root.steps[3]")["steps"] = new JsonArray(Action("Inner", 99)));
        yield return Error("Step.steps.SeqCall", "root: steps is allowed with seqCall only.", r => r["root"]!.AsObject().Remove("seqCall"));
        yield return Error("Step.Payload",
            "root -> step LED: Only one of stringMeas, booleanMeas is allowed.",
            r => r.At("root.steps[3]")["stringMeas"] = r.At("root.steps[2].stringMeas").DeepClone());
        yield return Error("Step.Payload", "root -> step Idle: Only one of numericMeas, callExe, messagePopup is allowed.", r =>
        {
            r.At(Idle)["callExe"] = r.At("root.steps[5].callExe").DeepClone();
            r.At(Idle)["messagePopup"] = r.At("root.steps[6].messagePopup").DeepClone();
        });
        yield return Warning("Step.stepType.Payload",
            "root -> step Rails: stepType ET_NLT has one numericMeas; this has 2.", r => r.At("root.steps[1]")["stepType"] = "ET_NLT");
        yield return Warning("Step.stepType.Payload",
            "root -> step Tool: stepType SequenceCall is a sequence call, but seqCall is not there.",
            r => r.At("root.steps[5]")["stepType"] = "SequenceCall");
        yield return Warning("Step.stepType.Payload",
            "root -> step LED: stepType ET_A is an action, but measurements are there.", r => r.At("root.steps[3]")["stepType"] = "ET_A");
        yield return Warning("Step.stepType.Payload",
            "root -> step LED: stepType ET_MSVT has stringMeas; this has none.", r => r.At("root.steps[3]")["stepType"] = "ET_MSVT");
        yield return Error("Step.id.Unique",
            "root -> step Rails: id is required to be unique in the report; 2 is there twice.", r => r.At("root.steps[1]")["id"] = 2);
        yield return Error("Step.id.Unique",
            "root -> step Loop -> step Text: id is required to be unique in the report; 1 is there twice.",
            r => r.At("root.steps[9].steps[0]")["id"] = 1);
        yield return Warning("Step.id.All",
            "root: id should be on all steps when one step has it.", r => r["root"]!.AsObject().Remove("id"));
        yield return Warning("Step.id.All",
            "root -> step LED: id should be on all steps when one step has it.", r => r.At("root.steps[3]")["id"] = null);
        foreach (var form in (string[])["0.0", "3e0"])
            yield return Raw("CallExe.exitCode.Form", FindingSeverity.Warning,
                $"root -> step Tool -> callExe: exitCode should be written as a plain whole number; it is {form}.",
                json => json.Replace("\"exitCode\":0", $"\"exitCode\":{form}", StringComparison.Ordinal));
        yield return Warning("Step.name.Unique",
            "root -> step Idle: name should be unique among the steps beside it.", r => r.At("root.steps[3]")["name"] = "Idle");
        yield return Warning("Step.name.Unique",
            "root -> step Log: name should be unique among the steps beside it.", r => r.At("root.steps[7]")["name"] = "Log");
        foreach (var status in (string[])["P", "D", "E", "T"])
            yield return Error("Step.status.Measurement",
                "root -> step Idle: Status cannot be different from measurement status.", r => r.At(Idle)["status"] = status);
        yield return Error("Step.status.Measurement",
            "root -> step Firmware: Status cannot be different from measurement status.",
            r => r.At("root.steps[2].stringMeas[0]")["status"] = "F");
        yield return Error("Step.status.Measurements",
            "root -> step Rails: Status F requires a measurement with status F.", r => r.At("root.steps[1]")["status"] = "F");
        yield return Error("Step.status.Measurements",
            "root -> step Keys: Status P allows no measurement with status F.", r => r.At("root.steps[4].booleanMeas[1]")["status"] = "F");
        yield return Error("Step.status.NoMeasurement",
            "root -> step Rails: Status E allows no measurements.", r => r.At("root.steps[1]")["status"] = "E");
        yield return Error("Step.status.NoMeasurement",
            "root -> step Keys: Status T allows no measurements.", r => r.At("root.steps[4]")["status"] = "T");
        yield return Warning("Step.status.Skipped",
            "root -> step LED: booleanMeas is passed over, because the step was skipped.", r => r.At("root.steps[3]")["status"] = "S");
        yield return Warning("Step.status.Skipped",
            "root -> step Curve: chart is passed over, because the step was skipped.", r => r.At("root.steps[7]")["status"] = "S");
        yield return Error("Step.chart.Attachment",
            "root -> step Curve: chart and attachment are not allowed together.",
            r => r.At("root.steps[7]")["attachment"] = r.At("root.steps[8].attachment").DeepClone());
        yield return Error("Step.chart.Attachment",
            "root -> step Log: chart and attachment are not allowed together.",
            r => r.At("root.steps[8]")["chart"] = r.At("root.steps[7].chart").DeepClone());
        yield return Error("Measurement.name.Required",
            "root -> step Keys -> booleanMeas ?: name is required when there are several measurements.",
            r => r.At("root.steps[4].booleanMeas[1]").AsObject().Remove("name"));
        yield return Error("Measurement.name.Required",
            "root -> step Rails -> numericMeas ?: name is required when there are several measurements.",
            r => r.At("root.steps[1].numericMeas[0]")["name"] = "");
        yield return Error("Measurement.name.Unique",
            "root -> step Rails -> numericMeas 5V: name is required to be unique in the step.",
            r => r.At("root.steps[1].numericMeas[1]")["name"] = "5V");
        yield return Error("Measurement.name.Unique",
            "root -> step Keys -> booleanMeas one: name is required to be unique in the step.",
            r => r.At("root.steps[4].booleanMeas[1]")["name"] = "one");
        foreach (var op in (string[])["EQ", "NE", "GT", "GE", "LT", "LE"])
        {
            yield return Error("NumericMeas.limits.Required",
                $"root -> step Idle -> numericMeas: compOp {op} requires lowLimit.", r =>
                {
                    Limits(r, null, 0.2);
                    r.At(Idle + ".numericMeas[0]")["compOp"] = op;
                });
            yield return Error("NumericMeas.limits.Place",
                $"root -> step Idle -> numericMeas: compOp {op} has its limit in lowLimit; highLimit is not allowed.",
                r => { Limits(r, 0.1, 0.2); r.At(Idle + ".numericMeas[0]")["compOp"] = op; });
        }
        foreach (var op in (string[])["GTLT", "GTLE", "GELT", "GELE", "LTGT", "LTGE", "LEGT", "LEGE"])
            yield return Error("NumericMeas.limits.Required",
                $"root -> step Idle -> numericMeas: compOp {op} requires lowLimit and highLimit.",
                r => r.At(Idle + ".numericMeas[0]")["compOp"] = op);
        yield return Error("NumericMeas.limits.Place",
            "root -> step Idle -> numericMeas: compOp LOG allows no limits.", r => r.At(Idle + ".numericMeas[0]")["compOp"] = "LOG");
        yield return Warning("StringMeas.compOp.Case",
            "root -> step Firmware -> stringMeas: compOp should be written IGNORECASE.",
            r => r.At("root.steps[2].stringMeas[0]")["compOp"] = "IgnoreCase");
        yield return Warning("StringMeas.compOp.Case",
            "root -> step Firmware -> stringMeas: compOp should be written EQ.", r => r.At("root.steps[2].stringMeas[0]")["compOp"] = "eq");
        yield return Error("StringMeas.limit.Required",
            "root -> step Firmware -> stringMeas: compOp EQ requires limit.",
            r => r.At("root.steps[2].stringMeas[0]").AsObject().Remove("limit"));
        yield return Error("StringMeas.limit.Required",
            "root -> step Firmware -> stringMeas: compOp CASESENSIT requires limit.",
            r => { r.At("root.steps[2].stringMeas[0]")["limit"] = null; r.At("root.steps[2].stringMeas[0]")["compOp"] = "CASESENSIT"; });
        yield return Error("StringMeas.value.Required",
            "root -> step Firmware -> stringMeas: value is required.", r => r.At("root.steps[2].stringMeas[0]").AsObject().Remove("value"));
        yield return Error("StringMeas.value.Required",
            "root -> step Firmware -> stringMeas: value is required.", r => r.At("root.steps[2].stringMeas[0]")["value"] = null);
        foreach (var size in (int[])[102_401, 200_000])
            yield return Warning("Attachment.data.Size",
                string.Create(CultureInfo.InvariantCulture,
                $"root -> step Log -> attachment: data should have at most 102400 bytes; it has {size}."),
                r => r.At("root.steps[8].attachment")["data"] = Convert.ToBase64String(new byte[size]));
        foreach (var count in (int[])[11, 20])
        {
            yield return Error("Chart.series.Count",
                string.Create(CultureInfo.InvariantCulture,
                $"root -> step Curve -> chart: series is required to have at most 10 members; it has {count}."),
                r => r.At(Chart)["series"] =
                new JsonArray([.. Enumerable.Range(0, count).Select(_ => r.At(Chart + ".series[0]").DeepClone())]));
        }
        yield return Error("Series.points.Number",
            "root -> step Curve -> chart -> series one: xdata is required to hold numbers parted by semicolons; 'NaN' is none.",
            r => r.At(Chart + ".series[0]")["xdata"] = "0;NaN;2");
        yield return Error("Series.points.Number",
            "root -> step Curve -> chart -> series one: ydata is required to hold numbers parted by semicolons; '1,2' is none.",
            r => r.At(Chart + ".series[0]")["ydata"] = "0;1,2;2");
        yield return Error("Series.points.Equal",
            "root -> step Curve -> chart -> series one: xdata and ydata are required to hold equally many numbers; they hold 2 and 3.",
            r => r.At(Chart + ".series[0]")["xdata"] = "0;1");
        yield return Error("Series.points.Equal",
            "root -> step Curve -> chart -> series one: xdata and ydata are required to hold equally many numbers; they hold 3 and 1.",
            r => r.At(Chart + ".series[0]")["ydata"] = "0");
        foreach (var count in (int[])[10_001, 12_000])
        {
            yield return Error("Series.points.Count",
                string.Create(CultureInfo.InvariantCulture,
                $"root -> step Curve -> chart -> series one: A series is required to have at most 10000 points; it has {count}."), r =>
            {
                r.At(Chart + ".series[0]")["xdata"] = string.Join(';', Enumerable.Repeat("1", count));
                r.At(Chart + ".series[0]")["ydata"] = string.Join(';', Enumerable.Repeat("2", count));
            });
        }
        yield return Error("Loop.endingIndex.Highest",
            "root -> loop Loop: endingIndex is required to be the same as highest index.",
            r => { r.At("root.steps[9].loop")["endingIndex"] = 2; r.At("root.steps[9].loop")["num"] = 3; });
        yield return Error("Loop.endingIndex.Highest",
            "root -> loop Loop: endingIndex is required to be the same as highest index.", r => r.At("root.steps").AsArray().RemoveAt(11));
        yield return Error("Loop.num.OneMore",
            "root -> loop Loop: num is required to be one more than endingIndex.", r => r.At("root.steps[9].loop")["num"] = 1);
        yield return Error("Loop.num.OneMore",
            "root -> loop Loop: num is required to be one more than endingIndex.", r => r.At("root.steps[9].loop")["num"] = 3);
        yield return Error("Loop.Summary",
            "root -> loop Loop -> Index 0: Summary step is required before index steps.", r => r.At("root.steps").AsArray().RemoveAt(9));
        yield return Error("Loop.Summary",
            "root -> loop Other -> Index 1: Summary step is required before index steps.", r => r.At("root.steps[11]")["name"] = "Other");
        yield return Error("Loop.index.Fields",
            "root -> loop Loop -> Index 0: num is allowed in the Summary step only.", r => r.At("root.steps[10].loop")["num"] = 2);
        yield return Error("Loop.index.Fields",
            "root -> loop Loop -> Index 1: failed is allowed in the Summary step only.", r => r.At("root.steps[11].loop")["failed"] = 0);
        yield return Error("Loop.summary.Fields",
            "root -> loop Loop: passed is required.", r => r.At("root.steps[9].loop").AsObject().Remove("passed"));
        yield return Error("Loop.summary.Fields",
            "root -> loop Loop: num is required.", r => r.At("root.steps[9].loop").AsObject().Remove("num"));
        yield return Error("Loop.steps.Match",
            "root -> loop Loop -> Index 1: step Text in Summary step requires a match.",
            r => r.At("root.steps[11].steps").AsArray().Clear());
        yield return Error("Loop.steps.Match",
            "root -> loop Loop -> Index 0: step More in Summary step requires a match.",
            r => r.At("root.steps[10].steps").AsArray().Add(Action("More", 99)));
        yield return Error("Loop.limit.Match",
            "root -> loop Loop -> Index 1 -> step Text -> stringMeas: limit is required to match Summary step.",
            r => r.At("root.steps[11].steps[0].stringMeas[0]")["limit"] = "b");
        yield return Error("Loop.limit.Match",
            "root -> loop Loop -> Index 0 -> step Text -> stringMeas: limit is required to match Summary step.",
            r => r.At("root.steps[10].steps[0].stringMeas[0]")["limit"] = "A");
    }

    private static BrokenReport Error(string rule, string line, Action<JsonObject> change) =>
        Change(rule, FindingSeverity.Error, line, change);
    private static BrokenReport Warning(string rule, string line, Action<JsonObject> change) =>
        Change(rule, FindingSeverity.Warning, line, change);

    private static BrokenReport Change(string rule, FindingSeverity severity, string line, Action<JsonObject> change)
    {
        var report = RulesReport.New();
        change(report);
        return new BrokenReport("Wsjf." + rule, severity, line, report.ToJsonString());
    }

    private static BrokenReport Raw(string rule, FindingSeverity severity, string line, Func<string, string> change) =>
        new("Wsjf." + rule, severity, line, change(RulesReport.New().ToJsonString()));

    private static JsonObject Action(string name, int id) =>
        new() { ["id"] = id, ["group"] = "M", ["stepType"] = "ET_A", ["name"] = name, ["status"] = "D" };

    private static void Repair(JsonObject report)
    {
        report["type"] = "R";
        report["processCode"] = 500;
        report["result"] = "P";
    }

    private static void Start(JsonObject report, string time)
    {
        report["start"] = time + "+00:00";
        report["startUTC"] = time + "Z";
    }

    private static void Limits(JsonObject report, double? low, double? high)
    {
        var measurement = report.At(Idle + ".numericMeas[0]");
        measurement["lowLimit"] = low;
        measurement["highLimit"] = high;
    }
}
