using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using VteWats.Core.Diagnostics;
using VteWats.Core.IO;
using VteWats.Core.Operating.Alerts;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;

namespace VteWats.Core.Operating.Support;

/// <summary>What a package for support is made of.</summary>
public sealed record DiagnosticParts
{
    public required WatchedSites Watched { get; init; }

    /// <summary>Folder of the log; null where there is none.</summary>
    public string? LogFolder { get; init; }

    /// <summary>The configuration as JSON; references stay references.</summary>
    public string? Configuration { get; init; }

    /// <summary>Serial numbers stay in it.</summary>
    public bool WithSerialNumbers { get; init; }

    /// <summary>Further entries by name: what a database says of its schema, for instance.</summary>
    public IReadOnlyList<(string Name, Func<Task<string>> Text)> More { get; init; } = [];
}

/// <summary>
/// Packs what support needs into a zip. What cannot be found out is in it as the reason why. Known secrets are masked in all of it; serial
/// numbers are left out unless they are asked for.
/// </summary>
public sealed partial class DiagnosticPackage(DiagnosticParts parts)
{
    private const int Letters = 500, Events = 20_000, ShortestSerial = 3;

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly HashSet<string> _serials = new(StringComparer.Ordinal);

    /// <exception cref="VteWatsException"><c>FileUnusable</c>: it cannot be written.</exception>
    public async Task WriteAsync(string path, CancellationToken ct)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            // The letters first: their serial numbers are looked for in all that follows.
            foreach (var site in parts.Watched.Sites) await AddAsync(zip, $"{Stem(site.Name)}/letters.json", () => LettersOf(site.Name), ct)
                .ConfigureAwait(false);
            foreach (var site in parts.Watched.Sites) await AddAsync(zip, $"{Stem(site.Name)}/status.json", () => StatusOf(site.Name), ct)
                .ConfigureAwait(false);
            await AddAsync(zip, "health.json", () => Json(parts.Watched.Health().Select(site => new
            {
                site.Site, site.State, site.Reasons,
            })), ct).ConfigureAwait(false);
            await AddAsync(zip, "incidents.json", () => Json(new IncidentStore(parts.Watched.StateFolder).Read(all: true)), ct)
                .ConfigureAwait(false);
            await AddAsync(zip, "state.json", () => Json(StateCheck.Run(parts.Watched.StateFolder)), ct).ConfigureAwait(false);
            await AddAsync(zip, "log.txt", Log, ct).ConfigureAwait(false);
            await AddAsync(zip, "versions.txt", Versions, ct).ConfigureAwait(false);
            if (parts.Configuration is { } configuration) await AddAsync(zip, "configuration.json", () => configuration, ct)
                .ConfigureAwait(false);
            foreach (var (name, text) in parts.More) await AddAsync(zip, name, text, ct).ConfigureAwait(false);
        }
        try
        {
            AtomicFile.Write(path, bytes.ToArray(), ownerOnly: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(ErrorKind.FileUnusable, $"{path} cannot be written: {e.Message}",
                "Choose a folder that you may write to, with -Path.", path, e);
        }
    }

    private Task AddAsync(ZipArchive zip, string name, Func<string> text, CancellationToken ct) =>
        AddAsync(zip, name, () => Task.Run(text, ct), ct);

    private async Task AddAsync(ZipArchive zip, string name, Func<Task<string>> text, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        string content;
        try
        {
            content = await text().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // That it is not there is what support wants to see.
            name += ".error.txt";
            content = e is VteWatsException known ? $"{known.Error.Id}: {known.Message}\n{known.Advice}" : e.ToString();
        }
        var entry = zip.CreateEntry(name);
        using var writer = new StreamWriter(entry.Open(), new UTF8Encoding(false));
        await writer.WriteAsync(Shown(content).AsMemory(), ct).ConfigureAwait(false);
    }

    private string LettersOf(string site)
    {
        var counts = new FindingCounts();
        foreach (var letter in new DeadLetterStore(parts.Watched.StateFolder, site).Newest(Letters))
        {
            if (letter.SerialNumber?.Trim() is { Length: >= ShortestSerial } serial) _serials.Add(serial);
            counts.Add(letter);
        }
        return Json(counts.All);
    }

    private string StatusOf(string site)
    {
        var status = new StatusStore(parts.Watched.StateFolder, site).Read(parts.Watched.Time.GetUtcNow());
        // What is kept apart of it is left out of its own JSON.
        return Json(new
        {
            Status = status, status.Lag, status.Stages, status.Errors, status.Suspended, status.Comparison, status.BackfillRemaining,
            status.Totals,
        });
    }

    private string Log()
    {
        if (parts.LogFolder is not { } folder) return "There is no log.";
        var text = new StringBuilder();
        foreach (var entry in LogReader.Read(folder, new LogQuery { Last = Events }))
        {
            // What is told of a run may quote its serial number in any form.
            var isTold = parts.WithSerialNumbers || entry.RunId is null;
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{entry.Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {entry.Level} {entry.SyncId} {entry.Site} {entry.RunId} {entry.Source}: "
                + $"{(isTold ? PrintableText.Line(entry.Message) : "(about a test run)")}");
            if (isTold && entry.Exception is { } exception) text.AppendLine(PrintableText.Lines(exception));
        }
        return text.ToString();
    }

    private static string Versions() => string.Create(CultureInfo.InvariantCulture,
        $"VteWats {Release.Version}\n{Release.Runtime}\n{Release.System}\n{Release.Owner}\n{Environment.ProcessorCount} processors, "
        + $"{Environment.WorkingSet / 1048576} MB in use\n{TimeZoneInfo.Local.Id}, {DateTimeOffset.Now:o}\n");

    private string Shown(string text)
    {
        text = SecretMask.Scrub(text);
        if (parts.WithSerialNumbers) return text;
        text = QuotedSerial().Replace(text, "serial number ***");
        foreach (var serial in _serials.OrderByDescending(serial => serial.Length))
            text = text.Replace(serial, "***", StringComparison.Ordinal).Replace(Escaped(serial), "***", StringComparison.Ordinal);
        return text;
    }

    private static string Escaped(string text) => JsonSerializer.Serialize(text).Trim('"');

    private static string Stem(string site) => new SiteFiles(".", site).Stem;

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, Readable);

    // As messages of VteWats name one.
    [GeneratedRegex(@"serial number [^)\s][^)\r\n]*(?=\))")]
    private static partial Regex QuotedSerial();
}
