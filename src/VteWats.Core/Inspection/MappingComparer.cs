using System.Diagnostics;
using System.Text.Json;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;

namespace VteWats.Core.Inspection;

/// <summary>One of two ways to read and map the runs of a site.</summary>
/// <param name="Source">How its database is read.</param>
/// <param name="Mapping">How runs become reports.</param>
/// <param name="Clock">The site's clock.</param>
public sealed record MappingSide(VteSourceOptions Source, MappingOptions Mapping, SiteClock Clock);

/// <summary>Maps the same runs in two ways and tells by kind what would change in WATS. Nothing is posted or written.</summary>
/// <param name="used">As the site is configured.</param>
/// <param name="other">As it would be; it reads the same database.</param>
/// <param name="password">Password of the database's login.</param>
public sealed class MappingComparer(MappingSide used, MappingSide other, string? password)
{
    private const int ReadAtOnce = 200;

    private readonly ReportMapper _before = new(used.Mapping, used.Source.Site, used.Clock);
    private readonly ReportMapper _after = new(other.Mapping, other.Source.Site, other.Clock);
    private readonly MappingChanges _changes = new(used.Source.Site);
    private long _runs, _different, _neither;
    private DateTime? _first, _last;

    /// <summary>Told of each run, after it was mapped both ways.</summary>
    public Func<VteTestRun, Task> OnRun { get; init; } = static _ => Task.CompletedTask;

    /// <summary>The changes, one a kind; <see cref="Result"/> is whole then.</summary>
    /// <param name="query">Which runs.</param>
    /// <param name="ct">Ends it without a result.</param>
    /// <exception cref="VteWatsException">The database or a mapping cannot be used.</exception>
    public async Task<IReadOnlyList<MappingChange>> RunAsync(TestRunQuery query, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var source = await VteSource.OpenAsync(used.Source, used.Clock, password, ct).ConfigureAwait(false);
        await using var open = source.ConfigureAwait(false);
        // Where the other way names tables and columns as this one does, its runs are these.
        var otherSource = ReadsAlike() ? null
            : await VteSource.OpenAsync(other.Source with { Connection = used.Source.Connection }, other.Clock, password, ct)
                .ConfigureAwait(false);
        await using var openToo = (otherSource ?? (IAsyncDisposable)Stream.Null).ConfigureAwait(false);
        var waiting = new List<VteTestRun>(ReadAtOnce);
        await foreach (var run in source.ReadAsync(query with { HeaderOnly = false }, ct).ConfigureAwait(false))
        {
            if (otherSource is null) await CompareAsync(run, Restamped(run)).ConfigureAwait(false);
            else
            {
                waiting.Add(run);
                if (waiting.Count == ReadAtOnce) await CompareAsync(waiting, otherSource, ct).ConfigureAwait(false);
            }
        }
        if (otherSource is not null) await CompareAsync(waiting, otherSource, ct).ConfigureAwait(false);
        Result = new MappingComparison
        {
            Site = used.Source.Site, Runs = _runs, Different = _different, Unmappable = _neither, First = _first, Last = _last,
            Mapping = used.Mapping.FingerprintText(), OtherMapping = other.Mapping.FingerprintText(), Duration = watch.Elapsed,
        };
        return [.. _changes.All()];
    }

    /// <summary>The sum of it, when it has run.</summary>
    public MappingComparison? Result { get; private set; }

    private bool ReadsAlike() => used.Source.KeptValueBytes == other.Source.KeptValueBytes
        && JsonSerializer.Serialize(used.Source.SchemaProfile) == JsonSerializer.Serialize(other.Source.SchemaProfile);

    private VteTestRun Restamped(VteTestRun run) => used.Clock.ZoneId == other.Clock.ZoneId ? run
        : run with { Start = other.Clock.ToInstant(run.Timestamp) };

    private async Task CompareAsync(List<VteTestRun> runs, VteSource otherSource, CancellationToken ct)
    {
        if (runs.Count == 0) return;
        var read = new Dictionary<Guid, VteTestRun>();
        var query = new TestRunQuery { Ids = runs.ConvertAll(run => run.Id), SettleTime = TimeSpan.Zero };
        await foreach (var run in otherSource.ReadAsync(query, ct).ConfigureAwait(false)) read[run.Id] = run;
        foreach (var run in runs)
            if (read.TryGetValue(run.Id, out var same)) await CompareAsync(run, same).ConfigureAwait(false);
        runs.Clear();
    }

    private Task CompareAsync(VteTestRun run, VteTestRun otherRun)
    {
        _runs++;
        _first ??= run.Timestamp;
        _last = run.Timestamp;
        var (before, whyNot) = Map(_before, run);
        var (after, whyNotOther) = Map(_after, otherRun);
        if (before is null && after is null) _neither++;
        else if (before is null || after is null)
        {
            _different++;
            _changes.Add([(after is null ? MappingChangeKind.Unmappable : MappingChangeKind.Mappable,
                new MappingExample(run.Id, run.SerialNumber, "report", whyNot ?? "a report", whyNotOther ?? "a report"))]);
        }
        else if (!ReportSameness.AreSame(before, after))
        {
            _different++;
            _changes.Add(ReportChanges.Between(before, after, _before.PathsOf(run.Steps!), _after.PathsOf(otherRun.Steps!)));
        }
        return OnRun(run);
    }

    private static (WatsReport? Report, string? WhyNot) Map(ReportMapper mapper, VteTestRun run)
    {
        try { return (mapper.Map(run), null); }
        catch (VteWatsException e) when (e.Error == ErrorKind.RunUnmappable) { return (null, string.Join(" ", e.Findings)); }
    }
}
