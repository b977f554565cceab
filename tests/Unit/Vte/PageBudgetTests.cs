using Dapper;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

/// <summary>A page is bounded while it is read, whatever the pages before it were like.</summary>
public sealed class PageBudgetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => _folder.File("fat.db");

    public PageBudgetTests() => ReadingSample.Empty(File);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Runs_of_many_steps_after_many_light_ones_are_read_in_small_pages()
    {
        var ids = Fill(light: 1200, fat: 12, steps: 20_000);
        await using var source = await TestSource.OpenAsync(ReadingSample.Site(File), null, CancellationToken.None);
        var taken = new List<long>();
        source.Executing += command => taken.Add((long)(int)command.Parameters["@Take"].Value!);
        var runs = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        Assert.Equal(ids, runs.Select(r => r.Id));
        Assert.All(runs.TakeLast(12), r => Assert.Equal(20_000, r.StepCount));
        // Light pages grow, one is abandoned at the fat runs, and from there on pages are small.
        var largest = taken.IndexOf(1000);
        Assert.Equal([50, 200, 800], taken.Take(largest));
        Assert.All(taken.Skip(largest + 1), t => Assert.InRange(t, 1, 125));
        Assert.InRange(taken.Count, 10, 40);
    }

    [Fact]
    public async Task A_run_that_breaks_every_budget_is_read_whole_and_keeps_the_short_values_only()
    {
        ReadingSample.Empty(_folder.File("giant.db"));
        var giant = Guid.NewGuid();
        using (var db = ReadingSample.Direct(_folder.File("giant.db")))
        {
            ReadingSample.Insert(db, giant, "2024-11-01 10:00:00.000", 3);
            db.Execute("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1600)
                INSERT INTO TestDataOther (Index_GUID, TestStepNumber, TestName, TestResult, TestResultType)
                SELECT @giant, i, 'Blob', randomblob(CASE WHEN i % 2 = 0 THEN 90000 ELSE 5000 END), 1 FROM n
                """, new { giant = giant.ToString("D").ToUpperInvariant() });
        }
        await using var source = await TestSource.OpenAsync(ReadingSample.Site(_folder.File("giant.db")), null, CancellationToken.None);
        var run = Assert.Single(await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync());
        var others = run.Steps!.OfType<VteOtherStep>().ToList();
        Assert.Equal(1603, run.StepCount);
        Assert.Equal(800, others.Count(o => o.Bytes is { Length: 5000 } && o.Cut is null));
        Assert.Equal(800, others.Count(o => o.Bytes is null && o.Cut is { Length: 90_000 }));
    }

    [Fact]
    public async Task A_page_that_was_abandoned_leaves_no_transaction_and_no_lock()
    {
        Fill(light: 300, fat: 5, steps: 20_000);
        await using (var source = await TestSource.OpenAsync(ReadingSample.Site(File), null, CancellationToken.None))
            Assert.Equal(305, (await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync()).Count);
        using var db = ReadingSample.Direct(File);
        db.Execute("BEGIN EXCLUSIVE; ROLLBACK;");
    }

    [Fact]
    public async Task A_page_is_of_one_moment()
    {
        Fill(light: 10, fat: 0, steps: 0);
        using var db = ReadingSample.Direct(File);
        db.Execute("PRAGMA journal_mode = WAL;");
        await using var source = await TestSource.OpenAsync(ReadingSample.Site(File), null, CancellationToken.None);
        source.Executing += command =>
        {
            // In the midst of the page: behind its headers, before its steps.
            ((Microsoft.Data.Sqlite.SqliteConnection)command.Connection!).CreateFunction("hook", () => 0);
            if (command.CommandText.Contains("FROM temp.[Page] AS p INNER JOIN", StringComparison.Ordinal))
            {
                ((Microsoft.Data.Sqlite.SqliteConnection)command.Connection!).CreateFunction("write_now", () =>
                {
                    db.Execute("UPDATE TestDataNumeric SET TestResult = 77; INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, "
                        + "TestName, TestResult) SELECT Index_GUID, 99, 'Late', 1 FROM IndexData;");
                    return 1;
                });
                var header = command.CommandText.IndexOf("SELECT p.[Position], s.", StringComparison.Ordinal);
                command.CommandText = command.CommandText.Insert(header,
                    "INSERT INTO temp.[Page] SELECT 999 + write_now(), '', '', NULL WHERE write_now() = 2;\n");
            }
        };
        var runs = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        Assert.Equal(10, runs.Count);
        Assert.All(runs, r => Assert.Equal([1d, 2d], r.Steps!.OfType<VteNumericStep>().Select(s => s.Value!.Value)));
        Assert.Equal(77, db.ExecuteScalar<double>("SELECT max(TestResult) FROM TestDataNumeric"));
    }

    private List<Guid> Fill(int light, int fat, int steps)
    {
        using var db = ReadingSample.Direct(File);
        db.Execute("PRAGMA synchronous = OFF; BEGIN;");
        var ids = Enumerable.Range(0, light + fat).Select(_ => Guid.NewGuid()).ToList();
        for (var n = 0; n < ids.Count; n++) ReadingSample.Insert(db, ids[n], $"2024-11-01 10:{n / 60 % 60:00}:{n % 60:00}.000", n < light
            ? 2 : 0);
        db.Execute("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @steps)
            INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, TestName, TestResult, TestResultType)
            SELECT r.Index_GUID, n.i, 'Step', n.i, 1 FROM n, (SELECT Index_GUID FROM IndexData ORDER BY Timestamp DESC LIMIT @fat) r
            """, new { steps, fat });
        db.Execute("COMMIT TRANSACTION;");
        return ids;
    }
}
