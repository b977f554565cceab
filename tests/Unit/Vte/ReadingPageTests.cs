using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Sample;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

public sealed class ReadingPageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(1000)]
    public async Task A_thousand_runs_of_one_timestamp_come_once_each_over_page_borders(int pageSize)
    {
        var ids = Fill("a.db", 1000, _ => "2024-11-01 10:00:00.000");
        await using var source = await Open("a.db", pageSize);
        var runs = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        Assert.Equal(1000, runs.Count);
        Assert.Equal(ids.Order(), runs.Select(r => r.Id).Order());
        Assert.Equal(Enumerable.Range(0, 1000), runs.Select(r => r.DuplicateIndex));
    }

    [Fact]
    public async Task Runs_written_between_pages_are_read_when_their_place_is_still_ahead()
    {
        var ids = Fill("a.db", 300, n => $"2024-11-01 10:00:00.{n:000}");
        await using var source = await Open("a.db", 50);
        var (page, late) = (0, new List<Guid>());
        source.Executing += _ =>
        {
            if (page++ is < 2 or > 4) return;
            using var db = ReadingSample.Direct(_folder.File("a.db"));
            late.Add(Guid.NewGuid());
            ReadingSample.Insert(db, late[^1], $"2024-11-01 10:00:00.{500 + page}");
        };
        var runs = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        Assert.Equal(3, late.Count);
        Assert.Equal(ids.Concat(late).Order(), runs.Select(r => r.Id).Order());
        Assert.All(runs, r => Assert.Equal(2, r.StepCount));
    }

    [Fact]
    public async Task A_page_that_fails_in_the_middle_leaves_no_gap_and_brings_no_run_twice()
    {
        var ids = Fill("a.db", 1000, _ => "2024-11-01 10:00:00.000");
        await using var source = await Open("a.db", 100);
        var (executed, retried) = (0, new List<Exception>());
        source.Retrying += retried.Add;
        source.Executing += _ =>
        {
            if (++executed is 4 or 8 or 9) throw new SqliteException("database is locked", SQLitePCL.raw.SQLITE_BUSY);
        };
        var runs = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        Assert.Equal(3, retried.Count);
        Assert.Equal(1000, runs.Count);
        Assert.Equal(ids.Order(), runs.Select(r => r.Id).Order());
        Assert.Equal(Enumerable.Range(0, 1000).Select(n => (long)n), runs.Select(r => r.Mark!.Sequence));
    }

    [Fact]
    public async Task A_database_that_stays_locked_ends_the_reading_with_its_own_error()
    {
        Fill("a.db", 20, _ => "2024-11-01 10:00:00.000");
        await using var source = await Open("a.db", 10);
        source.Executing += _ => throw new SqliteException("database is locked", SQLitePCL.raw.SQLITE_BUSY);
        var failure = await Assert.ThrowsAsync<VteWatsException>(async () => await source.ReadAsync(new TestRunQuery(),
            CancellationToken.None).ToListAsync());
        Assert.Equal(ErrorKind.SqlTimeout, failure.Error);
    }

    [Fact]
    public async Task Leaving_a_reading_early_leaves_nothing_open()
    {
        Fill("a.db", 500, _ => "2024-11-01 10:00:00.000");
        await using (var source = await Open("a.db", 10))
        {
            await foreach (var run in source.ReadAsync(new TestRunQuery(), CancellationToken.None))
            {
                if (run.Mark!.Sequence == 15) break;
            }
        }
        using var db = ReadingSample.Direct(_folder.File("a.db"));
        db.Execute("BEGIN EXCLUSIVE; ROLLBACK;");
    }

    [Fact]
    public async Task A_run_of_the_hour_that_occurs_twice_is_found_from_either_of_its_instants()
    {
        // 01:30 UTC is the second 02:30 in Oslo; a run written then sorts below one written at the first 02:45.
        var ids = Fill("a.db", 4, n => $"2024-10-27 {new[] { "01:59:00", "02:30:00", "02:45:00", "03:00:00" }[n]}.000");
        await using var source = await Open("a.db", 2);
        Assert.Equal(ids[1..], await Since(new DateTimeOffset(2024, 10, 27, 0, 45, 0, TimeSpan.Zero)));
        Assert.Equal(ids[1..], await Since(new DateTimeOffset(2024, 10, 27, 1, 30, 0, TimeSpan.Zero)));
        Assert.Equal(ids[2..], await Since(new DateTimeOffset(2024, 10, 27, 1, 40, 0, TimeSpan.Zero)));
        Assert.Equal(ids[..3], (await source.ReadAsync(
            new TestRunQuery { Until = new DateTimeOffset(2024, 10, 27, 1, 20, 0, TimeSpan.Zero) },
            CancellationToken.None).ToListAsync()).Select(r => r.Id));

        async Task<IEnumerable<Guid>> Since(DateTimeOffset since) =>
            (await source.ReadAsync(new TestRunQuery { Since = since }, CancellationToken.None).ToListAsync()).Select(r => r.Id);
    }

    [Fact]
    public async Task A_reading_from_the_watermark_passes_over_what_is_known()
    {
        var ids = Fill("a.db", 10, n => $"2024-11-01 10:00:00.{n:000}");
        await using var source = await Open("a.db", 3);
        var clock = SiteClock.For(SampleDatabase.TimeZone);
        var since = new DateTimeOffset(2024, 11, 1, 0, 0, 0, TimeSpan.Zero);
        var all = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        var watermark = new Watermark
        {
            Site = "Oslo", Source = source.Identity, Target = "",
            Position = new WatermarkPosition(all[4].Timestamp, all[4].Id, all[4].Start),
        };
        new Ledger(new StateDatabase(_folder.Path), "Oslo").Write(
            null, [.. all.Take(5).Select(r => Ledger.EntryOf(r, LedgerState.Confirmed, 1, DateTimeOffset.UtcNow))]);
        Checkpoint At(Watermark place) => new(_folder.Path, place.Site, place, new CheckpointOptions
        {
            Clock = clock, GuardBand = TimeSpan.FromMinutes(10), InitialSince = since,
        });
        var band = At(watermark);
        var runs = await source.ReadAsync(new TestRunQuery { Checkpoint = band, Since = band.ReadFrom }, CancellationToken.None)
            .ToListAsync();
        Assert.Equal(ids[5..], runs.Select(r => r.Id));
        Assert.NotNull(runs[0].Mark!.Session.Checkpoint);
        foreach (var foreign in (Watermark[])[watermark with { Source = "elsewhere" }, watermark with { Site = "Bergen" },
            watermark with { Site = "Bergen", Source = "", Position = null }])
        {
            var other = At(foreign);
            var failure = await Assert.ThrowsAsync<VteWatsException>(
                async () => await source.ReadAsync(new TestRunQuery { Checkpoint = other }, CancellationToken.None).ToListAsync());
            Assert.Equal(ErrorKind.StateForeign, failure.Error);
        }
    }

    private List<Guid> Fill(string file, int runs, Func<int, string> timestamp, int steps = 2)
    {
        ReadingSample.Empty(_folder.File(file));
        using var db = ReadingSample.Direct(_folder.File(file));
        db.Execute("PRAGMA synchronous = OFF; BEGIN");
        var random = new Random(7);
        var bytes = new byte[16];
        var ids = Enumerable.Range(0, runs).Select(_ => { random.NextBytes(bytes); return new Guid(bytes); }).ToList();
        for (var n = 0; n < runs; n++) ReadingSample.Insert(db, ids[n], timestamp(n), steps);
        db.Execute("COMMIT");
        return ids;
    }

    private async Task<VteSource> Open(string file, int pageSize)
    {
        var source = await TestSource.OpenAsync(ReadingSample.Site(_folder.File(file)), null, CancellationToken.None);
        source.FixedPageSize = pageSize;
        source.RetryDelay = TimeSpan.FromMilliseconds(1);
        return source;
    }
}
