using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte.Reading;

namespace VteWats.Unit.Support;

/// <summary>Opens the database of a site as it is configured, with a clock of its own.</summary>
internal static class TestSource
{
    public static Task<VteSource> OpenAsync(SiteOptions site, string? password, CancellationToken ct) =>
        VteSource.OpenAsync(site.ToSource(), SiteClock.For(site.TimeZone), password, ct);
}
