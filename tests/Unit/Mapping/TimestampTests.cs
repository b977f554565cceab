using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Unit.Mapping;

/// <summary>Whether a plant writes the begin or the end of a test: <c>start</c> in WATS was wrong by the whole test time.</summary>
public class TimestampTests
{
    private static readonly MappingOptions AtTheEnd = Runs.Options with { TimestampIs = "end" };

    [Theory]
    [InlineData("start", 1200.0, 0)]
    [InlineData("end", 1200.0, -1200)]
    [InlineData("end", 0.0, 0)]
    public void A_test_begins_at_its_timestamp_or_its_test_time_before(string meaning, double seconds, int moved)
    {
        var run = Runs.Plain(Runs.Numeric(1, 1)) with { TestTime = seconds };
        var report = run.Map(Runs.Options with { TimestampIs = meaning });
        Assert.Equal(run.Start.AddSeconds(moved), report.Start);
        Assert.Equal(report.Start, report.StartUtc);
        Assert.Empty(report.Notes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(double.NaN)]
    [InlineData(-1.0)]
    [InlineData(1e300)]
    public void Without_a_usable_test_time_the_end_stands_for_the_start_and_a_note_says_so(double? seconds)
    {
        var run = Runs.Plain(Runs.Numeric(1, 1)) with { TestTime = seconds };
        var report = run.Map(AtTheEnd);
        Assert.Equal(run.Start, report.Start);
        Assert.Contains(NoteRules.StartUnknown, report.Rules());
    }

    [Fact]
    public void A_test_over_a_clock_change_started_with_the_offset_of_then()
    {
        // The clocks went from 02:00 to 03:00; the test ended at 03:30 after an hour.
        var clock = SiteClock.For("Europe/Oslo");
        var run = Runs.Plain(Runs.Numeric(1, 1)) with { Start = clock.ToInstant(new DateTime(2024, 3, 31, 3, 30, 0)), TestTime = 3600 };
        var start = new ReportMapper(AtTheEnd, "Oslo", clock).Map(run).Start!.Value;
        Assert.Equal((new DateTime(2024, 3, 31, 1, 30, 0), TimeSpan.FromHours(1)), (start.DateTime, start.Offset));
    }

    [Fact]
    public void What_the_timestamp_is_belongs_to_the_mapping_whatever_the_order_of_the_keys()
    {
        var first = new SiteOptions { TimestampIs = "end", Mapping = Runs.Options };
        var last = new SiteOptions { Mapping = Runs.Options } with { TimestampIs = "end" };
        Assert.Equal("end", first.Mapping.TimestampIs);
        Assert.Equal(first.Mapping.Fingerprint(), last.Mapping.Fingerprint());
        Assert.NotEqual(Runs.Options.Fingerprint(), first.Mapping.Fingerprint());
    }
}
