using VteWats.Core.Assistant;

namespace VteWats.Unit.Assistant;

/// <summary>Plants that nobody has seen: the assistant's file gives right reports, or leaves open what no data can decide.</summary>
public sealed class MadeUpPlantTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public async Task A_plant_whose_result_column_is_a_type_code_is_judged_by_its_limits()
    {
        using var plant = new TypeCodePlant().Made<TypeCodePlant>();
        var proposal = await plant.ProposeAsync();
        output.WriteLine(proposal.Text());
        Assert.Empty(proposal.Open());
        // The zones of Central Europe keep the same time: any of them gives the same reports.
        Assert.Equal(("Europe/Berlin", DecisionCertainty.Certain), (proposal.The("timeZone").Value, proposal.The("timeZone").Certainty));
        Assert.Equal("limits", proposal.The("mapping.stepVerdict").Value);
        Assert.Equal("""{"10":"P","20":"F"}""", proposal.The("mapping.resultCodes").Value);
        Assert.Contains("9999", proposal.The("mapping.sentinels").Value, StringComparison.Ordinal);
        Assert.Equal(("start", DecisionCertainty.Certain), (proposal.The("timestampIs").Value, proposal.The("timestampIs").Certainty));
        plant.AssertTrue(await plant.ReportsAsync(proposal), 2900);
    }

    [Fact]
    public async Task A_plant_with_half_of_the_tables_that_is_at_rest_leaves_its_time_zone_and_operation_open_and_nothing_else()
    {
        using var plant = new EndStampedPlant().Made<EndStampedPlant>();
        var proposal = await plant.ProposeAsync();
        Assert.Equal(["mapping.defaultProcessCode", "timeZone"], proposal.Open());
        Assert.Equal("end", proposal.The("timestampIs").Value);
        Assert.Equal("""{"0":"P","1":"F"}""", proposal.The("mapping.stepResultCodes").Value);
        Assert.Equal("""{"0":"P","1":"F"}""", proposal.The("mapping.resultCodes").Value);
        var answered = await plant.ProposeAsync(("timeZone", "Europe/Berlin"), ("mapping.defaultProcessCode", 100));
        Assert.Empty(answered.Open());
        plant.AssertTrue(await plant.ReportsAsync(answered), 500);
    }

    [Fact]
    public async Task Two_plants_in_one_database_leave_open_which_of_them_the_site_is_and_each_is_right_when_that_is_said()
    {
        using var plant = new TwoPlants().Made<TwoPlants>();
        var proposal = await plant.ProposeAsync();
        output.WriteLine(proposal.Text());
        Assert.Contains("rows.sites", proposal.Open());
        Assert.Contains("timeZone", proposal.Open());
        Assert.Contains("different times", proposal.The("rows.sites").Evidence, StringComparison.Ordinal);

        foreach (var (place, zone) in new[] { ("NOR", "Europe/Oslo"), ("JPN", "Asia/Tokyo") })
        {
            var one = await plant.ProposeAsync(("rows.sites", place), ("timeZone", zone));
            Assert.Empty(one.Open());
            var reports = await plant.ReportsAsync(one);
            Assert.All(reports, report => Assert.StartsWith(place, report.SerialNumber, StringComparison.Ordinal));
            plant.AssertTrue(reports, 900);
        }
    }

    [Fact]
    public async Task The_offset_of_a_plant_at_work_narrows_its_time_zone_to_those_that_have_it_now()
    {
        using var plant = new TwoPlants().Made<TwoPlants>();
        var proposal = await plant.ProposeAsync(("rows.sites", "JPN"));
        output.WriteLine(proposal.Text());
        Assert.Empty(proposal.Open());
        Assert.Equal("Asia/Tokyo", proposal.The("timeZone").Value);
    }

    [Fact]
    public async Task Where_the_clocks_of_database_and_wats_differ_the_newest_runs_tell_no_offset()
    {
        using var plant = new TwoPlants().Made<TwoPlants>();
        plant.WatsAhead = TimeSpan.Zero;
        var zone = (await plant.ProposeAsync(("rows.sites", "JPN"))).The("timeZone");
        Assert.Equal("Asia/Tokyo", zone.Value);
        Assert.Contains("the clocks of the server and of WATS say", zone.Evidence, StringComparison.Ordinal);
        plant.WatsAhead = TimeSpan.FromHours(-1);
        zone = (await plant.ProposeAsync(("rows.sites", "JPN"))).The("timeZone");
        Assert.Equal(DecisionCertainty.Open, zone.Certainty);
        Assert.Contains("one of them is wrong", zone.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repetitions_nested_numbers_NULL_verdicts_and_limits_that_are_none_give_right_reports()
    {
        using var plant = new RepeatingPlant().Made<RepeatingPlant>();
        var proposal = await plant.ProposeAsync();
        output.WriteLine(proposal.Text());
        Assert.Equal(["timeZone", "timestampIs"], proposal.Open());
        Assert.Equal("limits", proposal.The("mapping.missingResult").Value);
        Assert.Equal("limits", proposal.The("mapping.missingStepResult").Value);
        Assert.Equal("{Info1}", proposal.The("mapping.testSocketIndex").Value);
        Assert.Contains("1E+30", proposal.The("mapping.sentinels").Value, StringComparison.Ordinal);
        var answered = await plant.ProposeAsync(("timeZone", "Europe/Oslo"), ("timestampIs", "start"));
        plant.AssertTrue(await plant.ReportsAsync(answered), 1100);
    }

    [Fact]
    public async Task Runs_of_twenty_minute_steps_that_are_under_way_are_held_and_the_others_are_right()
    {
        using var plant = new SlowPlant().Made<SlowPlant>();
        var proposal = await plant.ProposeAsync();
        output.WriteLine(proposal.Text());
        Assert.Empty(proposal.Open().Except(["timeZone"]));
        Assert.Contains("withoutTestTime", proposal.The("unfinished").Value, StringComparison.Ordinal);
        Assert.Equal("start", proposal.The("timestampIs").Value);
        var reports = await plant.ReportsAsync(await plant.ProposeAsync(("timeZone", "America/Chicago")));
        Assert.Empty(reports.Select(r => r.Id!.Value).Intersect(plant.UnderWay));
        plant.AssertTrue(reports, 1500);
    }
}
