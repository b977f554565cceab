using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Sample;
using VteWats.Core.Vte.Schema;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

public sealed class ReadingRunTests(ReadingSample sample) : IClassFixture<ReadingSample>
{
    [Fact]
    public async Task Every_run_is_read_once_with_all_its_steps_in_order()
    {
        var runs = await sample.ReadAsync(new TestRunQuery());
        using var db = sample.Direct();
        var ids = db.Query<string>("SELECT Index_GUID FROM IndexData ORDER BY Timestamp, Index_GUID").Select(Guid.Parse);
        Assert.Equal(ids, runs.Select(r => r.Id));
        var steps = db.Query<(string Id, long Count)>(
            "SELECT Index_GUID, count(*) FROM (SELECT Index_GUID FROM TestDataNumeric UNION ALL SELECT Index_GUID FROM TestDataText "
            + "UNION ALL SELECT Index_GUID FROM TestDataOther) GROUP BY Index_GUID")
            .ToDictionary(s => Guid.Parse(s.Id), s => (int)s.Count);
        Assert.All(runs, r => Assert.Equal(steps.GetValueOrDefault(r.Id), r.StepCount));
        Assert.All(runs, r => Assert.Equal(r.Steps!.Select(s => s.StepNumber).Order(), r.Steps!.Select(s => s.StepNumber)));
        Assert.Contains(runs, r => r.Steps!.OfType<VteOtherStep>().Any(s => s.Bytes is not null));
        Assert.Contains(runs, r => r.Steps!.OfType<VteTextStep>().Any(s => s.Cut is { Length: > 80_000 }));
        Assert.All(runs, r => Assert.Matches("^[0-9a-f]{64}$", r.ContentHash));
        Assert.Contains(runs, r => r.Station.Components.Count > 0);
        Assert.Contains(runs, r => r.Assemblies.Count > 0);
        Assert.Contains(runs, r => r.Operator is not null);
        Assert.Equal(Enumerable.Range(0, runs.Count).Select(n => (long)n), runs.Select(r => r.Mark!.Sequence));
        Assert.Single(runs.Select(r => r.Mark!.Session).Distinct());
    }

    [Fact]
    public async Task The_words_of_the_result_come_from_the_mapping()
    {
        var runs = await sample.ReadAsync(new TestRunQuery { HeaderOnly = true });
        Assert.All(runs, r => Assert.Equal(
            r.ResultCode switch
            {
                0 => "Failed",
                1 => "Passed",
                2 => "Error",
                3 => "Terminated",
                null => null,
                var n =>
            FormattableString.Invariant($"Code {n}")
            }, r.Result));
        Assert.All(runs, r => Assert.True(r.Steps is null && r.ContentHash is null));
    }

    [Fact]
    public async Task The_words_of_the_step_results_come_from_the_mapping()
    {
        var site = ReadingSample.Site(sample.Path) with
        {
            Mapping = new MappingOptions { StepResultCodes = new Dictionary<int, string> { [0] = "E", [1] = "P", [2] = "S" } },
        };
        await using var source = await TestSource.OpenAsync(site, null, CancellationToken.None);
        var steps = (await source.ReadAsync(new TestRunQuery { First = 200 }, CancellationToken.None).ToListAsync())
            .SelectMany(r => r.Steps!).ToList();
        Assert.All(steps, s => Assert.Equal(s.ResultCode switch
        {
            0 => "Error",
            1 => "Passed",
            2 => "Skipped",
            null => null,
            var n =>
            FormattableString.Invariant($"Code {n}")
        }, s.Result));
        Assert.Equal(3, steps.Select(s => s.GetType()).Distinct().Count());
    }

    [Fact]
    public async Task The_content_hash_covers_every_step_and_is_the_same_at_every_reading_and_page_size()
    {
        var first = await sample.ReadAsync(new TestRunQuery());
        await using var source = await sample.OpenAsync();
        source.FixedPageSize = 7;
        var second = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        Assert.Equal(first.Select(r => r.ContentHash), second.Select(r => r.ContentHash));
        var run = first.First(r => r.Steps!.OfType<VteNumericStep>().Any());
        foreach (var step in Enumerable.Range(0, run.StepCount!.Value))
        {
            var changed = run with { Steps = [.. run.Steps!.Select((s, n) => n == step ? s with { Units = s.Units + "!" } : s)] };
            Assert.NotEqual(run.ContentHash, ContentHash.From(changed));
        }
        Assert.NotEqual(run.ContentHash, ContentHash.From(run with { DuplicateIndex = run.DuplicateIndex + 1 }));
        Assert.Equal(run.ContentHash, ContentHash.From(run with
        {
            Site = "Elsewhere",
            Result = "Whatever",
            Steps = [.. run.Steps!.Select(s => s with { Result = "Whatever" })],
        }));
    }

