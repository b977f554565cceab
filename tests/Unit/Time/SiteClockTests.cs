using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using VteWats.Core.Diagnostics;
using VteWats.Core.Time;

namespace VteWats.Unit.Time;

public class SiteClockTests
{
    // Local time, offset that ToInstant gives, offset of the latest instant it can mean.
    [Theory]
    [InlineData("Europe/Oslo", "2026-03-29T01:59:59", "+01:00", "+01:00")]
    [InlineData("Europe/Oslo", "2026-03-29T02:30:00", "+01:00", "+01:00")]    // never occurs
    [InlineData("Europe/Oslo", "2026-03-29T03:00:00", "+02:00", "+02:00")]
    [InlineData("Europe/Oslo", "2026-10-25T01:59:59", "+02:00", "+02:00")]
    [InlineData("Europe/Oslo", "2026-10-25T02:00:00", "+02:00", "+01:00")]    // occurs twice
    [InlineData("Europe/Oslo", "2026-10-25T02:59:59", "+02:00", "+01:00")]
    [InlineData("Europe/Oslo", "2026-10-25T03:00:00", "+01:00", "+01:00")]
    [InlineData("W. Europe Standard Time", "2026-10-25T02:30:00", "+02:00", "+01:00")]
    [InlineData("America/New_York", "2026-03-08T02:30:00", "-05:00", "-05:00")]
    [InlineData("America/New_York", "2026-03-08T03:00:00", "-04:00", "-04:00")]
    [InlineData("America/New_York", "2026-11-01T01:30:00", "-04:00", "-05:00")]
    [InlineData("America/New_York", "2006-04-01T12:00:00", "-05:00",
        "-05:00")]    // the old rule: summer began on the first Sunday of April
    [InlineData("America/New_York", "2006-03-20T12:00:00", "-05:00", "-05:00")]
    [InlineData("Eastern Standard Time", "2026-11-01T01:30:00", "-04:00", "-05:00")]
    [InlineData("Australia/Lord_Howe", "2026-04-05T01:45:00", "+11:00", "+10:30")]    // half an hour back
    [InlineData("Australia/Lord_Howe", "2026-04-05T01:29:00", "+11:00", "+11:00")]
    [InlineData("Australia/Lord_Howe", "2026-10-04T02:15:00", "+10:30", "+10:30")]    // half an hour missing
    [InlineData("Australia/Lord_Howe", "2026-10-04T02:30:00", "+11:00", "+11:00")]
    [InlineData("Asia/Kolkata", "2026-03-29T02:30:00", "+05:30", "+05:30")]
    [InlineData("India Standard Time", "2026-10-25T02:30:00", "+05:30", "+05:30")]
    [InlineData("Australia/Sydney", "2026-04-05T02:30:00", "+11:00", "+10:00")]
    [InlineData("Australia/Sydney", "2026-10-04T02:30:00", "+10:00", "+10:00")]
    [InlineData("America/Santiago", "2026-04-04T23:30:00", "-03:00", "-04:00")]    // before midnight
    [InlineData("America/Sao_Paulo", "2019-01-15T12:00:00", "-02:00", "-02:00")]    // summer time until 2019
    [InlineData("America/Sao_Paulo", "2026-01-15T12:00:00", "-03:00", "-03:00")]
    [InlineData("Europe/Istanbul", "2015-12-01T12:00:00", "+02:00", "+02:00")]    // on summer time for good since 2016
    [InlineData("Europe/Istanbul", "2026-12-01T12:00:00", "+03:00", "+03:00")]
    [InlineData("UTC", "2026-03-29T02:30:00", "+00:00", "+00:00")]
    public void A_local_time_has_these_offsets(string zone, string local, string first, string latest)
    {
        var clock = SiteClock.For(zone);
        var time = DateTime.Parse(local, CultureInfo.InvariantCulture);
        Assert.Equal(DateTimeOffset.Parse(local + first, CultureInfo.InvariantCulture), clock.ToInstant(time));
        Assert.Equal(TimeSpan.Parse(first.TrimStart('+'), CultureInfo.InvariantCulture), clock.ToInstant(time).Offset);
        Assert.Equal(DateTimeOffset.Parse(local + latest, CultureInfo.InvariantCulture), clock.ToLatestInstant(time));
    }

    [Theory]
    [InlineData("Europe/Oslo", "2026-10-25T00:30:00Z", "2026-10-25T02:00:00",
        "2026-10-25T02:30:00")]    // the first 02:30: 02:00 is shown again
    [InlineData("Europe/Oslo", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00",
        "2026-10-25T03:00:00")]    // the second 02:30: 02:59 was shown already
    [InlineData("Europe/Oslo", "2026-10-24T23:59:00Z", "2026-10-25T01:59:00", "2026-10-25T01:59:00")]
    [InlineData("Europe/Oslo", "2026-03-29T01:10:00Z", "2026-03-29T02:10:00",
        "2026-03-29T03:10:00")]    // in the gap, 02:10 would be this instant
    [InlineData("Europe/Oslo", "2026-07-01T10:00:00Z", "2026-07-01T12:00:00", "2026-07-01T12:00:00")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-05T01:30:00", "2026-04-05T01:45:00")]
    [InlineData("America/New_York", "2026-11-01T06:15:00Z", "2026-11-01T01:15:00", "2026-11-01T02:00:00")]
    [InlineData("Asia/Kolkata", "2026-10-25T00:30:00Z", "2026-10-25T06:00:00", "2026-10-25T06:00:00")]
    public void Around_an_instant_the_clock_shows_at_least_and_at_most(string zone, string instant, string smallestFrom,
    string largestBefore)
    {
        var clock = SiteClock.For(zone);
        var at = DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);
        Assert.Equal(DateTime.Parse(smallestFrom, CultureInfo.InvariantCulture), clock.SmallestLocalFrom(at));
        Assert.Equal(DateTime.Parse(largestBefore, CultureInfo.InvariantCulture), clock.LargestLocalBefore(at));
    }

