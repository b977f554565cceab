using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Shared;

namespace VteWats.Benchmarks;

/// <summary>
/// What the state costs: a save of 100 runs beside 1,000 and 100,000 known ones, all within the guard band; and a site with a long history
/// (1,000,000 runs, or as many as are given), 1,000 a day: its size, and a sync with nothing new.
/// </summary>
internal static class StateBenchmark
{
    private const int Batch = 100;
    private const int Saves = 40;
    private static readonly SiteClock Clock = SiteClock.For("UTC");

    public static async Task<int> RunAsync(string[] args)
    {
        var runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("vtewats-bench-").FullName;
        try
        {
            SaveCost(folder);
            var history = Path.Combine(folder, "history");
            Directory.CreateDirectory(history);
            HistoryDatabase.Fill(Path.Combine(history, "vte.db"), runs, HistoryDatabase.Now);
            using var child = ChildProcess.Start(typeof(StateBenchmark).Assembly.Location, ["state-idle", history]);
            var end = await ChildProcess.EndOf(child, TimeSpan.FromMinutes(30)).ConfigureAwait(false);
            Console.Write(end.Output + end.Error);
            return end.ExitCode;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The two take turns, so that whatever else the machine does meets both.
    private static void SaveCost(string folder)
    {
        var few = new Site(Path.Combine(folder, "few"), 1000);
        var many = new Site(Path.Combine(folder, "many"), 100_000);
        var (ofFew, ofMany) = (new List<double>(), new List<double>());
        using (few.Open())
        using (many.Open())
        {
            for (var i = 0; i < Saves; i++)
            {
                ofFew.Add(few.Save(Batch));
                ofMany.Add(many.Save(Batch));
            }
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"a save of {Batch} runs: {Median(ofFew):0.00} ms with 1,000 known runs, {Median(ofMany):0.00} ms with 100,000"));
        Figures.Result("sync.save_ms", Median(ofMany));
        Figures.Result("sync.save_ratio", Median(ofMany) / Median(ofFew));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    // A site whose runs are read, acknowledged and kept, without a database or a server.
    private sealed class Site
    {
        private readonly string _folder;
        private readonly WatermarkStore _store;
        private readonly ReadSession _session;
        private DateTime _next = new(2026, 1, 1);

        public Site(string folder, int known)
        {
            _folder = folder;
            _store = new WatermarkStore(folder, "Oslo");
            using (Open())
            {
                _session = Begin();
                for (var saved = 0; saved < known; saved += 1000) Save(1000);
                // A reading of its own, as a sync begins it.
                _session = Begin();
            }
        }

        public IDisposable Open() => new StateDatabase(_folder).KeepOpen();

        public double Save(int runs)
        {
            var page = Enumerable.Range(0, runs).Select(_ => Run()).ToList();
            _session.Checkpoint!.LookUp(page);
            foreach (var run in page) _session.Acknowledge(_session.Admit(run)!.Mark!.Sequence, RunOutcome.Sent);
            var since = Stopwatch.GetTimestamp();
            _store.Advance(_session, "https://wats.example.test");
            return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        }

        private ReadSession Begin() => new("Oslo", "benchmark", new Checkpoint(_folder, "Oslo", _store.Load(), new CheckpointOptions
        {
            Clock = Clock, GuardBand = TimeSpan.FromDays(7), InitialSince = DateTimeOffset.UnixEpoch, Target = "https://wats.example.test",
        }));

        private VteTestRun Run()
        {
            _next = _next.AddSeconds(2);
            var id = Guid.NewGuid();
            var hash = id.ToString("N") + id.ToString("N");
            return new VteTestRun
            {
                Id = id, Site = "Oslo", Timestamp = _next, Start = Clock.ToInstant(_next), ContentHash = hash, HeaderHash = hash,
            };
        }
    }
}

/// <summary>Lines to compare.</summary>
internal static class Figures
{
    public static void Result(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"RESULT {name} {value:0.###}"));
}

/// <summary>A VTE database with a long history: 1,000 runs a day up to now; those of the last 20 days have 40 steps, all others
/// one.</summary>
internal static class HistoryDatabase
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static void Fill(string file, int runs, DateTimeOffset now)
    {
        BenchmarkDatabase.Fill(file, 0);
        using var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        db.Open();
        Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000");
        Execute("CREATE TEMP TABLE Run (N INTEGER PRIMARY KEY, Id TEXT NOT NULL, At TEXT NOT NULL)");
        Execute($"""
            WITH RECURSIVE Number (N) AS (SELECT 0 UNION ALL SELECT N + 1 FROM Number WHERE N + 1 < {runs})
            INSERT INTO Run
            SELECT N, substr(R, 1, 8) || '-' || substr(R, 9, 4) || '-' || substr(R, 13, 4) || '-' || substr(R, 17, 4) || '-' || substr(R,
                21),
                strftime('%Y-%m-%d %H:%M:%f', '{now.UtcDateTime:yyyy-MM-dd HH:mm:ss}',
                    '-' || (120 + CAST(({runs} - N) * 86.4 AS INTEGER)) || ' seconds')
            FROM (SELECT N, hex(randomblob(16)) AS R FROM Number)
            """);
        Execute("INSERT INTO UutData (Uut_GUID, Serial, Product_GUID) SELECT Id, 'SN' || N, 'P' FROM Run");
        Execute("""
            INSERT INTO IndexData (Index_GUID, Uut_GUID, Product_GUID, Testplan_GUID, TestplanRevision_GUID, Testsystem_GUID, User_GUID,
                Timestamp, ExitCode, Result, TestTime, Hostname, Site, UserName, ProductName, TestplanName, TestplanVariant,
                    TestplanRevision, Info1)
            SELECT Id, Id, 'P', 'T', 'R', 'S', 'U', At, 0, 1, 42.5, 'ate01', 'Hall 2', 'Kari', 'Inverter 3000', 'Final test', 'EU', '1.4',
                'shift 2' FROM Run
            """);
        Execute($"""
            WITH RECURSIVE Step (N) AS (SELECT 1 UNION ALL SELECT N + 1 FROM Step WHERE N < 40)
            INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, TestName, TestDescription, TestNumber, TestUnits, TestResult, LowLimit,
                HighLimit, TestResultType)
            SELECT Run.Id, Step.N, 'Rail ' || Step.N || ' voltage', 'Output voltage at nominal load', Step.N, 'V', 5.0, 4.75, 5.25, 1
            FROM Run INNER JOIN Step ON Step.N = 1 OR Run.N >= {runs} - 20000
            """);

        void Execute(string sql)
        {
            using var command = db.CreateCommand();
            command.CommandText = sql;
            command.CommandTimeout = 0;
            command.ExecuteNonQuery();
        }
    }
}
