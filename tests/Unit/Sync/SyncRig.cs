using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Unit.Support;
using VteWats.Unit.Vte;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>A site with a live SQLite database, the sandbox, a state folder and a clock that the test moves.</summary>
public sealed class SyncRig : IAsyncDisposable
{
    private static readonly RetryTiming ShortPauses = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(4));

    private readonly TempFolder _folder = new();
    private readonly WatsClient _client;

    private SyncRig(SandboxServer wats, ManualTime time, SyncOptions? sync, int settleSeconds, WatsOptions? client)
    {
        Wats = wats;
        Time = time;
        Sync = sync ?? new SyncOptions();
        Database = _folder.File("vte.db");
        State = _folder.File("state");
        ReadingSample.Empty(Database);
        Direct = ReadingSample.Direct(Database);
        Direct.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;");
        Site = ReadingSample.Site(Database) with
        {
            Connection = new ConnectionOptions { Path = Database, SettleSeconds = settleSeconds },
            Mapping = new MappingOptions { DefaultProcessCode = 10, MissingSerialNumber = null },
        };
        Configuration = (client ?? new WatsOptions { MaxAttempts = 1 }) with
        {
            BaseUrl = wats.BaseUrl.ToString(),
            RequestsPerMinute = 0,
            MassRejectionShare = 0,
            ThrottleLimit = 8,
        };
        _client = WatsClient.Create(Configuration, wats.Token, null, null, ShortPauses);
    }

    public SandboxServer Wats { get; }
    internal ManualTime Time { get; }
    public string Database { get; }
    public string State { get; }
    public string Folder => _folder.Path;
    public SiteOptions Site { get; set; }
    public SyncOptions Sync { get; }
    public WatsOptions Configuration { get; set; }
    public SqliteConnection Direct { get; }
    internal WatermarkStore Watermarks => new(State, Site.Name, Time);
    internal DeadLetterStore Letters => new(State, Site.Name, Sync.DeadLetterLimits(), Time);

    internal static async Task<SyncRig> StartAsync(DateTimeOffset now, SyncOptions? sync = null, int settleSeconds = 60,
        SandboxOptions? options = null, WatsOptions? client = null)
    {
        var time = new ManualTime(now);
        return new SyncRig(await SandboxServer.StartAsync(options ?? new SandboxOptions()), time, sync, settleSeconds, client);
    }

    /// <summary>Asks the state database.</summary>
    public long Scalar(string sql, object? values = null) =>
        new StateDatabase(State).Read(connection => connection.ExecuteScalar<long>(sql, values));

    /// <summary>Changes the state database behind its back.</summary>
    public void Execute(string sql, object? values = null) =>
        new StateDatabase(State).Write(null, (connection, transaction) => connection.Execute(sql, values, transaction));

    /// <summary>The state as a power cut would leave it now: a copy of its files, whoever has them open.</summary>
    public string CrashImage()
    {
        var image = Path.Combine(Folder, $"crash-{Guid.NewGuid():N}");
        Directory.CreateDirectory(image);
        // SQLite makes the index of its log anew.
        foreach (var file in Directory.GetFiles(State).Where(file => file.EndsWith(".db", StringComparison.Ordinal)
            || file.EndsWith("-wal", StringComparison.Ordinal) || file.EndsWith(".json", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(image, Path.GetFileName(file)));
        return image;
    }

    /// <summary>Puts the state of a crash in the place of the state.</summary>
    public void Restart(string image)
    {
        Directory.Delete(State, recursive: true);
        Directory.CreateDirectory(State);
        foreach (var file in Directory.GetFiles(image)) File.Copy(file, Path.Combine(State, Path.GetFileName(file)));
    }

    public DateTime Local => SyncTestData.Oslo.ToLocal(Time.GetUtcNow());

    public async Task<VteSource> OpenAsync(CancellationToken ct = default)
    {
        var source = await TestSource.OpenAsync(Site, null, ct);
        source.SimulatedTime = Time;
        return source;
    }

    public SyncServices Parts(SyncRequest options) =>
        SyncServices.Create(Site, SyncTestData.Oslo, null, State, Sync, Configuration, _client, options, VteWatsLog.None, Time) with
        {
            OpenSource = async ct => await OpenAsync(ct),
        };

    public Task<SyncSummary> RunAsync(SyncRequest? options = null, Func<SyncServices, SyncServices>? change = null,
        CancellationToken stop = default)
    {
        options ??= new SyncRequest();
        options = options with { InitialSince = options.InitialSince ?? DateTimeOffset.UnixEpoch };
        var parts = Parts(options);
        return new SiteSync(change is null ? parts : change(parts), options).RunAsync(stop);
    }

    public Guid Insert(DateTime timestamp, int steps = 2, string? serial = null, Guid? id = null)
    {
        var run = id ?? Guid.NewGuid();
        Unit(serial ?? $"SN-{run:N}", out var unit);
        ReadingSample.Insert(Direct, run, Text(timestamp), steps, unit);
        return run;
    }

    /// <summary>Runs of as many days ago, a minute apart.</summary>
    public void InsertRuns(int count, int daysAgo = 1)
    {
        using var transaction = Direct.BeginTransaction();
        var start = Local.AddDays(-daysAgo);
        for (var i = 0; i < count; i++) Insert(start.AddMinutes(i));
        transaction.Commit();
    }

    /// <summary>The steps of a run whose header is there already.</summary>
    public void AddSteps(Guid run, int steps)
    {
        var key = run.ToString("D").ToUpperInvariant();
        for (var n = 1; n <= steps; n++)
        {
            Direct.Execute(
                "INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, TestName, TestResult, TestResultType) VALUES (@key, @n, "
                + "'Step', @n, 1)", new { key, n });
        }
    }

    /// <summary>Every run of the database that a report can be made of, as a report of today.</summary>
    public async Task<IReadOnlyDictionary<Guid, byte[]>> ExpectedAsync()
    {
        var mapper = new ReportMapper(Site.Mapping, Site.Name);
        await using var source = await OpenAsync();
        var expected = new Dictionary<Guid, byte[]>();
        await foreach (var run in source.ReadAsync(new TestRunQuery(), CancellationToken.None))
        {
            try { expected[run.Id] = Wsjf.ToUtf8(mapper.Map(run)); }
            catch (VteWatsException e) when (e.Error == ErrorKind.RunUnmappable) { /* its letter is asked for by the test */ }
        }
        return expected;
    }

    /// <summary>Every settled run, but those with a letter, is in WATS once, with the content that the database has.</summary>
    public async Task AssertCompleteAsync(bool butLetters = false)
    {
        var expected = new Dictionary<Guid, byte[]>(await ExpectedAsync());
        if (butLetters)
            await foreach (var letter in Letters.ReadAsync()) expected.Remove(letter.RunId);
        Assert.Equal(expected.Keys.Order(), Wats.Store.Ids.Order());
        // A twin that arrives late takes over the start of its twin, which WATS then holds to be the same report; the twin has changed by
        // that,
        // and is sent again right after it. What counts is that both are there now.
        foreach (var (id, report) in expected)
            Assert.Equal(Encoding.UTF8.GetString(report), Encoding.UTF8.GetString(Wats.Store.Find(id)!.Body!));
    }

    public static string Text(DateTime timestamp) =>
        timestamp.ToString("yyyy-MM-dd HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Direct.DisposeAsync();
        await Wats.DisposeAsync();
        _folder.Dispose();
    }

    private void Unit(string serial, out string unit)
    {
        unit = new Guid(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(serial))[..16]).ToString("D")
            .ToUpperInvariant();
        Direct.Execute("INSERT OR IGNORE INTO UutData (Uut_GUID, Serial) VALUES (@unit, @serial)", new { unit, serial });
    }
}
