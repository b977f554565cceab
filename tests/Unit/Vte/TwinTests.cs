using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

/// <summary>The number of a run among the runs of its unit that began at the same moment.</summary>
public sealed class TwinTests : IDisposable
{
    private const string Time = "2024-11-01 10:00:00.000";
    private readonly TempFolder _folder = new();

    public TwinTests() => ReadingSample.Empty(File);

    private string File => _folder.File("twins.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Twins_are_numbered_as_if_each_run_asked_for_its_own_wherever_a_page_ends(int pageSize)
    {
        using (var db = ReadingSample.Direct(File))
        {
            db.Execute("BEGIN TRANSACTION");
            var random = new Random(5);
            // Two units of one serial number, one without, one whose row is missing, one that only differs in case and blanks.
            var units = new[] { ("A", "SN1"), ("B", " sn1 "), ("C", ""), ("D", null), ("E", "SN2") };
            foreach (var (unit, serial) in units)
                if (serial is not null)
                    db.Execute("INSERT INTO UutData (Uut_GUID, Serial) VALUES (@id, @serial)", new { id = Unit(unit), serial });
            for (var n = 0; n < 300; n++)
            {
                ReadingSample.Insert(db, NewId(random), random.Next(3) switch
                {
                    0 => Time,
                    1 => "2024-11-01 10:00:01.000",
                    _ =>
                    $"2024-11-01 11:00:00.{n:000}"
                }, 1, Unit(units[random.Next(5)].Item1));
            }
            db.Execute("COMMIT");
        }
        var expected = Expected();
        Assert.Contains(expected.Values, index => index > 10);
        await using var source = await Open(pageSize);
        foreach (var query in new[] { new TestRunQuery(), new TestRunQuery { HeaderOnly = true, NewestFirst = true } })
        {
            var runs = await source.ReadAsync(query, CancellationToken.None).ToListAsync();
            Assert.Equal(expected, runs.ToDictionary(r => r.Id, r => r.DuplicateIndex));
        }
    }

    [Fact]
    public async Task A_twin_written_while_its_timestamp_is_read_is_numbered_too()
    {
        var random = new Random(6);
        using var db = ReadingSample.Direct(File);
        for (var n = 0; n < 30; n++) ReadingSample.Insert(db, NewId(random), Time, 1);
        var last = new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff");
        await using var source = await Open(10);
        var page = 0;
        source.Executing += _ =>
        {
            if (++page == 2) ReadingSample.Insert(db, last, Time, 1);
        };
        var runs = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        Assert.Equal(last, runs[^1].Id);
        Assert.Equal(Enumerable.Range(0, 31), runs.Select(r => r.DuplicateIndex));
    }

    [Fact]
    public async Task The_runs_of_a_timestamp_are_looked_at_once_however_many_pages_they_fill()
    {
        using (var db = ReadingSample.Direct(File))
        {
            db.Execute("BEGIN TRANSACTION");
            for (var n = 0; n < 200; n++) ReadingSample.Insert(db, Guid.NewGuid(), Time, 1);
            db.Execute("COMMIT");
        }
        await using var source = await Open(20);
        var (with, without) = (0, 0);
        source.Executing += command =>
        {
            if (command.CommandText.Contains("<> @AfterTimestamp", StringComparison.Ordinal)) without++;
            else with++;
        };
        await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        Assert.Equal((1, 10), (with, without));    // the first page; those behind it, of which the last is empty
    }

    // What is meant, by brute force: the same unit, or the same serial number, with a smaller id.
    private Dictionary<Guid, int> Expected()
    {
        using var db = ReadingSample.Direct(File);
        var runs = db.Query<(string Id, string Time, string Unit, string? Serial)>(
            "SELECT i.Index_GUID, i.Timestamp, i.Uut_GUID, u.Serial FROM IndexData i LEFT JOIN UutData u ON u.Uut_GUID = i.Uut_GUID")
            .ToList();
        return runs.ToDictionary(r => Guid.Parse(r.Id), r => runs.Count(o => o.Time == r.Time && string.CompareOrdinal(o.Id, r.Id) < 0
            && (o.Unit == r.Unit || (!string.IsNullOrWhiteSpace(r.Serial)
                && string.Equals(o.Serial?.Trim(), r.Serial.Trim(), StringComparison.OrdinalIgnoreCase)))));
    }

    private async Task<VteSource> Open(int pageSize)
    {
        var source = await TestSource.OpenAsync(ReadingSample.Site(File), null, CancellationToken.None);
        source.FixedPageSize = pageSize;
        return source;
    }

    private static string Unit(string letter) => $"00000000-0000-0000-0000-00000000000{letter}";

    private static Guid NewId(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
