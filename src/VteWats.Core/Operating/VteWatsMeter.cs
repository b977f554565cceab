using System.Diagnostics.Metrics;

namespace VteWats.Core.Operating;

/// <summary>
/// The meter <c>VteWats</c>: what syncs of this process do, for whoever listens (dotnet-counters, OpenTelemetry). The totals of all
/// processes are in the state, and <see cref="MetricsText"/> shows those.
/// </summary>
internal static class VteWatsMeter
{
    public const string Name = "VteWats";

    private static readonly Meter Meter = new(Name, Release.Version);

    private static readonly Dictionary<string, Counter<long>> Counters = new(StringComparer.Ordinal)
    {
        [Totals.RunsRead] = Meter.CreateCounter<long>("vtewats.runs.read", "{run}", "Runs read from VTE."),
        [Totals.ReportsSent] = Meter.CreateCounter<long>("vtewats.reports.sent", "{report}", "Reports that WATS took."),
        [Totals.ReportsSkipped] = Meter.CreateCounter<long>("vtewats.reports.skipped", "{report}", "Reports that WATS had already."),
        [Totals.ReportsRejected] = Meter.CreateCounter<long>("vtewats.reports.rejected", "{report}", "Runs that became dead letters."),
        [Totals.LateRuns] = Meter.CreateCounter<long>("vtewats.runs.late", "{run}", "Runs that came behind the watermark."),
        [Totals.Retries] = Meter.CreateCounter<long>("vtewats.retries", "{request}", "Posts that were tried again."),
    };

    public static readonly Histogram<double> UploadDuration =
        Meter.CreateHistogram<double>("vtewats.upload.duration", "s", "Time from a report's turn to its receipt.");

    public static readonly Histogram<double> SqlReadDuration =
        Meter.CreateHistogram<double>("vtewats.sql.read.duration", "s", "Time that a sync waited for the database.");

    /// <summary>Adds to the counter of a total; a total that is no counter is left alone.</summary>
    public static void Add(string total, double value, string site)
    {
        if (value > 0 && Counters.TryGetValue(total, out var counter)) counter.Add((long)value, Site(site));
    }

    public static KeyValuePair<string, object?> Site(string site) => new("site", site);
}

/// <summary>Names under which totals are kept in the state.</summary>
internal static class Totals
{
    public const string RunsRead = "runs_read";
    public const string ReportsSent = "reports_sent";
    public const string ReportsSkipped = "reports_skipped";
    public const string ReportsRejected = "reports_rejected";
    public const string LateRuns = "late_runs";
    public const string Retries = "retries";
    public const string Upload = "upload_duration";
    public const string SqlRead = "sql_read_duration";
}
