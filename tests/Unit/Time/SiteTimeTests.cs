using VteWats.Core.Diagnostics;
using VteWats.Core.Time;

namespace VteWats.Unit.Time;

public class SiteTimeTests
{
    private static readonly SiteClock Oslo = SiteClock.For("Europe/Oslo");

    [Theory]
    [InlineData("2026-06-05", "2026-06-04T22:00:00Z")]
    [InlineData("2026-06-05 06:00", "2026-06-05T04:00:00Z")]
    [InlineData(" 2026-06-05T06:00:00.123 ", "2026-06-05T04:00:00.123Z")]
    [InlineData("2026-06-05T06:00:00Z", "2026-06-05T06:00:00Z")]
    [InlineData("2026-06-05T06:00:00-05:00", "2026-06-05T11:00:00Z")]
    public void A_text_in_ISO_form_is_site_time_or_an_instant(string text, string instant) =>
        Assert.Equal(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), SiteTime.ToInstant(text, Oslo));

    [Theory]
    [InlineData("05.06.2026")]
    [InlineData("06/05/2026 06:00:00")]
    [InlineData("06:00")]
    [InlineData("2026-6-5")]
    [InlineData("2026-13-01")]
    [InlineData("yesterday")]
    public void Another_form_is_refused_because_it_may_mean_another_day(string text) =>
        Assert.Same(ErrorKind.InvalidArgument, Assert.Throws<VteWatsException>(() => SiteTime.ToInstant(text, Oslo)).Error);

    [Fact]
    public void The_smallest_and_the_largest_time_there_is_leave_room_around_them()
    {
        Assert.Equal(1900, SiteTime.ToInstant(DateTime.MinValue, Oslo).Year);
        Assert.Equal(1900, SiteTime.ToInstant(DateTimeOffset.MinValue, Oslo).Year);
        Assert.Equal(9000, SiteTime.ToInstant(DateTime.MaxValue, Oslo).Year);
        Assert.Equal(9000, SiteTime.ToInstant(DateTimeOffset.MaxValue, Oslo).Year);
    }
}