    [Fact]
    public void Times_that_occur_twice_or_never_are_counted()
    {
        var clock = SiteClock.For("Europe/Oslo");
        foreach (var time in new[] { "2026-10-25 02:30", "2026-10-25 02:00", "2026-03-29 02:30", "2026-03-29 12:00" })
            clock.ToInstant(DateTime.Parse(time, CultureInfo.InvariantCulture));
        clock.ToLatestInstant(new DateTime(2026, 10, 25, 2, 30, 0));
        Assert.Equal((2, 1), (clock.AmbiguousCount, clock.InvalidCount));
    }

    [Theory]
    [InlineData("Oslo")]
    [InlineData("Europe")]
    [InlineData("../../etc/passwd")]
    [InlineData("Middle-earth/Shire")]
    public void An_unknown_zone_is_told(string zone)
    {
        var failure = Assert.Throws<VteWatsException>(() => SiteClock.For(zone));
        Assert.Equal(ErrorKind.ConfigurationInvalid, failure.Error);
        Assert.Contains($"'{zone}'", failure.Message, StringComparison.Ordinal);
        if (zone == "Oslo") Assert.Contains("Europe/Oslo", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void A_missing_zone_is_never_guessed(string? zone) =>
        Assert.Equal(ErrorKind.ConfigurationInvalid, Assert.Throws<VteWatsException>(() => SiteClock.For(zone)).Error);

    [Fact]
    public void The_ends_of_time_do_not_break_the_clock()
    {
        var clock = SiteClock.For("America/New_York");
        Assert.Equal(DateTime.MinValue, clock.ToInstant(DateTime.MinValue).DateTime);
        Assert.Equal(DateTime.MaxValue, clock.ToInstant(DateTime.MaxValue).DateTime);
        clock.SmallestLocalFrom(DateTimeOffset.MinValue);
        clock.LargestLocalBefore(DateTimeOffset.MaxValue);
    }

    private static readonly string[] Zones = ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago",
        "Pacific/Apia", "Africa/Casablanca"];

    // Minutes around the clock changes of these zones, and anywhere else between 2000 and 2040.
    private static readonly Arbitrary<(SiteClock Clock, DateTime Utc)> Moments = Gen.Zip(
        Gen.Elements(Zones).Select(z => SiteClock.For(z)),
        Gen.OneOf(
            Gen.Choose(0, 40 * 365 * 24 * 60).Select(m => new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(m)),
            Gen.Zip(Gen.Elements("2026-10-25T00:00", "2026-03-29T00:00", "2026-11-01T05:00", "2026-03-08T06:00", "2026-04-04T14:00",
            "2026-10-03T15:00", "2011-12-30T09:00", "2026-04-05T02:00"), Gen.Choose(-600, 600))
                .Select(p => DateTime.Parse(p.Item1 + "Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal)
                .AddMinutes(p.Item2)))).ToArbitrary();

    [Fact]
    public void An_instant_comes_back_from_its_local_time_unless_that_occurs_twice() =>
    Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Moments, m =>
    {
        var local = m.Clock.ToLocal(m.Utc);
        return m.Clock.ToInstant(local).UtcDateTime == m.Utc || m.Clock.ToLatestInstant(local).UtcDateTime == m.Utc;
    }));

    [Fact]
    public void No_local_time_of_an_instant_or_a_later_one_lies_below_the_smallest() =>
    Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Moments, m =>
    {
        var smallest = m.Clock.SmallestLocalFrom(m.Utc);
        var largest = m.Clock.LargestLocalBefore(m.Utc);
        return Enumerable.Range(-24 * 4, 48 * 4).Select(q => m.Utc.AddMinutes(15 * q)).All(other =>
            other < m.Utc ? m.Clock.ToLocal(other) < largest : m.Clock.ToLocal(other) >= smallest);
    }));

    [Fact]
    public void A_row_below_the_smallest_local_time_cannot_be_from_the_instant_on() =>
    Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Moments, m =>
    {
        var smallest = m.Clock.SmallestLocalFrom(m.Utc);
        var largest = m.Clock.LargestLocalBefore(m.Utc);
        return Enumerable.Range(-24 * 4, 48 * 4).Select(q => m.Clock.ToLocal(m.Utc).AddMinutes(15 * q)).All(row =>
            (row >= smallest || m.Clock.ToInstant(row).UtcDateTime < m.Utc)
            && (row < largest || m.Clock.ToInstant(row).UtcDateTime >= m.Utc));
    }));
}
