using System.Globalization;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Configuration;

/// <summary>The keys about operating it: log, health and metrics.</summary>
internal static class OperatingSchema
{
    public static readonly ConfigObject Logging = new("The rolling log file.",
    [
        new("folder", new ConfigText("Folder of the log files; 'logs' in the state folder when left out. "
            + "Relative to the folder of this file.") { OrNull = true }),
        new("level", new ConfigText("Least severe events that are logged; None for no log.")
        {
            Choices = ["Verbose", "Debug", "Information", "Warning", "Error", LoggingOptions.Off],
        }),
        new("format", new ConfigText("text, or json for one JSON object a line with the names of Serilog's compact format.")
        {
            Choices = ["text", LoggingOptions.Json],
        }),
        new("retainDays", new ConfigNumber("Days that log files are kept.", 1, 3650)),
        new("maxMegabytes", new ConfigNumber("Megabytes of all log files together; the oldest go first.", 5, 100_000)),
    ]);

    public static readonly ConfigObject Health = new("From when on Get-VteWatsHealth calls a site unhealthy or degraded.",
    [
        new("noProgressMinutes", new ConfigNumber(
            "Minutes that the source may be ahead, or syncs may fail, with nothing getting through: unhealthy after that.", 5, 10_080)),
        new("lagMinutes", new ConfigNumber("Age in minutes of the oldest run that is not safe, from which on a site is degraded.", 1,
            100_000)),
        new("clockSeconds", new ConfigNumber(
            "Seconds that the clocks of the database and of this machine may differ: degraded beyond.", 1, 86_400)),
        new("diskMegabytes", new ConfigNumber(
            "Free megabytes on the disk of the state folder: degraded below, and unhealthy below a tenth of it.", 0, 10_000_000)),
    ]);

    public static readonly ConfigObject Metrics = new("Metrics for a monitoring system that collects files.",
    [
        new("textfileFolder", new ConfigText(
            "Folder of the textfile collector of node or windows exporter: each sync writes vtewats_SITE.prom there; none when left out. "
            + "Relative to the folder of this file.") { OrNull = true }),
    ]);

    public static readonly ConfigText TokenExpires = new("Day on which the token runs out, such as 2027-01-31: health warns 30 days and "
        + "7 days before.")
    {
        OrNull = true, Pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        Check = static text => DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null
            : $"'{text}' is not a valid day such as 2027-01-31",
    };
}
