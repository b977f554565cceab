using System.Globalization;
using System.Text.Json.Nodes;
using VteWats.Core.Sync;
using VteWats.Core.Vte;

namespace VteWats.Core.Assistant;

/// <summary>How a run looks that is still under way: what only the newest runs have.</summary>
internal static class UnfinishedFinder
{
    // Older runs that have to be without the sign, and the age until which a run may have it.
    private const int Older = 200;
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(24);

    public static (UnfinishedOptions Rule, SiteDecision? Decision) Decide(PlantSample sample)
    {
        if (sample.Runs.Count == 0) return (new UnfinishedOptions(), null);
        var last = sample.Runs[^1].Timestamp;
        var newest = sample.Runs.Where(r => last - r.Timestamp < Fresh).ToList();
        var reasons = new List<string>();
        var time = Only(run => run.TestTime is null, "have no test time");
        var steps = Only(run => run.Steps is { Count: 0 }, "have no steps");
        var codes = newest.Select(r => r.ResultCode).OfType<int>().Distinct()
            .Where(code => Only(run => run.ResultCode == code && IsPartial(run, sample), string.Create(CultureInfo.InvariantCulture,
                $"have the result code {code} and no test time or fewer steps than usual"))
                && sample.Runs.All(r => r.ResultCode != code || last - r.Timestamp < Fresh))
            .Order().ToList();
        var rule = new UnfinishedOptions { ResultCodes = codes, WithoutTestTime = time, WithoutSteps = steps };
        if (reasons.Count == 0) return (rule, null);
        var json = new JsonObject();
        if (codes.Count > 0) json["resultCodes"] = new JsonArray([.. codes.Select(c => (JsonNode)JsonValue.Create(c))]);
        if (time) json["withoutTestTime"] = true;
        if (steps) json["withoutSteps"] = true;
        return (rule, new SiteDecision
        {
            Decision = "unfinished", Json = json, Certainty = DecisionCertainty.Likely,
            Evidence = string.Join(" ", reasons) + " Such runs are under way, and held until they are finished.",
        });

        bool Only(Func<VteTestRun, bool> sign, string words)
        {
            var fresh = newest.Count(sign);
            if (fresh == 0 || sample.Runs.Count(sign) > fresh) return false;
            var first = newest.First(sign).Timestamp;
            var older = sample.Runs.Count(r => r.Timestamp < first);
            if (older < Older) return false;
            reasons.Add(string.Create(CultureInfo.InvariantCulture,
                $"{fresh} runs {words}, all of them since {first:yyyy-MM-dd HH:mm}, and none of {older} older ones."));
            return true;
        }
    }

    private static bool IsPartial(VteTestRun run, PlantSample sample)
    {
        if (run.TestTime is null or 0) return true;
        var others = sample.Runs.Where(r => r.Testplan.Name == run.Testplan.Name && r.Id != run.Id).Select(r => r.Steps?.Count ?? 0)
            .DefaultIfEmpty(0).Max();
        return (run.Steps?.Count ?? 0) < others;
    }
}