    [Fact]
    public async Task Runs_of_one_unit_at_one_moment_are_numbered_by_their_id_whatever_is_filtered()
    {
        var runs = await sample.ReadAsync(new TestRunQuery { HeaderOnly = true });
        Assert.Contains(runs, r => r.DuplicateIndex > 0);
        foreach (var group in runs.GroupBy(r => (r.Timestamp, string.IsNullOrWhiteSpace(r.SerialNumber) ? r.Unit.Id.ToString()
            : r.SerialNumber.Trim().ToUpperInvariant())))
            Assert.Equal(Enumerable.Range(0, group.Count()),
                group.OrderBy(r => r.Id.ToString(), StringComparer.Ordinal).Select(r => r.DuplicateIndex));
        var last = runs.First(r => r.DuplicateIndex > 0);
        Assert.Equal(last.DuplicateIndex,
            Assert.Single(await sample.ReadAsync(new TestRunQuery { Ids = [last.Id], HeaderOnly = true })).DuplicateIndex);
    }

    // A file that a site made itself may hold anything in any column.
    [Theory]
    [InlineData("1", 1, 1d)]
    [InlineData("'3'", 3, 3d)]
    [InlineData("2.0", 2, 2d)]
    [InlineData("'passed'", null, null)]
    [InlineData("99999999999", null, 99999999999d)]
    [InlineData("x'01'", null, null)]
    [InlineData("NULL", null, null)]
    public async Task A_value_of_another_type_than_the_column_s_is_converted_or_is_none(string value, int? code, double? number)
    {
        var path = sample.File(Guid.NewGuid() + ".db");
        ReadingSample.Empty(path);
        using (var db = ReadingSample.Direct(path))
        {
            ReadingSample.Insert(db, Guid.NewGuid(), "2024-11-01 10:00:00.000", steps: 1);
            db.Execute($"UPDATE IndexData SET Result = {value}; UPDATE TestDataNumeric SET TestResult = {value}");
        }
        await using var source = await TestSource.OpenAsync(ReadingSample.Site(path), null, CancellationToken.None);
        var run = Assert.Single(await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync());
        Assert.Equal(code, run.ResultCode);
        Assert.Equal(number, Assert.IsType<VteNumericStep>(Assert.Single(run.Steps!)).Value);
    }

    [Fact]
    public async Task Conditions_select_what_they_say()
    {
        var all = await sample.ReadAsync(new TestRunQuery { HeaderOnly = true });
        var since = all[300].Start;
        var until = all[600].Start;
        await Same(new TestRunQuery { Since = since, Until = until }, r => r.Start < until
            && (r.Start >= since || SiteClock.For(SampleDatabase.TimeZone).ToLatestInstant(r.Timestamp) >= since));
        await Same(new TestRunQuery { Results = ["Failed", "3"] }, r => r.ResultCode is 0 or 3);
        var serial = all.First(r => r.SerialNumber is { } s && s != s.Trim() && s.Trim().Length > 0).SerialNumber!.Trim();
        await Same(new TestRunQuery { SerialNumbers = [serial] },
            r => serial.Equals(r.SerialNumber?.Trim(), StringComparison.OrdinalIgnoreCase));
        var plain = all.First(r => r.SerialNumber?.Length is > 6 and < 20).SerialNumber!;
        await Same(new TestRunQuery { SerialNumbers = [plain[..5].ToLowerInvariant() + "*"] },
            r => r.SerialNumber?.Trim().StartsWith(plain[..5], StringComparison.OrdinalIgnoreCase) == true);
        var product = all[0].ProductName!;
        await Same(new TestRunQuery { ProductNames = [product[..2] + "*", "nothing"] },
            r => r.ProductName?.Trim().StartsWith(product[..2], StringComparison.OrdinalIgnoreCase) == true);
        await Same(new TestRunQuery { ProductNames = [$"[{product[0]}]" + product[1..]] },
            r => r.ProductName?.Trim().Equals(product, StringComparison.OrdinalIgnoreCase) == true);
        var station = all.First(r => r.StationName is not null).StationName!;
        await Same(new TestRunQuery { StationNames = [station] }, r => station.Equals(r.StationName, StringComparison.OrdinalIgnoreCase)
            || station.Equals(r.Station.Hostname, StringComparison.OrdinalIgnoreCase));
        await Same(new TestRunQuery { TestplanNames = ["100%_*"] },
            r => r.TestplanName?.StartsWith("100%_", StringComparison.OrdinalIgnoreCase) == true);
        await Same(new TestRunQuery { Ids = [all[5].Id, all[900].Id, Guid.NewGuid()] }, r => r.Id == all[5].Id || r.Id == all[900].Id);
        await Same(new TestRunQuery { After = new RunPosition(all[499].Timestamp, all[499].Id) }, r => all.IndexOf(r) > 499);

        async Task Same(TestRunQuery query, Func<VteTestRun, bool> wanted)
        {
            var found = await sample.ReadAsync(query with { HeaderOnly = true });
            Assert.Equal(all.Where(wanted).Select(r => r.Id), found.Select(r => r.Id));
            Assert.Equal(all.Where(wanted).Take(3)
                .Select(r => r.Id), (await sample.ReadAsync(query with { HeaderOnly = true, First = 3 })).Select(r => r.Id));
        }
    }

