using Dapper;
using Microsoft.Data.SqlClient;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Sample;
using VteWats.Core.Vte.Schema;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

/// <summary>The reader against a real SQL Server, in scratch databases of its own.</summary>
public class ReadingSqlServerTests
{
    [SqlServerFact]
    public async Task Runs_and_hashes_are_those_of_the_SQLite_sample()
    {
        using var folder = new TempFolder();
        var options = new SampleOptions { Runs = 400, Until = ReadingSample.Until };
        await SampleDatabase.CreateSqliteAsync(folder.File("a.db"), options);
        using var scratch = new ScratchDatabase();
        await SampleDatabase.CreateSqlServerAsync(scratch.ConnectionString, null, null, options);
        await using var lite = await TestSource.OpenAsync(ReadingSample.Site(folder.File("a.db")), null, CancellationToken.None);
        await using var server = await scratch.OpenAsync();
        server.FixedPageSize = 33;
        var expected = await lite.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        var found = await server.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        Assert.Equal(expected.ToDictionary(r => r.Id, r => r.ContentHash), found.ToDictionary(r => r.Id, r => r.ContentHash));
        // Within one timestamp SQL Server has an order of its own.
        Assert.Equal(expected.Select(r => r.Timestamp), found.Select(r => r.Timestamp));
        var serial = expected.First(r => r.SerialNumber is { } s && s != s.Trim() && s.Trim().Length > 0).SerialNumber!.Trim();
        foreach (var query in new[]
        {
            new TestRunQuery { Since = expected[100].Start, Until = expected[200].Start }, new TestRunQuery { Results = ["Failed", "9"] },
            new TestRunQuery { SerialNumbers = [serial] }, new TestRunQuery { SerialNumbers = ["*1*"], ProductNames = ["PSU*"] },
            new TestRunQuery { TestplanNames = ["*f[i]nal*"] },
            new TestRunQuery { StationNames = ["VTE-*"] }, new TestRunQuery { Ids = [expected[7].Id, expected[300].Id] },
        })
        {
            var wanted = await Ids(lite, query);
            Assert.NotEmpty(wanted);
            Assert.Equal(wanted.Order(), (await Ids(server, query)).Order());
        }
        Assert.Equal((await Ids(server, new TestRunQuery())).Reverse(), await Ids(server, new TestRunQuery { NewestFirst = true }));
        Assert.Equal(400, await server.CountAsync(new TestRunQuery(), CancellationToken.None));
        Assert.InRange(await server.UtcNowAsync(CancellationToken.None) - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(-10),
            TimeSpan.FromMinutes(10));
    }

    [SqlServerFact]
    public async Task The_census_counts_what_that_of_SQLite_counts()
    {
        using var folder = new TempFolder();
        var options = new SampleOptions { Runs = 400, Until = ReadingSample.Until };
        await SampleDatabase.CreateSqliteAsync(folder.File("a.db"), options);
        using var scratch = new ScratchDatabase();
        await SampleDatabase.CreateSqlServerAsync(scratch.ConnectionString, null, null, options);
        await using var lite = await TestSource.OpenAsync(ReadingSample.Site(folder.File("a.db")), null, CancellationToken.None);
        await using var server = await scratch.OpenAsync();
        var (from, to) = (DateTime.MinValue, DateTime.MaxValue);
        Assert.Equal(await lite.CountByHourAsync(from, to, CancellationToken.None),
            await server.CountByHourAsync(from, to, CancellationToken.None));
        Assert.Equal(await lite.CountStepsAsync(from, to, CancellationToken.None),
            await server.CountStepsAsync(from, to, CancellationToken.None));
        var keys = await lite.ReadKeysAsync(from, to, CancellationToken.None).ToListAsync();
        Assert.Equal(keys.ToDictionary(k => k.Id, k => k.HeaderHash),
            (await server.ReadKeysAsync(from, to, CancellationToken.None).ToListAsync()).ToDictionary(k => k.Id, k => k.HeaderHash));
        Assert.Equal(0, (await server.CountAheadAsync(3, CancellationToken.None)).Count);
        using var db = scratch.Connect();
        db.Execute("UPDATE TOP (7) IndexData SET Timestamp = '20990101 12:00:00'");
        var ahead = await server.CountAheadAsync(3, CancellationToken.None);
        Assert.Equal((7, 3), (ahead.Count, ahead.First.Count));
    }

