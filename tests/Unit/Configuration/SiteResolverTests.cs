using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;

namespace VteWats.Unit.Configuration;

public class SiteResolverTests
{
    private static readonly SiteOptions Oslo = new()
    {
        Name = "Oslo", TimeZone = "Europe/Oslo",
        Connection = new() { ConnectionString = "Server=db", UserName = "vte", Password = "env:X", SettleSeconds = 5 },
    };

    private static VteWatsConfiguration With(params SiteOptions[] sites) => new()
    {
        Path = "vtewats.json", Sites = sites.ToDictionary(s => s.Name, StringComparer.OrdinalIgnoreCase),
    };

    [Fact]
    public void The_only_site_needs_no_name_and_a_name_knows_no_case()
    {
        Assert.Same(Oslo, SiteResolver.Choose(With(Oslo), null));
        Assert.Same(Oslo, SiteResolver.Choose(With(Oslo, Oslo with { Name = "Bergen" }), "OSLO"));
    }

    [Fact]
    public void Among_several_sites_one_must_be_chosen_and_the_error_lists_them()
    {
        var several = Refused(() => SiteResolver.Choose(With(Oslo, Oslo with { Name = "Bergen" }), null));
        Assert.Equal("VteWats.ConfigurationInvalid", several.Error.Id);
        Assert.Contains("Bergen, Oslo", several.Message, StringComparison.Ordinal);
        Assert.Contains("-Site", several.Advice, StringComparison.Ordinal);
        Assert.Contains("Bergen, Oslo", Refused(() => SiteResolver.Choose(With(Oslo, Oslo with { Name = "Bergen" }), "Olso")).Message,
            StringComparison.Ordinal);
        Assert.Contains("no site", Refused(() => SiteResolver.Choose(With(), null)).Message, StringComparison.Ordinal);
        Assert.Equal("VteWats.InvalidArgument", Refused(() => SiteResolver.Choose(null, "Oslo")).Error.Id);
    }

    [Fact]
    public void Parameters_beat_the_file_and_leave_the_rest_of_the_site_as_it_is()
    {
        var moved = SiteResolver.Resolve(With(Oslo), "Oslo", "Server=other", null, "reader", "UTC");
        Assert.Equal(("Server=other", "reader", null, "UTC", 5),
            (moved.Connection.ConnectionString, moved.Connection.UserName, moved.Connection.Password, moved.TimeZone,
            moved.Connection.SettleSeconds));
        var file = SiteResolver.Resolve(With(Oslo), "Oslo", null, "/data/a.db", null, null);
        Assert.Equal(("/data/a.db", null, null, "Europe/Oslo"), (file.Connection.Path, file.Connection.ConnectionString,
            file.Connection.Password, file.TimeZone));
    }

    [Fact]
    public void A_connection_without_a_configured_site_takes_nothing_from_the_file_and_needs_its_time_zone()
    {
        var refused = Refused(() => SiteResolver.Resolve(With(Oslo), null, null, "/data/a.db", null, null));
        Assert.Equal("VteWats.InvalidArgument", refused.Error.Id);
        Assert.Contains("-TimeZone", refused.Advice, StringComparison.Ordinal);
        var site = SiteResolver.Resolve(With(Oslo), null, null, "/data/a.db", null, "UTC");
        Assert.Equal((SiteResolver.AdHoc, 60), (site.Name, site.Connection.SettleSeconds));
        Assert.Equal("Lab", SiteResolver.Resolve(null, "Lab", "Server=x", null, null, "UTC").Name);
    }

    [Fact]
    public void Contradictions_and_passwords_in_parameters_are_refused()
    {
        Assert.Contains("Both", Refused(() => SiteResolver.Resolve(null, null, "Server=x", "/a.db", null, "UTC")).Message,
            StringComparison.Ordinal);
        var password = Refused(() => SiteResolver.Resolve(null, null, "Server=x;Pwd=hunter2x", null, null, "UTC"));
        Assert.Contains("-Credential", password.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", password.ToString(), StringComparison.Ordinal);
    }

    private static VteWatsException Refused(Func<object> choose) => Assert.Throws<VteWatsException>(choose);
}
