using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VteWats.Core.Diagnostics;
using VteWats.Core.IO;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Schema;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Operating.Evidence;

/// <summary>Proves of a stretch of time that WATS holds what VTE holds, as a page that a customer signs. It changes nothing.</summary>
/// <param name="services">The parts of the site.</param>
/// <param name="wats">The client.</param>
public sealed class EvidenceMaker(SyncServices services, WatsClient wats)
{
    private const int LettersLookedAt = 500;

    // Runs fail for what no limit shows; that most of them do is another thing.
    private const double RunsAllowed = 0.2, RangesAllowed = 0.2;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Told how many runs were read so far.</summary>
    public Func<string, Task> OnProgress { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Looks, and writes the page and its data.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="path">The page; the data lie beside it under the same name with <c>.json</c>.</param>
    /// <param name="ct">Ends it, and writes nothing.</param>
    /// <exception cref="VteWatsException">The database or WATS cannot be read, or the files not be written.</exception>
    public async Task<EvidenceSummary> WriteAsync(EvidenceOptions options, string path, CancellationToken ct)
    {
        var data = await LookAsync(options, ct).ConfigureAwait(false);
        var json = JsonSerializer.SerializeToUtf8Bytes(data, Json);
        var (page, hash) = EvidencePage.Render(data, LargeValue.Hex(SHA256.HashData(json)));
        var beside = Path.ChangeExtension(path, ".json");
        try
        {
            AtomicFile.Write(beside, json);
            AtomicFile.Write(path, page);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(ErrorKind.FileUnusable, $"The evidence {path} cannot be written: {e.Message}",
                "Check the folder, its permissions and the space on the disk.", path, e);
        }
        return new EvidenceSummary
        {
            Site = data.Site, Path = path, JsonPath = beside, Since = data.Since, Until = data.Until, Runs = data.Days.Sum(day => day.Vte),
            Missing = data.Days.Sum(day => day.Missing), Seed = options.Seed, Compared = data.Accuracy.Compared,
            Inaccurate = data.Accuracy.Findings.Count, OpenFindings = data.Open.Count, Hash = hash,
        };
    }

    internal async Task<EvidenceData> LookAsync(EvidenceOptions options, CancellationToken ct)
    {
        var (site, clock) = (services.Site, services.Clock);
        var opened = await services.OpenSource(ct).ConfigureAwait(false);
        await using var open = opened.ConfigureAwait(false);
        var source = (VteSource)opened;
        var now = await source.UtcNowAsync(ct).ConfigureAwait(false);
        var runs = new RunEvidence(site.Name, clock, site.Mapping, now);
        var read = 0;
        var query = new TestRunQuery { Since = options.Since, Until = options.Until, OnUnreadable = static _ => Task.CompletedTask };
        await foreach (var run in source.ReadAsync(query, ct).ConfigureAwait(false))
        {
            runs.Add(run);
            if (++read % 500 == 0) await OnProgress(FormattableString.Invariant($"{read} runs read")).ConfigureAwait(false);
        }
        var shown = new Dictionary<Guid, bool>();
        var firsts = runs.FirstOfUnit.Values.Select(first => first.Id).ToHashSet();
        var completeness = new Completeness(services, wats, source, now)
        {
            Random = new Random(options.Seed), Draw = options.Runs,
            OnShown = (id, verdict) => { if (firsts.Contains(id)) shown[id] = verdict == "Passed"; },
        };
        await OnProgress("Counting what WATS holds").ConfigureAwait(false);
        var days = await completeness.CountAsync(Second(clock.ToLocal(options.Since)), Second(clock.ToLocal(options.Until)), ct)
            .ConfigureAwait(false);

        using var connection = await source.Database.OpenAsync(ct).ConfigureAwait(false);
        var reader = new PlainReader(connection, source.Schema, source.Database.CommandTimeoutSeconds);
        var zone = TimeZones.Find(clock.ZoneId);
        await OnProgress("Comparing runs drawn at random").ConfigureAwait(false);
        var accuracy = await CompareAsync(completeness.Drawn, options.Seed, reader, zone, ct).ConfigureAwait(false);
        var changes = await new ClockChanges(source, reader, wats, zone, site.Mapping.TimestampIs == MappingOptions.End)
            .FindAsync(options.Until, ct).ConfigureAwait(false);
        var schema = SchemaCheck.Compare(await Catalogue.ReadAsync(connection, ct).ConfigureAwait(false),
            SchemaProfile.From(site.SchemaProfile));
        var status = new StatusStore(services.StateFolder, site.Name).Read(now);
        var (median, usual) = completeness.Lag;
        var data = new EvidenceData
        {
            Site = site.Name, Source = source.Identity, Target = services.Target, Version = Release.Version, Runtime = Release.Runtime,
            System = Release.System, MadeAt = services.Time.GetUtcNow(), Since = options.Since, Until = options.Until,
            TimeZone = clock.ZoneId, TargetVersion = await VersionAsync(ct).ConfigureAwait(false),
            ConfigurationFingerprint = LargeValue.Hex(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(site))),
            MappingFingerprint = site.Mapping.FingerprintText(),
            Schema = [.. schema.Where(f => f.Severity != FindingSeverity.Information).Select(f =>
                new EvidenceLine($"{f.Severity}: {f.Physical}", f.Message, f.Fix))],
            Quality = runs.Quality,
            Decisions = runs.Decisions(site.TimestampIs, site.Rows.IsAll ? "the whole database" : site.Rows.ToString(),
                Unfinished(site.Unfinished), days.Sum(day => day.Held)),
            Accuracy = accuracy, Days = days, ClockChanges = changes, Products = Yields(runs, shown),
            Speed = new EvidenceSpeed
            {
                MostADay = days.Count == 0 ? 0 : days.Max(day => day.Vte), MostAnHour = completeness.MostAnHour,
                LastRate = status.LastEnd is null ? null : status.Rate, MedianLagMinutes = median, LongestUsualLagMinutes = usual,
            },
        };
        return data with { Open = EvidenceFindings.Of(data, schema, Letters(), site.Mapping) };
    }

