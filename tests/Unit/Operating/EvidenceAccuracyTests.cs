using System.Text.Json.Nodes;
using VteWats.Core.Mapping;
using VteWats.Core.Operating.Evidence;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Schema;
using VteWats.Unit.Architecture;
using VteWats.Unit.Plants;

namespace VteWats.Unit.Operating;

/// <summary>The accuracy of the evidence catches each planted fault, and reports none where none is planted.</summary>
public sealed class EvidenceAccuracyTests
{
    private static readonly MadeUpPlant Plant = MadeUpPlant.All[0];

    public static TheoryData<int> Plants => [.. Enumerable.Range(0, MadeUpPlant.All.Count)];

    [Theory]
    [MemberData(nameof(Plants))]
    public async Task Nothing_is_reported_where_nothing_is_planted(int plant)
    {
        await using var rig = await EvidenceRig.StartAsync(MadeUpPlant.All[plant]);
        var data = await rig.LookAsync();
        Assert.Empty(data.Accuracy.Findings);
        Assert.True(data.Accuracy.IsClean);
        Assert.Equal((40, 40, 0), (data.Accuracy.Drawn, data.Accuracy.Compared, data.Accuracy.NotInWats));
        Assert.True(data.Accuracy.Fields > 40 * 15);
        Assert.True(data.Accuracy.Steps.Judged > 40);
        Assert.Empty(data.Open);
    }

    [Fact]
    public async Task One_fault_in_what_wats_holds_is_caught_whichever_it_is()
    {
        await using var rig = await EvidenceRig.StartAsync(Plant);
        var drawn = (await rig.LookAsync()).Accuracy.Ids;
        foreach (var (field, change) in Faults())
        {
            // The first of the drawn reports that the fault can be planted in.
            foreach (var run in drawn)
            {
                var planted = false;
                var before = await rig.PlantAsync(run, report => planted = change(report));
                if (!planted) continue;
                var data = await rig.LookAsync();
                Assert.All(data.Accuracy.Findings, finding => Assert.Equal(run, finding.RunId));
                Assert.Contains(data.Accuracy.Findings, finding => finding.Field.Contains(field, StringComparison.Ordinal));
                Assert.Contains(data.Open, line => line.What == "Accuracy" && line.Found.Contains($"{run}", StringComparison.Ordinal));
                await rig.PutAsync(run, before);
                goto caught;
            }
            Assert.Fail($"No drawn report could bear a wrong {field}.");
        caught: { }
        }
        Assert.Empty((await rig.LookAsync()).Open);
    }

