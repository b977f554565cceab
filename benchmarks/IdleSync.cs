using System.Diagnostics;
using System.Globalization;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;

namespace VteWats.Benchmarks;

/// <summary>
/// <c>state-idle FOLDER</c>: takes the runs of the folder's database for sent, and then syncs with nothing new: each time, once a day with
/// headers and step counts, and once a week the whole ledger. In a process of its own, for figures of memory.
/// </summary>
internal static class IdleSync
{
    private static readonly SiteClock Clock = SiteClock.For("UTC");

    public static async Task<int> RunAsync(string[] args)
    {
        var (database, state) = (Path.Combine(args[0], "vte.db"), Path.Combine(args[0], "state"));
        var site = new SiteOptions { Name = "Oslo", TimeZone = "UTC", Connection = new ConnectionOptions { Path = database } };
        var time = new Time();
        var since = Stopwatch.GetTimestamp();
        var runs = await TakeForSentAsync(site, state, time).ConfigureAwait(false);
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        var bytes = new FileInfo(Path.Combine(state, "state.db")).Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{runs} runs in {seconds:0} s into the ledger"));
        Figures.Result("sync.ledger_mb", bytes / 1048576.0);
        Figures.Result("sync.ledger_bytes_a_run", (double)bytes / runs);

        var whole = await SyncAsync(site, state, time).ConfigureAwait(false);
        var idle = new List<Idle>();
        for (var i = 0; i < 9; i++)
        {
            time.Advance(TimeSpan.FromMinutes(5));
            idle.Add(await SyncAsync(site, state, time).ConfigureAwait(false));
        }
        time.Advance(TimeSpan.FromHours(25));
        var deep = await SyncAsync(site, state, time).ConfigureAwait(false);
        var usual = idle.OrderBy(sync => sync.Milliseconds).ElementAt(idle.Count / 2);
        Console.WriteLine($"{"",-24}{"ms",10}{"census ms",12}{"rows read",12}{"MB now",10}");
        foreach (var (name, sync) in new[] { ("every sync", usual), ("once a day", deep), ("once a week", whole) })
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-24}{sync.Milliseconds,10:0}{sync.CensusMilliseconds,12:0}{sync.Rows,12}{sync.Megabytes,10:0}"));
        }
        Figures.Result("sync.idle_ms", usual.Milliseconds);
        Figures.Result("sync.idle_rows", usual.Rows);
        Figures.Result("sync.census_ms", usual.CensusMilliseconds);
        Figures.Result("sync.census_deep_ms", deep.CensusMilliseconds);
        Figures.Result("sync.census_whole_ms", whole.CensusMilliseconds);
        using var self = Process.GetCurrentProcess();
        Figures.Result("sync.idle_peak_mb", self.PeakWorkingSet64 / 1048576.0);
        return 0;
    }

    private static async Task<long> TakeForSentAsync(SiteOptions site, string state, TimeProvider time)
    {
        using var open = new StateDatabase(state).KeepOpen();
        var store = new WatermarkStore(state, site.Name, time);
        var source = await OpenAsync(site, time).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var checkpoint = Services(site, state, time, source).Checkpoint(null, DateTimeOffset.UnixEpoch);
            ReadSession? session = null;
            var query = new TestRunQuery { Checkpoint = checkpoint };
            await foreach (var run in source.ReadAsync(query, CancellationToken.None).ConfigureAwait(false))
            {
                session = run.Mark!.Session;
                run.Mark.Acknowledge(RunOutcome.InWats);
                if (session.Acknowledged % 5000 == 0) store.Advance(session, Target);
            }
            if (session is not null) store.Advance(session, Target);
            return session?.Acknowledged ?? 0;
        }
    }

    private static async Task<Idle> SyncAsync(SiteOptions site, string state, TimeProvider time)
    {
        var source = new CountingSource(await OpenAsync(site, time).ConfigureAwait(false));
        var since = Stopwatch.GetTimestamp();
        var sync = new SiteSync(Services(site, state, time, source), new SyncRequest());
        var summary = await sync.RunAsync(CancellationToken.None).ConfigureAwait(false);
        var milliseconds = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        if (summary.Error is { } error) throw new InvalidOperationException(error.Message, error);
        if (summary.Uploaded + summary.Late + summary.Changed > 0) throw new InvalidOperationException("It was not idle.");
        using var self = Process.GetCurrentProcess();
        return new Idle(milliseconds, source.CensusTime.TotalMilliseconds, source.Rows + summary.Read, self.WorkingSet64 / 1048576.0);
    }

    private const string Target = "https://wats.example.test";

    private static async Task<VteSource> OpenAsync(SiteOptions site, TimeProvider time)
    {
        var source = await VteSource.OpenAsync(site.ToSource(), Clock, null, CancellationToken.None).ConfigureAwait(false);
        source.SimulatedTime = time;
        return source;
    }

    private static SyncServices Services(SiteOptions site, string state, TimeProvider time, IVteSource source) => new()
    {
        Site = site,
        StateFolder = state,
        Target = Target,
        Clock = Clock,
        Time = time,
        DeadLetters = new DeadLetterStore(state, site.Name, time: time),
        OpenSource = _ => Task.FromResult(source),
        Send = static (reports, _) => NothingAsync(reports),
        Log = VteWatsLog.None,
    };

    private static async IAsyncEnumerable<WatsReceipt> NothingAsync(IAsyncEnumerable<WatsReport> reports)
    {
        await foreach (var report in reports.ConfigureAwait(false)) throw new InvalidOperationException($"{report.Id} was to be sent.");
        yield break;
    }

    private sealed record Idle(double Milliseconds, double CensusMilliseconds, long Rows, double Megabytes);

    private sealed class Time : TimeProvider
    {
        private DateTimeOffset _now = HistoryDatabase.Now;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }

    // Counts what the census reads, and how long the database takes for it.
    private sealed class CountingSource(IVteSource source) : IVteSource
    {
        public long Rows { get; private set; }
        public TimeSpan CensusTime { get; private set; }
        public string Identity => source.Identity;
        public string Site => source.Site;
        public IAsyncEnumerable<VteTestRun> ReadAsync(TestRunQuery query, CancellationToken ct) => source.ReadAsync(query, ct);
        public Task<long> CountAsync(TestRunQuery query, CancellationToken ct) => source.CountAsync(query, ct);
        public Task<DateTimeOffset> UtcNowAsync(CancellationToken ct) => source.UtcNowAsync(ct);
        public Task<RunsAhead> CountAheadAsync(int samples, CancellationToken ct) => source.CountAheadAsync(samples, ct);
        public ValueTask DisposeAsync() => source.DisposeAsync();

        public Task<IReadOnlyList<HourCount>> CountByHourAsync(DateTime localFrom, DateTime localTo, CancellationToken ct) =>
            CountedAsync(() => source.CountByHourAsync(localFrom, localTo, ct), hours => hours.Count);

        public Task<RunsWaiting> CountWaitingAsync(DateTime localFrom, DateTime localTo, CancellationToken ct) =>
            source.CountWaitingAsync(localFrom, localTo, ct);

        public Task<IReadOnlyDictionary<Guid, int>> CountStepsAsync(DateTime localFrom, DateTime localTo, CancellationToken ct) =>
            CountedAsync(() => source.CountStepsAsync(localFrom, localTo, ct), counts => counts.Count);

        public Task<IReadOnlyDictionary<Guid, int>> CountStepsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
            CountedAsync(() => source.CountStepsAsync(ids, ct), counts => counts.Count);

        public async IAsyncEnumerable<RunKey> ReadKeysAsync(
            DateTime localFrom, DateTime localTo, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
        {
            var since = Stopwatch.GetTimestamp();
            await foreach (var key in source.ReadKeysAsync(localFrom, localTo, ct).ConfigureAwait(false))
            {
                Rows++;
                yield return key;
            }
            CensusTime += Stopwatch.GetElapsedTime(since);
        }

        private async Task<T> CountedAsync<T>(Func<Task<T>> read, Func<T, int> rows)
        {
            var since = Stopwatch.GetTimestamp();
            var answer = await read().ConfigureAwait(false);
            CensusTime += Stopwatch.GetElapsedTime(since);
            Rows += rows(answer);
            return answer;
        }
    }
}
