using System.Globalization;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;
using VteWats.Unit.Support;

namespace VteWats.Unit.Plants;

/// <summary>Says in which points the reports that a configuration gives differ from what really happened at a plant.</summary>
internal static class PlantJudge
{
    private const int Most = 20;

    /// <summary>The first differences; none where the configuration is right.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(SiteOptions site, IReadOnlyList<TrueRun> truth)
    {
        var clock = SiteClock.For(site.TimeZone);
        var mapper = new ReportMapper(site.Mapping, site.Name, clock);
        var left = truth.ToDictionary(run => run.Id);
        var found = new List<string>();
        await using var source = await TestSource.OpenAsync(site, null, CancellationToken.None);
        await foreach (var run in source.ReadAsync(new TestRunQuery(), CancellationToken.None))
        {
            if (!left.Remove(run.Id, out var true_)) found.Add($"{run.Id}: nobody tested that");
            else
            {
                try { found.AddRange(Compare(true_, mapper.Map(run)).Select(what => $"{run.Id}: {what}")); }
                catch (VteWatsException e) { found.Add(e.Message); }
            }
            if (found.Count >= Most) return found;
        }
        found.AddRange(left.Keys.Take(Most).Select(id => $"{id}: it was not read"));
        return found;
    }

    private static IEnumerable<string> Compare(TrueRun run, WatsReport report)
    {
        if (report.Sn != run.Serial) yield return $"serial number {report.Sn}, was {run.Serial}";
        if (report.Pn != run.Product) yield return $"part number {report.Pn}, was {run.Product}";
        if (report.Rev != (run.Revision ?? "-")) yield return $"revision {report.Rev}, was {run.Revision}";
        if (report.ProcessCode != run.Operation) yield return Text($"operation {report.ProcessCode}, was {run.Operation}");
        if (report.ResultCode != run.Verdict) yield return $"verdict {report.ResultCode}, was {run.Verdict}";
        if (report.MachineName != run.Station) yield return $"station {report.MachineName}, was {run.Station}";
        // A part of a millisecond may tell apart reports that WATS would take for one.
        if (report.StartUtc is not { } start || (start - run.Begin).Duration() >= TimeSpan.FromMilliseconds(1))
            yield return Text($"start {report.StartUtc:O}, was {run.Begin.ToUniversalTime():O}");
        if (report.Uut?.ExecTime != run.Seconds) yield return Text($"test time {report.Uut?.ExecTime}, was {run.Seconds}");
        var steps = report.Root?.Steps ?? [];
        if (steps.Count != run.Steps.Count) yield return Text($"{steps.Count} steps, were {run.Steps.Count}");
        foreach (var (was, step) in run.Steps.Zip(steps))
            foreach (var what in Compare(was, step)) yield return $"step {was.Name}: {what}";
    }

    private static IEnumerable<string> Compare(TrueStep was, WatsStep step)
    {
        if (step.Name != was.Name) yield return $"named {step.Name}";
        // What nobody judged is done; a pass with no value to show for it is skipped.
        var measured = was.Value is not null || was.Text is not null;
        var status = was.Verdict switch { "D" when measured => "P", "P" when !measured => "S", var verdict => verdict };
        if (step.Status != status) yield return $"status {step.Status}, was {status}";
        if (was.Text is not null)
        {
            if (step.StringMeas?[0].Value != was.Text) yield return $"text {step.StringMeas?[0].Value}, was {was.Text}";
            yield break;
        }
        var value = step.NumericMeas?[0];
        if (value?.Value != was.Value) yield return Text($"value {value?.Value}, was {was.Value}");
        if (value is null) yield break;
        if (value.Unit != was.Unit) yield return $"unit {value.Unit}, was {was.Unit}";
        var limits = value.CompOp switch
        {
            "GELE" => (value.LowLimit, value.HighLimit),
            "GE" => (value.LowLimit, (double?)null),
            "LE" => (null, value.LowLimit),
            _ => (null, null),
        };
        if (limits != (was.Low, was.High)) yield return Text($"limits {limits}, were {(was.Low, was.High)}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
