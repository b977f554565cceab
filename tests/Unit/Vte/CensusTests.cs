using Dapper;
using VteWats.Core.Vte.Reading;
using VteWats.Unit.Support;
using VteWats.Unit.Sync;

namespace VteWats.Unit.Vte;

public sealed class CensusTests(ReadingSample sample) : IClassFixture<ReadingSample>
{
    private static readonly DateTime From = new(2024, 11, 1, 6, 0, 0);

    [Fact]
    public async Task Every_run_is_counted_in_its_hour()
    {
        await using var source = await sample.OpenAsync();
        var runs = await source.ReadAsync(new TestRunQuery { HeaderOnly = true }, CancellationToken.None).ToListAsync();
        var hours = await source.CountByHourAsync(DateTime.MinValue, DateTime.MaxValue, CancellationToken.None);
        var expected = runs.GroupBy(r => r.Timestamp.Date.AddHours(r.Timestamp.Hour)).OrderBy(g => g.Key)
            .Select(g => new HourCount(g.Key, g.Count()));
        Assert.Equal(expected, hours);
        Assert.Equal(1000, hours.Sum(h => h.Runs));
    }

    [Fact]
    public async Task A_run_on_the_border_of_a_stretch_is_in_the_later_one_only()
    {
        var path = sample.File("borders.db");
        ReadingSample.Empty(path);
        using (var db = ReadingSample.Direct(path))
        {
            foreach (var time in new[] { "05:59:59.997", "06:00:00", "06:00:00.000", "06:59:59.997", "07:00:00", "07:00:00.000" })
                ReadingSample.Insert(db, Guid.NewGuid(), $"2024-11-01 {time}");
        }
        await using var source = await TestSource.OpenAsync(ReadingSample.Site(path), null, CancellationToken.None);
        Assert.Equal([new HourCount(From, 3)], await source.CountByHourAsync(From, From.AddHours(1), CancellationToken.None));
        Assert.Equal(3, (await source.ReadKeysAsync(From, From.AddHours(1), CancellationToken.None).ToListAsync()).Count);
        Assert.Equal(3, (await source.CountStepsAsync(From, From.AddHours(1), CancellationToken.None)).Count);
        Assert.Equal([1, 3, 2], (await source.CountByHourAsync(From.AddDays(-1), From.AddDays(1), CancellationToken.None))
            .Select(h => (int)h.Runs));
    }

    [Fact]
    public async Task Keys_carry_the_header_hash_of_the_run_read_in_full()
    {
        await using var source = await sample.OpenAsync();
        var runs = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        var keys = await source.ReadKeysAsync(DateTime.MinValue, DateTime.MaxValue, CancellationToken.None).ToListAsync();
        Assert.Equal(runs.Select(r => new RunKey(r.Id, r.Timestamp, r.HeaderHash!)), keys);
        Assert.All(keys, k => Assert.Matches("^[0-9a-f]{64}$", k.HeaderHash));
        Assert.Equal(1000, keys.Select(k => k.HeaderHash).Distinct().Count());
    }

    [Theory]
    [InlineData("UPDATE IndexData SET Info2 = 'retested'", true)]
    [InlineData("UPDATE UutData SET Serial = 'SN2'", true)]
    [InlineData("INSERT INTO AssemblyData (Uut_GUID, Name) SELECT Uut_GUID, 'Fan' FROM UutData", true)]
    [InlineData("UPDATE TestDataNumeric SET TestResult = 99", false)]
    public async Task The_header_hash_changes_with_the_header_and_not_with_a_step(string change, bool changes)
    {
        var path = sample.File(Guid.NewGuid() + ".db");
        ReadingSample.Empty(path);
        using var db = ReadingSample.Direct(path);
        ReadingSample.Insert(db, Guid.NewGuid(), "2024-11-01 06:30:00.000");
        await using var source = await TestSource.OpenAsync(ReadingSample.Site(path), null, CancellationToken.None);
        var before = Assert.Single(await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync());
        db.Execute(change);
        var after = Assert.Single(await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync());
        Assert.NotEqual(before.ContentHash, after.ContentHash);
        Assert.Equal(changes, before.HeaderHash != after.HeaderHash);
    }

