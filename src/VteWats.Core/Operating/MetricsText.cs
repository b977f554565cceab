using System.Globalization;
using System.Text;
using VteWats.Core.Sync.State;

namespace VteWats.Core.Operating;

/// <summary>
/// The status of sites as Prometheus reads it (text format 0.0.4): the same text for <c>/metrics</c> and for the textfile of an exporter.
/// Totals are of all processes that ever synced with this state.
/// </summary>
internal static class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly Metric[] Simple =
    [
        new("runs_read_total", "counter", "Runs read from VTE to be sent.", s => Total(s, Totals.RunsRead)),
        new("reports_sent_total", "counter", "Reports that WATS took.", s => Total(s, Totals.ReportsSent)),
        new("reports_skipped_total", "counter", "Reports that were in WATS already.", s => Total(s, Totals.ReportsSkipped)),
        new("reports_rejected_total", "counter", "Runs that became dead letters.", s => Total(s, Totals.ReportsRejected)),
        new("late_runs_total", "counter", "Runs that were found behind the watermark.", s => Total(s, Totals.LateRuns)),
        new("retries_total", "counter", "Posts that were tried again.", s => Total(s, Totals.Retries)),
        new("deadletter_items", "gauge", "Dead letters that wait.", s => s.Letters),
        new("deadletter_capacity", "gauge", "Dead letters that are kept at most.", s => s.LetterCapacity),
        new("sync_lag_seconds", "gauge", "Age of the oldest run that is neither in WATS nor in the dead letters.", s => s.Lag.TotalSeconds),
        new("waiting_runs", "gauge", "Settled runs in VTE behind the watermark when the last sync began.",
            s => s.OldestWaiting is null ? 0 : s.Waiting),
        new("unconfirmed_reports", "gauge", "Reports that WATS took and does not show yet.", s => s.Unconfirmed),
        new("unconfirmed_overdue_reports", "gauge", "Those of them that were sent more than a day ago.", s => s.UnconfirmedForADay),
        new("last_attempt_timestamp_seconds", "gauge", "When a sync last showed that it runs.", s => Unix(s.LastBeat ?? s.LastAttempt)),
        new("last_success_timestamp_seconds", "gauge", "When a sync last ended without a failure.", s => Unix(s.LastSuccess)),
        new("last_progress_timestamp_seconds", "gauge", "When a run last got through.", s => Unix(s.LastProgress)),
        new("waiting_since_timestamp_seconds", "gauge", "Since when runs wait; 0 where none does.", s => Unix(s.WaitingSince) ?? 0),
        new("sync_interval_seconds", "gauge", "Time between two syncs.", s => s.IntervalMinutes * 60),
        new("sync_exit_code", "gauge", "Exit code of the last sync: 0, or 10 with dead letters, is well.", s => s.ExitCode),
        new("source_connected", "gauge", "1 when the last sync could open the database.",
            s => s.SourceConnected is { } connected ? connected ? 1 : 0 : null),
        new("suspended", "gauge", "1 while somebody has suspended the site.", s => s.Suspended is null ? 0 : 1),
        new("clock_difference_seconds", "gauge", "How far the database's clock is ahead of this machine's.",
            s => s.ClockDifference?.TotalSeconds),
        new("backfill_remaining_runs", "gauge", "Runs that a backfill under way has not sent yet.", s => s.BackfillRemaining ?? 0),
        new("request_budget_remaining", "gauge", "Requests that the limit of the token still had when the last sync looked.",
            s => s.RequestsLeft),
        new("comparison_timestamp_seconds", "gauge", "When VTE and WATS were compared last.", s => Unix(s.Comparison?.At)),
        new("comparison_differences", "gauge", "Differences that the last comparison found and did not mend.",
            s => s.Comparison is { } c ? c.Missing + c.OtherVerdict + c.OtherSteps + c.NotInVte - c.Repaired : null),
    ];

    /// <param name="sites">The sites.</param>
    /// <param name="measure">Of it the day on which the token runs out, and the room on the disk.</param>
    public static string Render(IReadOnlyList<SiteStatus> sites, HealthMeasure? measure = null)
    {
        var text = new StringBuilder();
        foreach (var metric in Simple)
        {
            var samples = sites.Select(site => (Site: site.Site, Value: metric.Value(site))).Where(sample => sample.Value is not null)
                .ToList();
            if (samples.Count == 0) continue;
            Head(text, metric.Name, metric.Type, metric.Help);
            foreach (var (site, value) in samples) Sample(text, metric.Name, value!.Value, ("site", site));
        }
        Histogram(text, Totals.Upload, "upload_duration_seconds", "Time that a report took, with its retries.", sites);
        Histogram(text, Totals.SqlRead, "sql_read_duration_seconds", "Time that a sync waited for the database.", sites);
        if (measure?.Expires is { } expires)
        {
            Head(text, "token_expiry_timestamp_seconds", "gauge", "When the token of WATS runs out.");
            Sample(text, "token_expiry_timestamp_seconds", expires.ToUnixTimeSeconds());
        }
        if (measure?.FreeBytes is { } free)
        {
            Head(text, "disk_free_bytes", "gauge", "Room on the disk of the state folder.");
            Sample(text, "disk_free_bytes", free);
        }
        if (sites.Count > 0)
        {
            Head(text, "build_info", "gauge", "Release that synced last; the value is always 1.");
            foreach (var site in sites) Sample(text, "build_info", 1, ("site", site.Site), ("version", site.Version ?? Release.Version),
                ("runtime", site.Runtime ?? Release.Runtime));
        }
        return text.ToString();
    }

    private static double? Total(SiteStatus status, string name) => status.Totals.GetValueOrDefault(name);

    private static double? Unix(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds() / 1000d;

    private static void Histogram(StringBuilder text, string total, string name, string help, IReadOnlyList<SiteStatus> sites)
    {
        if (sites.Count == 0) return;
        Head(text, name, "histogram", help);
        foreach (var site in sites)
        {
            var count = 0d;
            for (var i = 0; i <= DurationHistogram.Bounds.Length; i++)
            {
                count += site.Totals.GetValueOrDefault(DurationHistogram.Bucket(total, i));
                Sample(text, name + "_bucket", count, ("site", site.Site),
                    ("le", i < DurationHistogram.Bounds.Length ? Number(DurationHistogram.Bounds[i]) : "+Inf"));
            }
            Sample(text, name + "_sum", site.Totals.GetValueOrDefault(DurationHistogram.Sum(total)), ("site", site.Site));
            Sample(text, name + "_count", count, ("site", site.Site));
        }
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP vtewats_").Append(name).Append(' ').Append(help).Append("\n# TYPE vtewats_").Append(name).Append(' ')
            .Append(type).Append('\n');

    private static void Sample(StringBuilder text, string name, double value, params (string Name, string Value)[] labels)
    {
        text.Append("vtewats_").Append(name);
        if (labels.Length > 0)
            text.Append('{').AppendJoin(',', labels.Select(label => $"{label.Name}=\"{Escaped(label.Value)}\"")).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Escaped(string text) => text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"",
        StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private sealed record Metric(string Name, string Type, string Help, Func<SiteStatus, double?> Value);
}