    [Fact]
    public async Task A_run_without_a_product_has_that_of_its_unit()
    {
        var path = sample.File("product.db");
        ReadingSample.Empty(path);
        var (own, units, none) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var (inverter, charger) = (Guid.NewGuid().ToString().ToUpperInvariant(), Guid.NewGuid().ToString().ToUpperInvariant());
        using (var db = ReadingSample.Direct(path))
        {
            db.Execute("INSERT INTO Products (Product_GUID, Name, Type, Version) VALUES (@inverter, 'Inverter', 'PCBA', 'B2'), "
                + "(@charger, 'Charger', 'Unit', 'C3'); UPDATE UutData SET Product_GUID = @charger", new { inverter, charger });
            foreach (var (id, unit) in new[] { (own, ReadingSample.Unit), (units, ReadingSample.Unit), (none, Guid.NewGuid().ToString()) })
                ReadingSample.Insert(db, id, "2024-11-01 10:00:00.000", unit: unit);
            db.Execute("UPDATE IndexData SET ProductName = NULL; UPDATE IndexData SET Product_GUID = @inverter WHERE Index_GUID = @own",
                new { inverter, own = own.ToString().ToUpperInvariant() });
        }
        await using var source = await TestSource.OpenAsync(ReadingSample.Site(path), null, CancellationToken.None);
        var runs = (await source.ReadAsync(new TestRunQuery(), CancellationToken.None)
            .ToListAsync()).ToDictionary(r => r.Id, r => r.Product);
        Assert.Equal(new VteProduct(Guid.Parse(inverter), "Inverter", "PCBA", "B2"), runs[own]);
        Assert.Equal(new VteProduct(Guid.Parse(charger), "Charger", "Unit", "C3"), runs[units]);
        Assert.Equal(VteProduct.Unknown, runs[none]);
        foreach (var (pattern, id) in new[] { ("Inv*", own), ("charger", units) })
            Assert.Equal(id, Assert.Single(await source.ReadAsync(new TestRunQuery { ProductNames = [pattern] }, CancellationToken.None)
                .ToListAsync()).Id);
    }

    [Fact]
    public async Task A_run_whose_product_is_gone_has_name_type_and_revision_of_the_one_that_its_unit_names()
    {
        var path = sample.File("gone.db");
        ReadingSample.Empty(path);
        var (gone, charger) = (Guid.NewGuid().ToString().ToUpperInvariant(), Guid.NewGuid().ToString().ToUpperInvariant());
        using (var db = ReadingSample.Direct(path))
        {
            db.Execute("INSERT INTO Products (Product_GUID, Name, Type, Version) VALUES (@charger, 'Charger', 'Unit', 'C3'); "
                + "UPDATE UutData SET Product_GUID = @charger", new { charger });
            ReadingSample.Insert(db, Guid.NewGuid(), "2024-11-01 10:00:00.000");
            db.Execute("PRAGMA foreign_keys = OFF; UPDATE IndexData SET ProductName = 'Charger', Product_GUID = @gone", new { gone });
        }
        await using var source = await TestSource.OpenAsync(ReadingSample.Site(path), null, CancellationToken.None);
        var run = Assert.Single(await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync());
        Assert.Equal(("Charger", "Unit", "C3"), (run.Product.Name, run.Product.Type, run.Product.Version));
    }

