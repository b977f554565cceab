using System.Text;
using Dapper;
using Microsoft.Data.SqlClient;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Schema;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>Syncs of a live SQL Server: steps that come late, and a lock whose session ends in the middle.</summary>
public sealed class SqlServerSyncTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

    [SqlServerFact]
    public async Task Of_200_runs_whose_steps_come_up_to_3_minutes_late_none_is_left_half_behind_a_band_of_1_minute()
    {
        await using var plant = await Plant.StartAsync();
        var random = new Random(7);
        var later = new PriorityQueue<Guid, DateTimeOffset>();
        for (var i = 0; i < 200; i++)
        {
            plant.Time.Advance(TimeSpan.FromSeconds(20));
            later.Enqueue(plant.Insert(steps: 1), plant.Time.GetUtcNow().AddSeconds(random.Next(180)));
            while (later.TryPeek(out _, out var due) && due <= plant.Time.GetUtcNow()) plant.AddSteps(later.Dequeue(), 3);
            if (i % 6 == 0) Assert.Null((await plant.RunAsync("here")).Error);
        }
        while (later.TryDequeue(out var run, out _)) plant.AddSteps(run, 3);
        plant.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, (await plant.RunAsync("here")).ExitCode);
        Assert.Equal(200, plant.Wats.Store.Count);
        await plant.AssertCompleteAsync();
    }

    [SqlServerFact]
    public async Task A_sync_whose_lock_went_with_its_session_posts_nothing_more_and_no_report_goes_twice()
    {
        await using var plant = await Plant.StartAsync();
        for (var i = 0; i < 200; i++)
        {
            plant.Time.Advance(TimeSpan.FromSeconds(20));
            plant.Insert(steps: 1);
        }
        plant.Time.Advance(TimeSpan.FromMinutes(5));
        IDatabaseLease? elsewhere = null;
        var first = await plant.RunAsync("here", services => services with { Send = (reports, ct) => services.Send(Held(reports), ct) });
        Assert.Equal((ErrorKind.LeaseLost, 20), (first.Error?.Error, first.ExitCode));
        Assert.Equal(40, plant.Wats.Requests.Posts);
        await elsewhere!.DisposeAsync();
        var second = await plant.RunAsync("there");
        Assert.Equal((null, 160), (second.Error, second.Uploaded));
        Assert.Equal(200, plant.Wats.Requests.Posts);
        await plant.AssertCompleteAsync();

        // Between two lots the session is ended, and somebody on another machine takes the lock.
        async IAsyncEnumerable<WatsReport> Held(IAsyncEnumerable<WatsReport> reports)
        {
            var n = 0;
            await foreach (var report in reports)
            {
                if (n++ == 40)
                {
                    await plant.PostedAsync(40);
                    plant.EndLockingSessions();
                    elsewhere = await plant.LockAsync("elsewhere");
                }
                yield return report;
            }
        }
    }

    /// <summary>A live database on the SQL Server of the tests, the sandbox, and a clock that the test moves.</summary>
    private sealed class Plant : IAsyncDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly ScratchDatabase _scratch = new();
        private readonly SqlConnection _db;
        private readonly WatsClient _client;
        private readonly WatsOptions _wats;
        private readonly SiteOptions _site;

        private Plant(SandboxServer wats)
        {
            Wats = wats;
            _db = _scratch.Connect();
            foreach (var statement in SchemaScript.SqlServer(SchemaProfile.Default)) _db.Execute(statement);
            // A name of its own: some servers have one set of application locks for all their databases.
            _site = _scratch.Site with
            {
                Name = _scratch.Name,
                Connection = Connection(new SqlConnectionStringBuilder(_scratch.Site.Connection.ConnectionString) { Pooling = true }),
                Mapping = new MappingOptions { DefaultProcessCode = 10, MissingSerialNumber = null },
            };
            _wats = new WatsOptions { BaseUrl = wats.BaseUrl.ToString(), RequestsPerMinute = 0, MaxAttempts = 1, ThrottleLimit = 8 };
            _client = WatsClient.Create(_wats, wats.Token);
        }

        public SandboxServer Wats { get; }

        public ManualTime Time { get; } = new(Now);

        public static async Task<Plant> StartAsync() => new(await SandboxServer.StartAsync(new SandboxOptions()));

        public Guid Insert(int steps)
        {
            var (run, unit) = (Guid.NewGuid(), Guid.NewGuid());
            _db.Execute(
                """
                INSERT INTO UutData (Uut_GUID, Serial) VALUES (@unit, @serial);
                INSERT INTO IndexData (Index_GUID, Uut_GUID, Timestamp, Result, ProductName) VALUES (@run, @unit, @timestamp, 1, N'P');
                """,
                new { run, unit, serial = $"SN-{run:N}", timestamp = SyncTestData.Oslo.ToLocal(Time.GetUtcNow()) });
            AddSteps(run, steps);
            return run;
        }

        public void AddSteps(Guid run, int steps)
        {
            for (var n = 1; n <= steps; n++)
                _db.Execute("INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, TestName, TestResult, TestResultType) VALUES (@run, "
                    + "@n, N'Step', @n, 1)", new { run, n });
        }

        /// <summary>A sync of a machine that keeps its state in a folder of its own.</summary>
        public Task<SyncSummary> RunAsync(string machine, Func<SyncServices, SyncServices>? change = null)
        {
            var request = new SyncRequest { InitialSince = DateTimeOffset.UnixEpoch };
            var services = SyncServices.Create(_site, SyncTestData.Oslo, _scratch.Password, _folder.File(machine),
                new SyncOptions { GuardBandMinutes = 1 }, _wats, _client, request, VteWatsLog.None, Time);
            services = services with
            {
                OpenSource = async _ => await OpenAsync(),
                DatabaseLease = async _ => await LockAsync(_scratch.Name),
            };
            return new SiteSync(change is null ? services : change(services), request).RunAsync(CancellationToken.None);
        }

        /// <summary>The lock of a sync, held by a session of this name.</summary>
        public async Task<IDatabaseLease> LockAsync(string session)
        {
            var site = _site with
            {
                Connection = Connection(new SqlConnectionStringBuilder(_site.Connection.ConnectionString) { ApplicationName = session }),
            };
            var lease = await SqlServerLease.TryAcquireAsync(VteDatabase.Create(site.ToSource(), _scratch.Password), site.Name,
                new SyncRequest().Purpose, VteWatsLog.None, CancellationToken.None);
            Assert.NotNull(lease);
            return lease;
        }

        /// <summary>Ends the sessions that hold the lock of a sync, as an administrator would.</summary>
        public void EndLockingSessions()
        {
            var sessions = _db.Query<int>("SELECT session_id FROM sys.dm_exec_sessions WHERE program_name = @Name", new { _scratch.Name });
            _db.Execute($"KILL {Assert.Single(sessions)}");
        }

        public async Task PostedAsync(int reports)
        {
            while (Wats.Requests.Posts < reports) await Task.Delay(10);
        }

        /// <summary>Every run is in WATS with the content that the database has.</summary>
        public async Task AssertCompleteAsync()
        {
            var mapper = new ReportMapper(_site.Mapping, _site.Name);
            await using var source = await OpenAsync();
            var runs = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
            Assert.Equal(runs.Select(run => run.Id).Order(), Wats.Store.Ids.Order());
            foreach (var run in runs)
                Assert.Equal(Encoding.UTF8.GetString(Wsjf.ToUtf8(mapper.Map(run))),
                    Encoding.UTF8.GetString(Wats.Store.Find(run.Id)!.Body!));
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await _db.DisposeAsync();
            await Wats.DisposeAsync();
            _scratch.Dispose();
            _folder.Dispose();
        }

        private static ConnectionOptions Connection(SqlConnectionStringBuilder settings) =>
            new() { ConnectionString = settings.ConnectionString };

        private async Task<VteSource> OpenAsync()
        {
            var source = await TestSource.OpenAsync(_site, _scratch.Password, CancellationToken.None);
            source.SimulatedTime = Time;
            return source;
        }
    }
}