    private async Task<EvidenceAccuracy> CompareAsync(
        IReadOnlyList<Guid> drawn, int seed, PlainReader reader, TimeZoneInfo zone, CancellationToken ct)
    {
        var mapping = services.Site.Mapping;
        var check = new AccuracyCheck(services.Site.Name, mapping, zone);
        var (compared, absent) = (0, 0);
        foreach (var id in drawn)
        {
            var answer = await wats.GetReportAsync(id, ct).ConfigureAwait(false);
            var run = await Task.Run(() => reader.Read(id), ct).ConfigureAwait(false);
            if (answer is null || run is null) absent++;
            else
            {
                check.Compare(run, new PlainReport(answer));
                compared++;
            }
        }
        return new EvidenceAccuracy
        {
            Seed = seed, Drawn = drawn.Count, Compared = compared, NotInWats = absent, Fields = check.Fields, Findings = check.Findings,
            Ids = drawn,
            Steps = EvidenceJudged.From(check.Steps, mapping.VerdictAgainstLimitsShare),
            Runs = EvidenceJudged.From(check.Runs, RunsAllowed), Limits = EvidenceJudged.From(check.Limits, RangesAllowed),
        };
    }

    private async Task<string?> VersionAsync(CancellationToken ct)
    {
        try { return await wats.GetVersionAsync(ct).ConfigureAwait(false); }
        // A server may keep that to itself.
        catch (VteWatsException) { return null; }
    }

    private IReadOnlyList<DeadLetterCount> Letters()
    {
        var counts = new FindingCounts();
        foreach (var letter in services.DeadLetters.Newest(LettersLookedAt)) counts.Add(letter);
        return [.. counts.All];
    }

    private static List<EvidenceYield> Yields(RunEvidence runs, Dictionary<Guid, bool> shown) =>
    [
        .. runs.FirstOfUnit.GroupBy(unit => unit.Key.Product, unit => unit.Value).Select(product => new EvidenceYield(
            product.Key.Length == 0 ? "(no product)" : product.Key, product.Count(), product.Count(first => first.Passed),
            product.Count(first => shown.ContainsKey(first.Id)), product.Count(first => shown.GetValueOrDefault(first.Id))))
            .OrderByDescending(product => product.Units),
    ];

    private static string Unfinished(UnfinishedOptions options)
    {
        var words = new StringBuilder();
        if (options.ResultCodes.Count > 0) words.Append("result codes ").AppendJoin(", ", options.ResultCodes).Append("; ");
        if (options.WithoutTestTime) words.Append("without test time; ");
        if (options.WithoutSteps) words.Append("without steps; ");
        return words.Length == 0 ? "none" : words.ToString().TrimEnd(' ', ';');
    }

    private static DateTime Second(DateTime local) => new(local.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);
}
