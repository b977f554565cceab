using VteWats.Unit.Support;

namespace VteWats.Unit.Configuration;

/// <summary>How the parameters that name a WATS server meet the configuration. No server is asked: nothing comes down the
/// pipeline.</summary>
public sealed class TargetParameterTests : IClassFixture<HostedModuleFixture>, IDisposable
{
    private readonly HostedModule _module;
    private readonly TempFolder _temp = new();

    public TargetParameterTests(HostedModuleFixture fixture)
    {
        _module = fixture.Module;
        File.WriteAllText(_temp.File("token.txt"), "token-of-the-configured-server");
        File.WriteAllText(_temp.File("vtewats.json"),
            """{ "wats": { "baseUrl": "https://wats.example/api", "token": "file:token.txt" } }""");
        File.WriteAllText(_temp.File("empty.json"), "{}");
    }

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("vtewats.json", "")]
    [InlineData("vtewats.json", "-BaseUrl https://WATS.example")]
    [InlineData("vtewats.json", "-BaseUrl https://other.example -TokenReference file:token.txt")]
    [InlineData("empty.json", "-BaseUrl https://other.example -Token $Token")]
    public void Server_and_token_come_from_parameters_or_the_file(string file, string parameters) =>
    Assert.Empty(Send(file, parameters).Clean());

    [Theory]
    [InlineData("empty.json", "", "InvalidArgument", "No WATS server")]
    [InlineData("empty.json", "-BaseUrl https://wats.example", "InvalidArgument", "No token")]
    [InlineData("vtewats.json", "-Token $Token -TokenReference env:X", "InvalidArgument", "Both")]
    [InlineData("vtewats.json", "-BaseUrl wats.example", "InvalidArgument", "-BaseUrl")]
    [InlineData("vtewats.json", "-BaseUrl https://me:hunter2x@wats.example", "InvalidArgument", "-BaseUrl")]
    [InlineData("vtewats.json", "-TokenReference hunter2x", "SecretUnavailable", "A secret was given")]
    [InlineData("vtewats.json", "-TokenReference file:gone.txt", "SecretUnavailable", "does not exist")]
    public void What_is_missing_or_contradictory_ends_the_cmdlet_with_advice(string file, string parameters, string id, string text)
    {
        var error = Send(file, parameters).Errors.Single();
        Assert.StartsWith($"VteWats.{id},", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(text, error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.DoesNotContain("hunter2", error.ErrorDetails.Message + error.ErrorDetails.RecommendedAction + error.Exception,
            StringComparison.Ordinal);
    }

    /// <summary>Or a mistyped address would hand the token to whoever answers there.</summary>
    [Fact]
    public void A_token_is_not_sent_to_another_server_than_it_was_configured_for()
    {
        var error = Send("vtewats.json", "-BaseUrl https://other.example").Errors.Single();
        Assert.Contains("No token for https://other.example/", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    // Relative paths of references start at PowerShell's location.
    private ScriptResult Send(string file, string parameters)
    {
        using var token = new System.Net.NetworkCredential("", "a-token-in-memory").SecurePassword;
        return _module.Run(
            $$"""
            param($Folder, $Token)
            [void] $ExecutionContext.SessionState.Path.SetLocation($Folder)
            try { @() | Send-WatsReport -ConfigurationPath {{file}} {{parameters}} }
            finally { [void] $ExecutionContext.SessionState.Path.SetLocation($PSHOME) }
            """,
            ("Folder", _temp.Path), ("Token", token.Copy()));
    }
}
