using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

public sealed class SampleCmdletTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HostedModule _module = new();

    public void Dispose()
    {
        _module.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void New_VteSampleDatabase_makes_the_same_file_for_the_same_seed_and_end()
    {
        foreach (var name in new[] { "a.db", "b.db" })
        {
            var summary = Assert.Single(_module.Run(
                "param($path) New-VteSampleDatabase $path -Runs 50 -Seed 3 -Until 2024-11-01T00:00:00Z -DaysBack 5", ("path",
                _folder.File(name))).Clean());
            Assert.Equal(50, summary.Properties["Runs"].Value);
            Assert.Equal("Europe/Oslo", summary.Properties["TimeZone"].Value);
        }
        Assert.Equal(File.ReadAllBytes(_folder.File("a.db")), File.ReadAllBytes(_folder.File("b.db")));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        Assert.Empty(_module.Run("param($path) New-VteSampleDatabase $path -WhatIf", ("path", _folder.File("a.db"))).Clean());
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void An_existing_file_is_an_error_with_advice_and_Force_overwrites_it()
    {
        File.WriteAllText(_folder.File("a.db"), "mine");
        var refused = _module.Run("param($path) New-VteSampleDatabase $path -Runs 10", ("path", _folder.File("a.db")));
        Assert.StartsWith("VteWats.FileExists", Assert.Single(refused.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-Force", Assert.Single(refused.Errors).ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Single(_module.Run("param($path) New-VteSampleDatabase $path -Runs 10 -Force", ("path", _folder.File("a.db"))).Clean());
    }

    [Fact]
    public void A_connection_string_that_cannot_be_read_is_not_repeated()
    {
        var refused = _module.Run("New-VteSampleDatabase -ConnectionString 'Server=x;Pasword=hunter2'");
        Assert.StartsWith("VteWats.InvalidArgument", Assert.Single(refused.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Assert.Single(refused.Errors).ToString(), StringComparison.Ordinal);
    }
}
