using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Unit.Mapping;

/// <summary>Whether a plant writes the begin or the end of a test: else <c>start</c> in WATS is wrong by the test time.</summary>
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
        Assert.Equal(run.Start.AddSeconds(moved), Begin(report, meaning));
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
        Assert.Equal(run.Start, Begin(report));
        Assert.Contains(NoteRules.StartUnknown, report.Rules());
    }

    [Fact]
    public void A_test_over_a_clock_change_started_with_the_offset_of_then()
    {
        // The clocks went from 02:00 to 03:00; the test ended at 03:30 after an hour.
        var clock = SiteClock.For("Europe/Oslo");
        var run = Runs.Plain(Runs.Numeric(1, 1)) with { Start = clock.ToInstant(new DateTime(2024, 3, 31, 3, 30, 0)), TestTime = 3600 };
        var start = Begin(new ReportMapper(AtTheEnd, "Oslo", clock).Map(run));
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

    // WATS takes reports of one unit, operation and start for one: of an aborted test and its retest the later would swallow the other.
    [Fact]
    public void Runs_whose_ends_lead_to_the_same_begin_start_apart_and_always_at_the_same_moment()
    {
        var aborted = Runs.Plain(Runs.Numeric(1, 1)) with { Id = new Guid(1, 2, 3, new byte[8]), TestTime = 0 };
        var retest = aborted with
        {
            Id = new Guid(1, 2, 4, new byte[8]),
            Timestamp = aborted.Timestamp.AddSeconds(30),
            Start = aborted.Start.AddSeconds(30),
            TestTime = 30,
        };
        var starts = new[] { aborted, retest }.Select(run => run.Map(AtTheEnd).Start!.Value).ToList();
        Assert.NotEqual(starts[0], starts[1]);
        Assert.All(starts, start => Assert.InRange(start - aborted.Start, TimeSpan.FromTicks(1), TimeSpan.FromTicks(9_999)));
        Assert.Equal(starts, new[] { aborted, retest }.Select(run => run.Map(AtTheEnd).Start!.Value));
    }

    [Fact]
    public void Twins_that_end_at_the_same_moment_never_start_at_the_same_one()
    {
        var run = Runs.Plain(Runs.Numeric(1, 1)) with { TestTime = 30 };
        var starts = Enumerable.Range(0, 500).Select(n => run with { Id = new Guid(n, 0, 0, new byte[8]), DuplicateIndex = n })
            .Select(twin => twin.Map(AtTheEnd).Start).ToList();
        Assert.Equal(starts.Count, starts.Distinct().Count());
    }

    // Where the timestamp is the end, the start without the part of a millisecond that keeps two runs apart.
    private static DateTimeOffset Begin(WatsReport report, string meaning = "end")
    {
        var start = report.Start!.Value;
        var part = TimeSpan.FromTicks(start.Ticks % TimeSpan.TicksPerMillisecond);
        Assert.Equal(meaning == "end", part > TimeSpan.Zero);
        return start - part;
    }
}
