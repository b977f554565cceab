using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace VteWats.Core.Diagnostics;

/// <summary>What of a log is asked for; everything where nothing is said.</summary>
public sealed record LogQuery
{
    /// <summary>Whether a site is meant; null for all events, those of no site too.</summary>
    public Func<string, bool>? Site { get; init; }
    public string? SyncId { get; init; }
    public IReadOnlyCollection<Guid> RunIds { get; init; } = [];

    /// <summary>The least level.</summary>
    public LogLevel Level { get; init; }
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only so many of the newest.</summary>
    public int? Last { get; init; }

    internal bool Matches(LogEntry entry) => entry.Level >= Level && (Since is null || entry.Timestamp >= Since)
        && (Site is null || entry.Site is { } site && Site(site)) && (SyncId is null || entry.SyncId == SyncId)
        && (RunIds.Count == 0 || entry.RunId is { } run && RunIds.Contains(run));
}

/// <summary>Reads the log back, whatever its format, also while it is written.</summary>
public static partial class LogReader
{
    private static readonly string[] Levels = ["VRB", "DBG", "INF", "WRN", "ERR", "FTL"];

    /// <summary>The events of a folder in the order of their times; files of processes that ran beside each other are merged.</summary>
    /// <exception cref="VteWatsException"><c>FileUnusable</c>: a file cannot be read.</exception>
    public static IEnumerable<LogEntry> Read(string folder, LogQuery query)
    {
        var files = LogFiles.In(folder).Where(file => query.Since is not { } since || file.LastWriteTimeUtc >= since.UtcDateTime);
        var entries = Merged([.. files.Select(file => Entries(file.FullName).GetEnumerator())]).Where(query.Matches);
        return query.Last is { } last ? entries.TakeLast(last) : entries;
    }

    private static IEnumerable<LogEntry> Merged(IReadOnlyList<IEnumerator<LogEntry>> files)
    {
        try
        {
            var next = new PriorityQueue<IEnumerator<LogEntry>, (DateTimeOffset, int)>();
            for (var i = 0; i < files.Count; i++)
                if (files[i].MoveNext()) next.Enqueue(files[i], (files[i].Current.Timestamp, i));
            while (next.TryDequeue(out var file, out var place))
            {
                yield return file.Current;
                if (file.MoveNext()) next.Enqueue(file, (file.Current.Timestamp, place.Item2));
            }
        }
        finally
        {
            foreach (var file in files) file.Dispose();
        }
    }

    private static IEnumerable<LogEntry> Entries(string path)
    {
        LogEntry? entry = null;
        foreach (var line in Lines(path))
        {
            if (Parse(line, path) is { } begun)
            {
                if (entry is not null) yield return entry;
                entry = begun;
            }
            // What belongs to no event is the rest of one whose begin was cut off.
            else if (entry is not null && line.StartsWith(LogLineFormatter.Indent, StringComparison.Ordinal))
            {
                var part = line[LogLineFormatter.Indent.Length..];
                entry = entry with { Exception = entry.Exception is null ? part : $"{entry.Exception}{Environment.NewLine}{part}" };
            }
        }
        if (entry is not null) yield return entry;
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = Open(path);
        if (reader is null) yield break;
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static StreamReader? Open(string path)
    {
        try
        {
            return new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete),
                Encoding.UTF8);
        }
        catch (FileNotFoundException)
        {
            return null;   // it was too old
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(ErrorKind.FileUnusable, $"The log file {path} cannot be read: {e.Message}",
                "Read it as the account that runs the sync, or as an administrator.", path, e);
        }
    }

    private static LogEntry? Parse(string line, string path) => line.StartsWith('{') ? Json(line, path) : Text(line, path);

    private static LogEntry? Text(string line, string path)
    {
        var match = Head().Match(line);
        if (!match.Success || !DateTimeOffset.TryParseExact(match.Groups["time"].Value, "yyyy-MM-ddTHH:mm:ss.fffzzz",
            CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return null;
        return new LogEntry
        {
            Timestamp = time, Level = (LogLevel)Array.IndexOf(Levels, match.Groups["level"].Value), Source = Given("source"),
            SyncId = Given("sync"), RunId = Guid.TryParse(Given("run"), out var run) ? run : null, Site = Given("site"),
            Message = match.Groups["message"].Value, File = path,
        };

        string? Given(string group) => match.Groups[group] is { Success: true, Length: > 0 } found ? found.Value : null;
    }

    private static LogEntry? Json(string line, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            if (!DateTimeOffset.TryParse(Given("@t"), CultureInfo.InvariantCulture, out var time)) return null;
            return new LogEntry
            {
                Timestamp = time, Level = Enum.TryParse<LogLevel>(Given("@l"), out var level) ? level : LogLevel.Information,
                Source = Given(LogContextProperty.Source), SyncId = Given(LogContextProperty.SyncId), Site = Given(LogContextProperty.Site),
                RunId = Guid.TryParse(Given(LogContextProperty.RunId), out var run) ? run : null, Message = Given("@m") ?? "",
                Exception = Given("@x"), File = path,
            };

            string? Given(string name) =>
                json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null;   // the end of a file whose writer was killed
        }
    }

    [GeneratedRegex(@"^(?<time>\S+) (?<level>VRB|DBG|INF|WRN|ERR|FTL) (?<source>\w*) (\[(sync=(?<sync>[^ \]]+) ?)?"
        + @"(run=(?<run>[0-9a-f-]{36}) ?)?(site=(?<site>[^\]]+))?\] )?(?<message>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Head();
}
