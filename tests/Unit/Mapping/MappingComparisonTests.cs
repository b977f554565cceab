using Dapper;
using VteWats.Core.Inspection;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Schema;
using VteWats.Unit.Support;
using VteWats.Unit.Vte;

namespace VteWats.Unit.Mapping;

/// <summary>What another mapping would change in WATS, told by kind before it does.</summary>
public sealed class MappingComparisonTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SiteOptions _site;
    private readonly Guid _first = Guid.Parse("00000000-0000-0000-0000-000000000001");

    public MappingComparisonTests()
    {
        var database = _folder.File("vte.db");
        ReadingSample.Empty(database);
        using var db = ReadingSample.Direct(database);
        ReadingSample.Insert(db, _first, "2024-06-03 08:00:00.000", steps: 3);
        ReadingSample.Insert(db, Guid.NewGuid(), "2024-06-03 09:00:00.000", steps: 3);
        db.Execute("UPDATE TestDataNumeric SET TestNumber = 'PSU.' || TestStepNumber, TestName = 'Rail ' || TestStepNumber, "
            + "TestUnits = 'V', LowLimit = 0, HighLimit = 5");
        db.Execute("UPDATE IndexData SET TestTime = 30, Hostname = 'st-1', Info1 = 'F7'");
        _site = ReadingSample.Site(database) with { TimestampIs = "start", Mapping = new MappingOptions { DefaultProcessCode = 10 } };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_step_template_that_renames_is_told_as_renamed_steps_which_break_statistics()
    {
        var (changes, result) = await CompareAsync(m => m with { Sequences = new() { Pattern = "/^([A-Z]+)/" } });
        var renamed = Assert.Single(changes);
        Assert.Equal((MappingChangeKind.StepRenamed, 2, 6), (renamed.Kind, renamed.Reports, renamed.Count));
        Assert.Contains("breaks statistics", renamed.Meaning, StringComparison.Ordinal);
        Assert.Equal(3, renamed.Examples.Count);
        Assert.Equal((_first, "root -> step Rail 1", "root -> step PSU -> step Rail 1"),
            (renamed.Examples[0].RunId, renamed.Examples[0].Before, renamed.Examples[0].After));
        Assert.Equal((2, 2, false), (result.Runs, result.Different, result.IsEqual));
    }

    [Fact]
    public async Task The_same_mapping_changes_nothing_whatever_its_fingerprint()
    {
        // Another fingerprint, and no run that it concerns.
        var (changes, result) = await CompareAsync(m => m with { MissingStation = "Nobody's" });
        Assert.Empty(changes);
        Assert.True(result.IsEqual);
        Assert.NotEqual(result.Mapping, result.OtherMapping);
    }

    public static TheoryData<string, MappingChangeKind, int> Changes() => new()
    {
        { "operation", MappingChangeKind.Operation, 2 }, { "part", MappingChangeKind.Unit, 2 }, { "fixture", MappingChangeKind.Header, 2 },
        { "codes", MappingChangeKind.Verdict, 2 }, { "steps", MappingChangeKind.StepVerdict, 6 },
        { "sentinel", MappingChangeKind.Value, 2 }, { "limit", MappingChangeKind.Limit, 6 }, { "group", MappingChangeKind.Step, 6 },
        { "end", MappingChangeKind.Time, 2 }, { "serial", MappingChangeKind.Mappable, 1 }, { "refuse", MappingChangeKind.Unmappable, 2 },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Each_kind_is_told_with_its_number_and_an_example(string change, MappingChangeKind kind, int count)
    {
        if (change == "serial") using (var db = ReadingSample.Direct(_folder.File("vte.db")))
            db.Execute("UPDATE IndexData SET Result = 9 WHERE Index_GUID = @id", new { id = _first.ToString("D") });
        var (changes, result) = await CompareAsync(m => change switch
        {
            "operation" => m with { DefaultProcessCode = 50 },
            "part" => m with { PartNumber = "X-{Product.Name}" },
            "fixture" => m with { FixtureId = "{Info1}" },
            "codes" => m with { ResultCodes = new Dictionary<int, string> { [0] = "P", [1] = "F" } },
            "steps" => m with { StepResultCodes = new Dictionary<int, string> { [1] = "F" } },
            "sentinel" => m with { Sentinels = [2] },
            "limit" => m with { Sentinels = [5] },
            "group" => m with { StepGroups = [new() { Name = "Rail*", Group = "S" }] },
            "end" => m with { TimestampIs = "end" },
            "serial" => m with { ResultCodes = new Dictionary<int, string> { [0] = "F", [1] = "P", [9] = "E" } },
            _ => m with { DefaultProcessCode = null },
        });
        var told = Assert.Single(changes, told => told.Kind == kind);
        Assert.Equal(count, told.Count);
        Assert.NotEmpty(told.Examples);
        Assert.NotEqual(told.Examples[0].Before, told.Examples[0].After);
        Assert.NotEmpty(told.Meaning);
        Assert.False(result.IsEqual);
    }

    [Fact]
    public async Task Another_time_zone_and_another_schema_profile_of_the_other_file_count_too()
    {
        var zone = await CompareAsync(_site with { TimeZone = "America/New_York" });
        Assert.Equal(MappingChangeKind.Time, Assert.Single(zone.Changes).Kind);
        var profile = await CompareAsync(_site with { SchemaProfile = new SchemaProfileOptions { Missing = ["IndexData.TestTime"] } });
        var time = Assert.Single(profile.Changes, change => change.Kind == MappingChangeKind.Time);
        Assert.Equal(("30", null), (time.Examples[0].Before, time.Examples[0].After));
    }

    [Fact]
    public async Task Limits_that_a_profile_exchanges_are_told()
    {
        var (changes, _) = await CompareAsync(_site with
        {
            SchemaProfile = new SchemaProfileOptions
            {
                Columns = new Dictionary<string, string>
                {
                    ["TestDataNumeric.LowLimit"] = "HighLimit", ["TestDataNumeric.HighLimit"] = "LowLimit",
                },
            },
        });
        Assert.Equal("GELE 0 5", Assert.Single(changes, change => change.Kind == MappingChangeKind.Limit).Examples[0].Before);
    }

    [Fact]
    public void A_mapping_that_was_kept_as_text_is_the_same_mapping_again()
    {
        var full = new MappingOptions
        {
            TimestampIs = "end", MissingSerialNumber = "NONE-{Id}", DefaultProcessCode = 7, MissingRevision = null,
            Sentinels = [double.Epsilon],
            Operations = [new() { Product = "/é+/", Station = "a*", Site = "b", ProcessCode = 3 }],
            ResultCodes = new Dictionary<int, string> { [-4] = "E" }, ErrorMessages = new Dictionary<int, string> { [9] = "\u0001<\"" },
            StepGroups = [new() { Name = "x", Group = "S" }], Sequences = new() { Of = "stepNumber", Pattern = "/(.)/" },
            Charts = [new() { Name = "c", YUnit = "V" }], MiscInfos = new Dictionary<string, string> { ["a"] = "{Info1}" },
        };
        foreach (var mapping in new[] { full, new MappingOptions() })
        {
            var again = MappingOptions.FromText(mapping.ToText());
            Assert.Equal((mapping.Fingerprint(), mapping.ToText()), (again.Fingerprint(), again.ToText()));
        }
    }

    private Task<(IReadOnlyList<MappingChange> Changes, MappingComparison Result)> CompareAsync(
        Func<MappingOptions, MappingOptions> change)
    {
        var other = change(_site.Mapping);
        return CompareAsync(_site with { TimestampIs = other.TimestampIs, Mapping = other });
    }

    private async Task<(IReadOnlyList<MappingChange> Changes, MappingComparison Result)> CompareAsync(SiteOptions other)
    {
        var comparer = new MappingComparer(Side(_site), Side(other), null);
        return (await comparer.RunAsync(new TestRunQuery(), CancellationToken.None), comparer.Result!);
    }

    private static MappingSide Side(SiteOptions site) => new(site.ToSource(), site.Mapping, SiteClock.For(site.TimeZone));
}