    [SqlServerFact]
    public async Task Runs_of_few_timestamps_come_once_each_whatever_type_the_column_has()
    {
        foreach (var type in new[] { "datetime", "datetime2(3)", "datetime2(7)" })
        {
            using var scratch = new ScratchDatabase();
            using var db = scratch.Connect();
            foreach (var statement in SchemaScript.SqlServer(SchemaProfile.Default))
                db.Execute(statement.Contains("[IndexData]", StringComparison.Ordinal)
                    ? statement.Replace("[Timestamp] datetime", $"[Timestamp] {type}", StringComparison.Ordinal) : statement);
            var unit = Guid.NewGuid();
            db.Execute("INSERT INTO UutData (Uut_GUID, Serial) VALUES (@unit, N'SN1')", new { unit });
            var ids = Enumerable.Range(0, 600).Select(_ => Guid.NewGuid()).ToList();
            foreach (var (id, n) in ids.Select((id, n) => (id, n))) Insert(db, id, unit, $"2024-11-01T10:00:00.{n % 10 * 37:000}");
            await using var source = await scratch.OpenAsync();
            source.FixedPageSize = 64;
            source.RetryDelay = TimeSpan.FromMilliseconds(10);
            var (page, late) = (0, Guid.NewGuid());
            source.Executing += command =>
            {
                page++;
                if (page == 3) Insert(db, late, unit, "2024-11-01T10:00:30.000");
                if (page == 5) command.Connection!.Close();    // as a broken connection would: the page has to be read again
            };
            source.Executing += command =>
            {
                if (page == 5) throw new IOException("broken", new System.Net.Sockets.SocketException(10054));
            };
            var runs = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
            Assert.Equal(601, runs.Count);
            Assert.Equal(ids.Append(late).Order(), runs.Select(r => r.Id).Order());
            var middle = runs[250];
            var rest = await Ids(source, new TestRunQuery { After = new RunPosition(middle.Timestamp, middle.Id) });
            Assert.Equal(runs.Skip(251).Select(r => r.Id), rest);
        }
    }

