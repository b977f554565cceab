using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Unit.Support;

namespace VteWats.Unit.Configuration;

public sealed class SecretReaderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_secret_is_read_from_the_environment()
    {
        var name = "VTEWATS_TEST_" + Guid.NewGuid().ToString("N");
        Environment.SetEnvironmentVariable(name, "from-the-environment");
        Assert.Equal("from-the-environment", await new SecretReader().ReadAsync("env:" + name, CancellationToken.None));
        Environment.SetEnvironmentVariable(name, null);
        var failure = await Assert.ThrowsAsync<VteWatsException>(() => new SecretReader().ReadAsync("env:" + name, CancellationToken.None));
        Assert.Equal("VteWats.SecretUnavailable", failure.Error.Id);
        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_line_end_of_a_secret_file_is_not_part_of_the_secret()
    {
        var file = _temp.File("token.txt");
        await File.WriteAllTextAsync(file, "from-the-file\r\n");
        Assert.Equal("from-the-file", await new SecretReader().ReadAsync("file:" + file, CancellationToken.None));
        var failure = await Assert.ThrowsAsync<VteWatsException>(() => new SecretReader().ReadAsync("file:" + file + ".gone",
            CancellationToken.None));
        Assert.Contains("does not exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vault_is_asked_by_vault_and_name()
    {
        var asked = new List<string?>();
        var reader = new SecretReader((vault, name, _) =>
        {
            asked.AddRange([vault, name]);
            return Task.FromResult<string?>("from-the-vault");
        });
        Assert.Equal("from-the-vault", await reader.ReadAsync("secret:Plant/WATS", CancellationToken.None));
        Assert.Equal("from-the-vault", await reader.ReadAsync("secret:WATS", CancellationToken.None));
        Assert.Equal(["Plant", "WATS", null, "WATS"], asked);
    }

    [Theory]
    [InlineData("hunter2-is-my-token")]
    [InlineData("ENV:NAME")]
    [InlineData("env:")]
    [InlineData("secret:Plant/")]
    [InlineData("secret:/WATS")]
    public async Task What_is_no_reference_is_refused_without_being_repeated(string text)
    {
        var failure = await Assert.ThrowsAsync<VteWatsException>(() => new SecretReader().ReadAsync(text, CancellationToken.None));
        Assert.Equal("VteWats.SecretUnavailable", failure.Error.Id);
        Assert.DoesNotContain(text, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_was_read_is_masked_from_then_on()
    {
        var file = _temp.File("token.txt");
        await File.WriteAllTextAsync(file, "s3cret+/with==signs");
        await new SecretReader().ReadAsync("file:" + file, CancellationToken.None);
        Assert.Equal("Basic ******", SecretMask.Scrub("Basic s3cret+/with==signs"));
        Assert.Equal("?t=******", SecretMask.Scrub("?t=" + Uri.EscapeDataString("s3cret+/with==signs")));
    }
}
