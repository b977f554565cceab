using System.Text.Json.Nodes;
using VteWats.Core.Wats.Client;
using VteWats.Unit.Support;

namespace VteWats.Unit.Commands;

/// <summary>Find-WatsReport: patterns, periods and the time that it shows.</summary>
public sealed class FindReportTests : IClassFixture<FindReportTests.Sent>
{
    private readonly CmdletPlant _plant;

    public FindReportTests(Sent sent) => _plant = sent.Plant;

    /// <summary>Reports of a few units, made by hand so that their numbers are known.</summary>
    public sealed class Sent : IAsyncLifetime
    {
        public CmdletPlant Plant { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Plant = await CmdletPlant.StartAsync();
            var units = new (string Serial, string Start)[]
            {
                ("P24-001", "2025-03-01T08:00:00+01:00"), ("P24-002", "2025-03-02T08:00:00+01:00"),
                ("P25-001", "2025-07-01T08:00:00+02:00"), ("x'P24*", "2025-07-02T06:00:00Z"),
                ("100% [P]", "2025-07-03T08:00:00+02:00"), ("aba", "2025-07-04T08:00:00+02:00"),
            };
            var made = Plant.Run("Get-VteTestRun -Site Oslo -Result Passed -First 1 | ConvertTo-WatsReport | "
                + "Export-WatsReport $Folder/made").Clean();
            var text = await File.ReadAllTextAsync(((FileInfo)made[0].BaseObject).FullName);
            foreach (var (serial, start) in units)
            {
                var report = JsonNode.Parse(text)!;
                report["id"] = Guid.NewGuid().ToString("D");
                report["sn"] = serial;
                report["start"] = start;
                report.AsObject().Remove("startUTC");
                await File.WriteAllTextAsync(Plant.File("made.wsjf"), report.ToJsonString());
                Plant.Run("Import-WatsReport -LiteralPath $Folder/made.wsjf | Send-WatsReport").Clean();
            }
        }

        public Task DisposeAsync() => Plant.DisposeAsync();
    }

    [Theory]
    [InlineData("'P24*'", "P24-001|P24-002")]
    [InlineData("'p24-*'", "P24-001|P24-002")]
    [InlineData("'*001'", "P24-001|P25-001")]
    [InlineData("'*24*'", "P24-001|P24-002|x'P24*")]
    [InlineData("'P2?-001'", "P24-001|P25-001")]
    [InlineData("'P2[5-9]-*'", "P25-001")]
    [InlineData("'P*1'", "P24-001|P25-001")]
    [InlineData("'ab*ba'", "")]
    [InlineData("'*`*'", "x'P24*")]
    [InlineData("'100% `[P`]'", "100% [P]")]
    [InlineData("'x''P24`*'", "x'P24*")]
    [InlineData("'P24'", "")]
    public void A_serial_number_may_be_a_pattern(string pattern, string found) => Assert.Equal(
        found.Split('|', StringSplitOptions.RemoveEmptyEntries),
        Run($"Find-WatsReport {pattern}").Clean().Select(h => ((WatsReportHeader)h.BaseObject).SerialNumber!)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Part_numbers_and_stations_may_be_patterns_too()
    {
        var header = (WatsReportHeader)Run("Find-WatsReport P24-001").Clean()[0].BaseObject;
        Assert.Equal(6, Run("Find-WatsReport -PartNumber $x -StationName $y", ("x", header.PartNumber![..2] + "*"),
            ("y", "*" + header.StationName![^2..])).Clean().Count);
        Assert.Empty(Run("Find-WatsReport -PartNumber 'no such*'").Clean());
    }

    [Fact]
    public void As_many_as_are_asked_for_come_also_when_the_server_brings_some_that_the_pattern_does_not_mean() =>
        Assert.Equal(["P25-001"], Run("Find-WatsReport 'P2?-001' -First 1").Clean()
            .Select(h => ((WatsReportHeader)h.BaseObject).SerialNumber));

    [Theory]
    [InlineData("'*'")]
    [InlineData("'??'")]
    [InlineData("'[ab]*'")]
    public void A_pattern_without_any_text_is_an_error_and_not_every_report_there_is(string pattern)
    {
        var result = Run($"Find-WatsReport {pattern}");
        Assert.Equal(["VteWats.InvalidArgument"], result.Ids());
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_serial_number_of_an_object_means_itself_whatever_is_in_it() => Assert.Equal(["x'P24*"],
        Run("[pscustomobject]@{ SerialNumber = 'x''P24*' } | Find-WatsReport").Clean()
            .Select(h => ((WatsReportHeader)h.BaseObject).SerialNumber));

    [Fact]
    public void A_period_that_ends_before_it_begins_is_an_error()
    {
        var result = Run("Find-WatsReport -Site Oslo -From 2025-07-01 -To 2025-03-01");
        Assert.Equal(["VteWats.InvalidArgument"], result.Ids());
        Assert.Contains("-From", (result.Thrown ?? result.Errors[0]).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Site Oslo -From 2025-03-02T08:00:00 -To '2025-07-01 08:00'", 1)]
    [InlineData("-Site Oslo -From 2025-03-02T08:00:00 -To '2025-07-01 08:00:01'", 2)]
    [InlineData("-TimeZone Asia/Tokyo -From 2025-03-02T08:00:00 -To 2025-03-02T16:00:01", 1)]
    [InlineData("-Since 2025-03-02T07:00:00Z -Until 2025-03-02T07:00:01Z", 1)]
    public void A_time_is_the_sites_unless_it_has_an_offset(string period, int count) =>
        Assert.Equal(count, Run($"Find-WatsReport {period}").Clean().Count);

    [Fact]
    public void A_time_without_offset_needs_a_site_where_there_are_several()
    {
        var result = Run("Find-WatsReport -From 2025-03-02");
        Assert.Equal(["VteWats.InvalidArgument"], result.Ids());
        Assert.Contains("-Site", (result.Thrown ?? result.Errors[0]).ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Site Oslo", "2025-07-02T08:00:00+02:00")]
    [InlineData("-TimeZone Asia/Tokyo", "2025-07-02T15:00:00+09:00")]
    [InlineData("", "2025-07-02T06:00:00+00:00")]
    public void The_start_is_given_in_the_sites_time_and_as_WATS_has_it_where_no_site_is_known(string how, string start) => Assert.Equal(
        start, ((WatsReportHeader)Assert.Single(Run($"Find-WatsReport 'x*' {how}").Clean()).BaseObject).Start!.Value
            .ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture));

    private ScriptResult Run(string script, params (string Name, object? Value)[] arguments) => _plant.Run(script, arguments);
}
