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