    [Fact]
    public async Task Newest_first_reads_the_same_runs_backwards()
    {
        var forward = await sample.ReadAsync(new TestRunQuery { HeaderOnly = true });
        await using var source = await sample.OpenAsync();
        source.FixedPageSize = 90;
        var backward = await source.ReadAsync(new TestRunQuery { HeaderOnly = true, NewestFirst = true }, CancellationToken.None)
            .ToListAsync();
        Assert.Equal(forward.Select(r => r.Id).Reverse(), backward.Select(r => r.Id));
        Assert.Equal(1000, await source.CountAsync(new TestRunQuery(), CancellationToken.None));
        Assert.Equal(10, await source.CountAsync(new TestRunQuery { First = 10 }, CancellationToken.None));
    }

    [Fact]
    public async Task A_result_that_is_no_word_and_no_code_is_refused()
    {
        var failure = await Assert.ThrowsAsync<VteWatsException>(() => sample.ReadAsync(new TestRunQuery { Results = ["Great"] }));
        Assert.Equal(ErrorKind.InvalidArgument, failure.Error);
    }

    [Theory]
    [InlineData("Renamed")]
    [InlineData("Bare")]
    public async Task A_site_unlike_the_reference_schema_is_read_in_full(string profile)
    {
        var configuration = profile == "Bare" ? SampleProfiles.Bare : SampleProfiles.Renamed;
        var path = sample.File(profile + ".db");
        await SampleDatabase.CreateSqliteAsync(path,
            new SampleOptions { Runs = 200, Until = ReadingSample.Until, Profile = SchemaProfile.From(configuration) });
        await SampleDatabase.CreateSqliteAsync(sample.File(profile + "-plain.db"),
            new SampleOptions { Runs = 200, Until = ReadingSample.Until });
        await using var source = await TestSource.OpenAsync(ReadingSample.Site(path, configuration), null, CancellationToken.None);
        await using var plain =
            await TestSource.OpenAsync(ReadingSample.Site(sample.File(profile + "-plain.db")), null, CancellationToken.None);
        var there = await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        var reference = await plain.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync();
        Assert.Equal(reference.Select(r => r.Id), there.Select(r => r.Id));
        if (profile == "Renamed")
        {
            Assert.Equal(reference.Select(r => r.ContentHash), there.Select(r => r.ContentHash));
        }
        else
        {
            Assert.All(there, r => Assert.True(r.StationName is null && r.Operator is null && r.Product.Version is null
                && r.Station.Components.Count == 0));
            Assert.Equal(reference.Sum(r => r.Steps!.OfType<VteNumericStep>().Count()), there.Sum(r => r.StepCount!.Value));
        }
    }

    [Fact]
    public async Task A_database_without_what_is_needed_is_refused_before_a_row_is_read()
    {
        var path = sample.File("short.db");
        ReadingSample.Empty(path);
        using (var db = ReadingSample.Direct(path)) db.Execute("ALTER TABLE TestDataNumeric RENAME COLUMN TestResult TO Measured");
        var failure = await Assert.ThrowsAsync<VteWatsException>(() => TestSource.OpenAsync(ReadingSample.Site(path), null,
            CancellationToken.None));
        Assert.Equal(ErrorKind.SchemaUnsupported, failure.Error);
        Assert.Contains("TestDataNumeric.TestResult", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unsettled_runs_are_left_for_the_next_time()
    {
        var path = sample.File("young.db");
        ReadingSample.Empty(path);
        var clock = SiteClock.For(SampleDatabase.TimeZone);
        var (old, young, headless) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        using (var db = ReadingSample.Direct(path))
        {
            ReadingSample.Insert(db, old, Text(clock.ToLocal(DateTimeOffset.UtcNow.AddMinutes(-30))));
            ReadingSample.Insert(db, headless, Text(clock.ToLocal(DateTimeOffset.UtcNow.AddMinutes(-29))), steps: 0);
            ReadingSample.Insert(db, young, Text(clock.ToLocal(DateTimeOffset.UtcNow.AddMinutes(-10))));
        }
        await using var source = await TestSource.OpenAsync(ReadingSample.Site(path), null, CancellationToken.None);
        var settled = await source.ReadAsync(new TestRunQuery { SettleTime = TimeSpan.FromMinutes(20) }, CancellationToken.None)
            .ToListAsync();
        Assert.Equal([old, headless], settled.Select(r => r.Id));
        Assert.Equal([], settled[1].Steps!);
        Assert.Equal(3, (await source.ReadAsync(new TestRunQuery { SettleTime = TimeSpan.Zero }, CancellationToken.None)
            .ToListAsync()).Count);
    }

    private static string Text(DateTime time) =>
        time.ToString("yyyy-MM-dd HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);
}