    [SqlServerFact]
    public async Task Ctrl_C_ends_a_reading_that_another_session_blocks()
    {
        using var scratch = new ScratchDatabase();
        await SampleDatabase.CreateSqlServerAsync(scratch.ConnectionString, null, null,
            new SampleOptions { Runs = 50, Until = ReadingSample.Until });
        await using var source = await scratch.OpenAsync();
        using var blocker = scratch.Connect();
        using var transaction = blocker.BeginTransaction();
        // Stops readers also where a server shows them the last committed rows.
        blocker.Execute("ALTER TABLE IndexData ADD Blocked int NULL", transaction: transaction);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await source.ReadAsync(new TestRunQuery(), stop.Token)
            .ToListAsync());
        transaction.Rollback();
        Assert.Equal(50, (await Ids(source, new TestRunQuery())).Count);
    }

    [SqlServerFact]
    public async Task A_session_that_the_server_ends_is_opened_again_where_it_stopped()
    {
        using var scratch = new ScratchDatabase();
        await SampleDatabase.CreateSqlServerAsync(scratch.ConnectionString, null, null,
            new SampleOptions { Runs = 120, Until = ReadingSample.Until });
        using var admin = scratch.Connect();
        await using var source = await scratch.OpenAsync();
        source.FixedPageSize = 10;
        source.RetryDelay = TimeSpan.FromMilliseconds(10);
        var (page, retries) = (0, 0);
        source.Retrying += _ => retries++;
        source.Executing += command =>
        {
            if (++page is not (3 or 7)) return;
            using var ask = command.Connection!.CreateCommand();
            ask.CommandText = "SELECT @@SPID";
            admin.Execute($"KILL {ask.ExecuteScalar()}");
        };
        var runs = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        Assert.Equal(2, retries);
        Assert.Equal(120, runs.Select(r => r.Id).Distinct().Count());
        Assert.Equal(120, runs.Count);
    }

    [SqlServerFact]
    public async Task Sixty_sources_of_one_login_share_their_sessions()
    {
        using var scratch = new ScratchDatabase();
        await SampleDatabase.CreateSqlServerAsync(scratch.ConnectionString, null, null,
            new SampleOptions { Runs = 20, Until = ReadingSample.Until });
        var settings = new SqlConnectionStringBuilder(scratch.Site.Connection.ConnectionString)
        {
            Pooling = true,
            ApplicationName = scratch.Name
        };
        var site = scratch.Site with { Connection = scratch.Site.Connection with { ConnectionString = settings.ConnectionString } };
        for (var n = 0; n < 60; n++)
        {
            await using var source = await TestSource.OpenAsync(site, scratch.Password, CancellationToken.None);
            Assert.Single(await source.ReadAsync(new TestRunQuery { First = 1 }, CancellationToken.None).ToListAsync());
        }
        using var db = scratch.Connect();
        Assert.InRange(db.ExecuteScalar<int>("SELECT COUNT(*) FROM sys.dm_exec_sessions WHERE program_name = @Name", new { scratch.Name }),
            1, 3);
    }

    [SqlServerFact]
    public async Task A_row_that_the_server_cannot_compute_is_told_in_its_place_and_all_others_are_read()
    {
        using var scratch = new ScratchDatabase();
        await SampleDatabase.CreateSqlServerAsync(scratch.ConnectionString, null, null,
            new SampleOptions { Runs = 150, Until = ReadingSample.Until });
        using var db = scratch.Connect();
        var ids = db.Query<Guid>("SELECT Index_GUID FROM IndexData ORDER BY Timestamp, Index_GUID").AsList();
        db.Execute("UPDATE TestDataNumeric SET TestStepNumber = 1; "
            + "INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber) VALUES (@id, 0)",
            new { id = ids[77] });
        Replace(db, "TestDataNumeric", "Steps", "TestResult", "CAST(100 / TestStepNumber AS float)");
        await using var source = await OpenAsync(scratch, "TestDataNumeric", "Steps");
        var told = new List<UnreadableRun>();
        var runs = await source.ReadAsync(new TestRunQuery
        {
            OnUnreadable = run =>
            {
                told.Add(run);
                return Task.CompletedTask;
            },
        }, CancellationToken.None).ToListAsync();
        Assert.Equal(ids.Where((_, n) => n != 77), runs.Select(r => r.Id));
        Assert.Equal((ids[77], 77L), (Assert.Single(told).Id, told[0].Mark.Sequence));
    }

    private static void Replace(SqlConnection db, string table, string view, string column, string expression) => db.Execute(
        $"CREATE VIEW {view} AS SELECT {string.Join(", ", ReferenceSchema.Table(table).Columns.Select(c => c.Name == column
            ? $"{expression} AS {column}" : c.Name))} FROM {table}");

    private static Task<VteSource> OpenAsync(ScratchDatabase scratch, string table, string view) => TestSource.OpenAsync(
        scratch.Site with { SchemaProfile = new SchemaProfileOptions { Tables = new Dictionary<string, string> { [table] = view } } },
        scratch.Password, CancellationToken.None);

    [SqlServerFact]
    public async Task Values_of_any_size_are_cut_and_hashed_as_from_SQLite()
    {
        using var folder = new TempFolder();
        ReadingSample.Empty(folder.File("a.db"));
        using var scratch = new ScratchDatabase();
        using var db = scratch.Connect();
        foreach (var statement in SchemaScript.SqlServer(SchemaProfile.Default))
            db.Execute(statement.Replace("[TestResult] sql_variant", "[TestResult] varbinary(max)", StringComparison.Ordinal));
        var id = Guid.NewGuid();
        Insert(db, id, new Guid(ReadingSample.Unit), "2024-11-01T10:00:00.000");
        db.Execute("INSERT INTO UutData (Uut_GUID, Serial) VALUES (@unit, N'SN1')", new { unit = new Guid(ReadingSample.Unit) });
        using var lite = ReadingSample.Direct(folder.File("a.db"));
        ReadingSample.Insert(lite, id, "2024-11-01 10:00:00.000", 0);
        lite.Execute("INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, TestName, TestResult, TestResultType) VALUES (@key, 1, "
            + "'Step', 1.5, 1)",
            new { key = id.ToString("D").ToUpperInvariant() });
        var random = new Random(3);
        foreach (var size in new[] { 10, 5_000, 90_000, 250_000, 20_000_000 })
        {
            var (text, bytes) = (string.Concat(Enumerable.Range(0, size / 4).Select(n => n % 9 == 0 ? "Ωé😀" : "abcd")), new byte[size]);
            random.NextBytes(bytes);
            foreach (var (table, value) in new[] { ("TestDataText", (object)text), ("TestDataOther", bytes) })
            {
                var insert = $"INSERT INTO {table} (Index_GUID, TestStepNumber, TestName, TestResult, TestResultType) VALUES (@id, 2, "
                    + "'Large', @value, 1)";
                db.Execute(insert, new { id, value }, commandTimeout: 120);
                lite.Execute(insert, new { id = id.ToString("D").ToUpperInvariant(), value });
            }
        }
        await using var server = await scratch.OpenAsync();
        await using var file = await TestSource.OpenAsync(ReadingSample.Site(folder.File("a.db")), null, CancellationToken.None);
        var expected = Assert.Single(await file.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync());
        var found = Assert.Single(await server.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync());
        Assert.Equal(expected.ContentHash, found.ContentHash);
        Assert.Equal(expected.Steps!.Select(Cut), found.Steps!.Select(Cut));
        Assert.Equal(4, found.Steps!.Count(s => Cut(s) is not null));

        static VteCutValue? Cut(VteStep step) => step switch { VteTextStep t => t.Cut, VteOtherStep o => o.Cut, _ => null };
    }

    private static void Insert(SqlConnection db, Guid id, Guid unit, string timestamp) => db.Execute(
        """
        INSERT INTO IndexData (Index_GUID, Uut_GUID, Timestamp, Result, ProductName) VALUES (@id, @unit, @timestamp, 1, N'P');
        INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, TestName, TestResult, TestResultType) VALUES (@id, 1, N'Step', 1.5, 1);
        """, new { id, unit, timestamp });

    private static async Task<IReadOnlyList<Guid>> Ids(VteSource source, TestRunQuery query) =>
        [.. (await source.ReadAsync(query with { HeaderOnly = true }, CancellationToken.None).ToListAsync()).Select(r => r.Id)];
}