    [Fact]
    public async Task Codes_that_are_swapped_in_the_mapping_and_in_wats_alike_are_caught_by_the_limits()
    {
        await using var rig = await EvidenceRig.StartAsync(Plant, Swapped);
        var data = await rig.LookAsync(site: Swapped(rig.Site) with
        {
            Mapping = Swapped(rig.Site).Mapping with { VerdictAgainstLimitsShare = 0.05 },
        });
        // By itself the comparison sees nothing wrong: the same wrong meaning on both sides.
        Assert.Empty(data.Accuracy.Findings);
        Assert.True(data.Accuracy.Steps.IsTooMuch && data.Accuracy.Runs.IsTooMuch);
        Assert.Equal(2, data.Open.Count(line => line.What == "Judged anew"));
        Assert.Contains("is failed in WATS", data.Accuracy.Steps.Examples[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_that_the_schema_profile_exchanges_are_caught()
    {
        await using var rig = await EvidenceRig.StartAsync(Plant, Exchanged);
        var data = await rig.LookAsync(site: Exchanged(rig.Site));
        Assert.True(data.Accuracy.Limits.IsTooMuch);
        Assert.Contains(data.Open, line => line.Found.Contains("low limit above the high one", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_zone_that_was_wrong_when_the_runs_were_sent_is_an_hour_in_every_report()
    {
        await using var rig = await EvidenceRig.StartAsync(Plant, site => site with { TimeZone = "Europe/Helsinki" });
        var data = await rig.LookAsync();
        Assert.Equal(data.Accuracy.Compared, data.Accuracy.Findings.Count(finding => finding.Field == "start"));
        Assert.Single(data.Open, line => line.What == "Accuracy");
    }

    [Fact]
    public void The_plain_reading_shares_no_code_with_the_reader_and_the_mapper()
    {
        const string Evidence = "VteWats.Core.Operating.Evidence.", Mapping = "VteWats.Core.Mapping.", Schema = "VteWats.Core.Vte.Schema.";
        var used = LayerWalk.UsedBy(typeof(VteTestRun).Assembly.Location,
        [
            Evidence + nameof(PlainReader), Evidence + nameof(PlainReport), Evidence + nameof(PlainRun), Evidence + nameof(AccuracyCheck),
        ]);
        Assert.Contains(Mapping + nameof(MappingOptions), used);
        // What the site has decided is data; names of tables come from the profile.
        Assert.Empty(used.Where(type => type.StartsWith("VteWats", StringComparison.Ordinal)
            && !type.StartsWith(Evidence, StringComparison.Ordinal)).Except([
                Mapping + nameof(MappingOptions), Mapping + nameof(OperationRule), Schema + nameof(BoundSchema),
                Schema + nameof(DatabaseProvider)]));
    }

    private static Core.Sync.SiteOptions Swapped(Core.Sync.SiteOptions site) => site with
    {
        Mapping = site.Mapping with
        {
            ResultCodes = new Dictionary<int, string> { [0] = "P", [1] = "F" },
            StepResultCodes = new Dictionary<int, string> { [0] = "P", [1] = "F", [2] = "D" },
            VerdictAgainstLimitsShare = 1,
        },
    };

    private static Core.Sync.SiteOptions Exchanged(Core.Sync.SiteOptions site)
    {
        var columns = new Dictionary<string, string>(site.SchemaProfile.Columns);
        (columns["TestDataNumeric.LowLimit"], columns["TestDataNumeric.HighLimit"]) =
            (columns["TestDataNumeric.HighLimit"], columns["TestDataNumeric.LowLimit"]);
        return site with
        {
            SchemaProfile = site.SchemaProfile with { Columns = columns },
            Mapping = site.Mapping with { VerdictAgainstLimitsShare = 1 },
        };
    }

    // Each is planted in one report; false where it has nothing to plant it in.
    private static IEnumerable<(string Field, Func<JsonObject, bool> Change)> Faults()
    {
        yield return ("verdict", report =>
        {
            var verdict = report["result"]!.GetValue<string>() == "P" ? "F" : "P";
            report["result"] = verdict;
            report["root"]!["status"] = verdict;
            return true;
        }
        );
        yield return ("status", report => Measured(report, (step, measured) =>
        {
            var status = step["status"]!.GetValue<string>() == "P" ? "F" : "P";
            step["status"] = status;
            measured["status"] = status;
        }));
        yield return ("start", report =>
        {
            var start = DateTimeOffset.Parse(report["start"]!.GetValue<string>(), null).AddHours(1);
            report["start"] = start.ToString("O");
            report["startUTC"] = start.UtcDateTime.ToString("O");
            return true;
        }
        );
        yield return ("limit", report => Measured(report, (_, measured) =>
        {
            var (low, high) = (measured["lowLimit"]!.GetValue<double>(), measured["highLimit"]!.GetValue<double>());
            measured["lowLimit"] = high;
            measured["highLimit"] = low;
        }, "GELE"));
        yield return ("step", report => report["root"]!["steps"] is JsonArray { Count: > 1 } steps && Remove(steps));
        yield return ("value", report => Measured(report, (_, measured) =>
            measured["value"] = Math.Round(measured["value"]!.GetValue<double>(), 2)));
        yield return ("operation", report =>
        {
            report["processCode"] = report["processCode"]!.GetValue<int>() == 50 ? 10 : 50;
            return true;
        }
        );
        yield return ("unit", report => Measured(report, (_, measured) => measured["unit"] = "m" + measured["unit"]!.GetValue<string>()));
        yield return ("serial number", report =>
        {
            report["sn"] = report["sn"]!.GetValue<string>() + "0";
            return true;
        }
        );
        yield return ("text", report => report["root"]!["steps"]!.AsArray().FirstOrDefault(step => step!["stringMeas"] is not null)
            is { } step && Change(step["stringMeas"]![0]!));
    }

    private static bool Remove(JsonArray steps)
    {
        // The mark of the failing step must not go with it.
        var last = steps.Last(step => step!["causedSeqFailure"] is null)!;
        return steps.Remove(last);
    }

    private static bool Change(JsonNode measured)
    {
        measured["value"] = "other";
        return true;
    }

    private static bool Measured(JsonObject report, Action<JsonNode, JsonNode> change, string? compOp = null)
    {
        var step = report["root"]!["steps"]!.AsArray().FirstOrDefault(step => step!["numericMeas"]?[0] is { } measured
            && measured["compOp"]!.GetValue<string>() is var op && (compOp is null ? op != "LOG" : op == compOp)
            && Math.Round(measured["value"]!.GetValue<double>(), 2) != measured["value"]!.GetValue<double>());
        if (step is null) return false;
        change(step, step["numericMeas"]![0]!);
        return true;
    }
}