    [Fact]
    public async Task Steps_are_counted_over_all_tables_and_a_run_without_any_has_none()
    {
        await using var source = await sample.OpenAsync();
        var runs = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        var counts = await source.CountStepsAsync(DateTime.MinValue, DateTime.MaxValue, CancellationToken.None);
        Assert.Equal(runs.ToDictionary(r => r.Id, r => r.StepCount!.Value), counts);
        Assert.Contains(counts.Values, c => c == 0);
        var some = runs.Where((_, n) => n % 2 == 0).Select(r => r.Id).Append(Guid.NewGuid()).ToList();
        var chosen = await source.CountStepsAsync(some, CancellationToken.None);
        Assert.Equal(500, chosen.Count);
        Assert.All(chosen, c => Assert.Equal(counts[c.Key], c.Value));
        Assert.Empty(await source.CountStepsAsync([], CancellationToken.None));
    }

    [Fact]
    public async Task Runs_that_the_clock_of_the_database_has_not_reached_are_counted_and_the_first_named()
    {
        var path = sample.File("ahead.db");
        ReadingSample.Empty(path);
        var ids = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToList();
        using (var db = ReadingSample.Direct(path))
        {
            for (var n = 0; n < 5; n++) ReadingSample.Insert(db, ids[n], $"{2023 + n}-11-01 06:30:00.000");
        }
        await using var source = await TestSource.OpenAsync(ReadingSample.Site(path), null, CancellationToken.None);
        source.SimulatedTime = new ManualTime(new DateTimeOffset(2024, 11, 1, 5, 31, 0, TimeSpan.Zero));
        var ahead = await source.CountAheadAsync(2, CancellationToken.None);
        Assert.Equal(3, ahead.Count);
        Assert.Equal([new(new DateTime(2025, 11, 1, 6, 30, 0), ids[2]), new(new DateTime(2026, 11, 1, 6, 30, 0), ids[3])], ahead.First);
    }

    [Fact]
    public async Task A_time_of_the_hour_that_occurs_twice_is_not_ahead_while_its_first_instant_is_past()
    {
        var path = sample.File("twice.db");
        ReadingSample.Empty(path);
        using (var db = ReadingSample.Direct(path)) ReadingSample.Insert(db, Guid.NewGuid(), "2024-10-27 02:45:00.000");
        await using var source = await TestSource.OpenAsync(ReadingSample.Site(path), null, CancellationToken.None);
        // The clock shows 02:15 for the second time.
        source.SimulatedTime = new ManualTime(new DateTimeOffset(2024, 10, 27, 1, 15, 0, TimeSpan.Zero));
        Assert.Equal(0, (await source.CountAheadAsync(3, CancellationToken.None)).Count);
        // For the first time.
        source.SimulatedTime = new ManualTime(new DateTimeOffset(2024, 10, 27, 0, 15, 0, TimeSpan.Zero));
        Assert.Equal(1, (await source.CountAheadAsync(3, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Counting_by_hour_reads_the_index_only()
    {
        var plan = await PlanAsync(source => source.CountByHourAsync(From, From.AddDays(1), CancellationToken.None));
        Assert.Contains(plan, line => line.Contains("USING COVERING INDEX", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("SCAN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Counting_steps_of_a_day_touches_no_run_of_another_day()
    {
        var plan = await PlanAsync(source => source.CountStepsAsync(From, From.AddDays(1), CancellationToken.None));
        Assert.Equal(4, plan.Count(line => line.StartsWith("SEARCH i USING COVERING INDEX", StringComparison.Ordinal)));
        Assert.DoesNotContain(plan, line => line.Contains("SCAN", StringComparison.Ordinal));
    }

    // How SQLite goes about each statement of a question.
    private async Task<List<string>> PlanAsync(Func<VteSource, Task> ask)
    {
        await using var source = await sample.OpenAsync();
        var plan = new List<string>();
        source.Executing += command =>
        {
            using var db = sample.Direct();
            foreach (var statement in command.CommandText.Split(';', StringSplitOptions.RemoveEmptyEntries))
                plan.AddRange(db.Query("EXPLAIN QUERY PLAN " + statement, new { From = "2024-11-01", To = "2024-11-02" })
                    .Select(row => (string)row.detail));
        };
        await ask(source);
        return plan;
    }

    [Fact]
    public async Task Counting_is_tried_again_when_the_database_is_locked()
    {
        await using var source = await sample.OpenAsync();
        source.RetryDelay = TimeSpan.FromMilliseconds(1);
        var (asked, retried) = (0, 0);
        source.Retrying += _ => retried++;
        source.Executing += _ =>
        {
            if (++asked < 3) throw new Microsoft.Data.Sqlite.SqliteException("database is locked", SQLitePCL.raw.SQLITE_BUSY);
        };
        Assert.NotEmpty(await source.CountByHourAsync(DateTime.MinValue, DateTime.MaxValue, CancellationToken.None));
        Assert.Equal(2, retried);
    }
}
