using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

/// <summary>A row that cannot be read is found, told and passed; the others are read.</summary>
public sealed class UnreadableRunTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HostedModule _module = new();

    private string File => _folder.File("bad.db");

    public void Dispose()
    {
        _module.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string, string> Damages => new()
    {
        { "UPDATE IndexData SET Index_GUID = 'not-a-guid' WHERE Info1 = '100'", "not-a-guid" },
        { "UPDATE IndexData SET Timestamp = '2024-11-01 10:01:99.000' WHERE Info1 = '100'", "id" },
        { "UPDATE IndexData SET Timestamp = '2024-11-01 10:01:30.000 maybe' WHERE Info1 = '100'", "id" },
        { "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'IndexData'; PRAGMA "
            + "writable_schema = RESET; UPDATE IndexData SET Index_GUID = NULL WHERE Info1 = '100'", "" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_row_that_cannot_be_read_is_told_in_its_place_and_all_others_are_read(string damage, string key)
    {
        var ids = Fill(331);
        using (var db = ReadingSample.Direct(File)) db.Execute(damage);
        if (key == "id") key = ids[100].ToString("D").ToUpperInvariant();
        foreach (var (pageSize, headerOnly) in new[] { (0, false), (1, false), (1000, true) })
        {
            await using var source = await Open(pageSize);
            var told = new List<(UnreadableRun Run, long Before)>();
            var runs = new List<VteTestRun>();
            var query = new TestRunQuery
            {
                HeaderOnly = headerOnly,
                OnUnreadable = run =>
                {
                    told.Add((run, runs.Count));
                    return Task.CompletedTask;
                },
            };
            await foreach (var run in source.ReadAsync(query, CancellationToken.None)) runs.Add(run);
            Assert.Equal(ids.Where((_, n) => n != 100), runs.Select(r => r.Id));
            var (bad, before) = Assert.Single(told);
            Assert.Equal((key, "Oslo"), (bad.Key, bad.Site));
            Assert.NotEmpty(bad.Reason);
            Assert.Equal(before, bad.Mark.Sequence);
            Assert.Same(runs[0].Mark!.Session, bad.Mark.Session);
            Assert.Equal(Enumerable.Range(0, 331).Select(n => (long)n),
                runs.Select(r => r.Mark!.Sequence).Append(bad.Mark.Sequence).Order());
        }
    }

    [Fact]
    public async Task Many_bad_rows_are_told_one_by_one()
    {
        var ids = Fill(200);
        using (var db = ReadingSample.Direct(File)) db.Execute(
            "UPDATE IndexData SET Index_GUID = 'bad ' || Info1 WHERE Info1 % 3 = 0 OR CAST(Info1 AS int) BETWEEN 50 AND 70");
        await using var source = await Open(0);
        var told = new List<string>();
        var runs = await source.ReadAsync(new TestRunQuery
        {
            OnUnreadable = run =>
            {
                told.Add(run.Key);
                return Task.CompletedTask;
            },
        }, CancellationToken.None).ToListAsync();
        bool Bad(int n) => n % 3 == 0 || n is >= 50 and <= 70;
        Assert.Equal(Enumerable.Range(0, 200).Where(Bad).Select(n => $"bad {n}"), told);
        Assert.Equal(ids.Where((_, n) => !Bad(n)), runs.Select(r => r.Id));
    }

    // As a server does that computes a value for all rows, whichever were asked for.
    [Fact]
    public async Task A_failure_that_every_run_meets_is_blamed_on_none()
    {
        Fill(60);
        await using var source = await Open(0);
        source.Executing += command =>
        {
            if (command.CommandText.Contains("INSERT INTO", StringComparison.Ordinal)) throw new FormatException("conversion failed");
        };
        var told = 0;
        var failure = await Assert.ThrowsAsync<VteWatsException>(async () => await source.ReadAsync(new TestRunQuery
        {
            OnUnreadable = _ =>
            {
                told++;
                return Task.CompletedTask;
            },
        }, CancellationToken.None).ToListAsync());
        Assert.Equal((ErrorKind.SqlFailed, 0), (failure.Error, told));
        Assert.Contains("conversion failed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_somebody_to_tell_it_ends_the_reading_and_names_the_run()
    {
        var ids = Fill(60);
        Damage(ids[40]);
        await using var source = await Open(0);
        var read = 0;
        var failure = await Assert.ThrowsAsync<VteWatsException>(async () =>
        {
            await foreach (var _ in source.ReadAsync(new TestRunQuery(), CancellationToken.None)) read++;
        });
        Assert.Equal((ErrorKind.SqlFailed, 40), (failure.Error, read));
        Assert.Contains(ids[40].ToString(), failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Its_mark_holds_the_prefix_up_until_it_is_acknowledged()
    {
        var ids = Fill(10);
        Damage(ids[4]);
        await using var source = await Open(0);
        UnreadableRun? bad = null;
        var runs = await source.ReadAsync(new TestRunQuery
        {
            OnUnreadable = run =>
            {
                bad = run;
                return Task.CompletedTask;
            },
        }, CancellationToken.None).ToListAsync();
        foreach (var run in runs) run.Mark!.Acknowledge(RunOutcome.InWats);
        Assert.Equal(4, runs[0].Mark!.Session.AcknowledgedPrefix);
        bad!.Mark.Acknowledge(RunOutcome.Letter);
        Assert.Equal(10, runs[0].Mark!.Session.AcknowledgedPrefix);
    }

    [Fact]
    public async Task What_stands_for_its_hash_stays_as_long_as_it_cannot_be_read_and_its_key_has_it_too()
    {
        var ids = Fill(10);
        Damage(ids[4]);
        var first = await BadAsync();
        Assert.Equal(first with { Mark = null! }, (await BadAsync()) with { Mark = null! });
        Assert.Equal(ids[4], first.Id);
        await using var source = await Open(0);
        var keys = await source.ReadKeysAsync(DateTime.MinValue, DateTime.MaxValue, CancellationToken.None).ToListAsync();
        Assert.Equal(10, keys.Count);
        Assert.Equal(first.ContentHash, Assert.Single(keys, k => k.Id == ids[4]).HeaderHash);
        using (var db = ReadingSample.Direct(File)) db.Execute("UPDATE IndexData SET Timestamp = substr(Timestamp, 1, 23)");
        var run = Assert.Single(await source.ReadAsync(new TestRunQuery { Ids = [ids[4]] }, CancellationToken.None).ToListAsync());
        Assert.NotEqual(first.ContentHash, run.ContentHash);
    }

    [Fact]
    public void Get_VteTestRun_tells_it_as_an_error_of_its_own_and_goes_on()
    {
        var ids = Fill(120);
        Damage(ids[77]);
        foreach (var command in new[] { "Get-VteTestRun", "Measure-VteTestRun" })
        {
            var result = _module.Run($"param($db) {command} -DatabasePath $db -TimeZone Europe/Oslo", ("db", File));
            Assert.Null(result.Thrown);
            var error = Assert.Single(result.Errors);
            Assert.StartsWith("VteWats.RunUnreadable", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Equal(ids[77], error.TargetObject);
            if (command == "Get-VteTestRun") Assert.Equal(119, result.Output.Count);
            else Assert.Equal(119L, Convert.ToInt64(Assert.Single(result.Output).Properties["Runs"].Value, null));
        }
    }

    [Fact]
    public void A_run_asked_for_by_its_id_that_cannot_be_read_is_not_called_missing()
    {
        var ids = Fill(5);
        Damage(ids[2]);
        var result = _module.Run("param($db, $id) Get-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo -Id $id", ("db", File), ("id",
            ids[2]));
        Assert.StartsWith("VteWats.RunUnreadable", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private async Task<UnreadableRun> BadAsync()
    {
        await using var source = await Open(0);
        UnreadableRun? bad = null;
        await source.ReadAsync(new TestRunQuery
        {
            OnUnreadable = run =>
            {
                bad = run;
                return Task.CompletedTask;
            },
        }, CancellationToken.None).ToListAsync();
        return bad!;
    }

    private void Damage(Guid id)
    {
        using var db = ReadingSample.Direct(File);
        db.Execute("UPDATE IndexData SET Timestamp = Timestamp || ' maybe' WHERE Index_GUID = @key",
            new { key = id.ToString("D").ToUpperInvariant() });
    }

    private List<Guid> Fill(int runs)
    {
        ReadingSample.Empty(File);
        using var db = ReadingSample.Direct(File);
        db.Execute("PRAGMA synchronous = OFF; BEGIN;");
        var ids = Enumerable.Range(0, runs).Select(_ => Guid.NewGuid()).ToList();
        for (var n = 0; n < runs; n++)
        {
            ReadingSample.Insert(db, ids[n], $"2024-11-01 10:{n / 60:00}:{n % 60:00}.000");
            db.Execute("UPDATE IndexData SET Info1 = @n WHERE Index_GUID = @key",
                new { n = $"{n}", key = ids[n].ToString("D").ToUpperInvariant() });
        }
        db.Execute("COMMIT TRANSACTION;");
        return ids;
    }

    private async Task<VteSource> Open(int pageSize)
    {
        var source = await TestSource.OpenAsync(ReadingSample.Site(File), null, CancellationToken.None);
        source.FixedPageSize = pageSize;
        return source;
    }
}
