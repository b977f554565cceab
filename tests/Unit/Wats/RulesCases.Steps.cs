using System.Globalization;
using System.Text.Json.Nodes;
using VteWats.Core.Diagnostics;

namespace VteWats.Unit.Wats;

/// <summary>What a step, its measurements and the steps of a loop say to each other.</summary>
internal static partial class RulesCases
{
    private static IEnumerable<BrokenReport> StepRelations()
    {
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
    }

    private static IEnumerable<BrokenReport> LoopRelations()
    {
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
}
