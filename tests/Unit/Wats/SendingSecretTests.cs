using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

public class SendingSecretTests
{
    private const string Token = "VG9rZW5UaGF0Tm9ib2R5TWF5U2VlMTIz";
    private const string ProxyPassword = "pr0xy-Passw0rd-Nobody-May-See";

    [Theory]
    [InlineData("")]
    [InlineData("401")]
    [InlineData("503")]
    [InlineData("refuse")]
    [InlineData("cut")]
    [InlineData("proxy")]
    public async Task No_token_and_no_password_is_in_any_stream_log_error_or_letter(string trouble)
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { Token = trouble == "401" ? "b3RoZXI=" : Token });
        switch (trouble)
        {
            case "503": server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503 }); break;
            case "cut": server.Faults.Add(new SandboxFault { Kind = FaultKind.CutBeforeStoring }); break;
            // A server that gives back what it was sent.
            case "refuse":
                server.Faults.Add(new SandboxFault
                {
                    Kind = FaultKind.Refuse,
                    Finding = $"root: refused, Authorization: Basic {Token}"
                }); break;
        }
        using var folder = new TempFolder();
        var configuration = folder.File("vtewats.json");
        var proxy = trouble == "proxy"
            ? """ "proxy": "http://127.0.0.1:9", "proxyUserName": "plant", "proxyPassword": "env:VTEWATS_TEST_PROXY", """
            : """ "proxy": "none", """;
        await File.WriteAllTextAsync(configuration, $$"""
            { "sites": { "Oslo": { "connection": { "path": "none.db" }, "timeZone": "Europe/Oslo", "timestampIs": "start",
                "mapping": { "defaultProcessCode": 100 } } },
              "wats": { "baseUrl": "{{server.BaseUrl}}", "token": "env:VTEWATS_TEST_SENDING", {{proxy}} "maxAttempts": 2,
                  "totalTimeoutSeconds": 10 },
              "stateFolder": "state", "logging": { "folder": "logs", "level": "Verbose" } }
            """);
        Environment.SetEnvironmentVariable("VTEWATS_TEST_SENDING", Token);
        Environment.SetEnvironmentVariable("VTEWATS_TEST_PROXY", ProxyPassword);
        ScriptResult result;
        using (var module = new HostedModule())
        {
            result = module.Run(
                "param($File, $Path) Import-WatsReport -Path $Path | Send-WatsReport -ConfigurationPath $File -Verbose -Debug",
                ("File", configuration), ("Path", await SendingParts.WriteAsync(folder, 3)));
        }
        Assert.Equal(trouble == "", result is { Thrown: null, Errors: [] });
        var streams = string.Join('\n', [
            .. result.Output.Select(o => System.Management.Automation.PSSerializer.Serialize(o, 5)),
            .. result.Errors.Append(result.Thrown).OfType<System.Management.Automation.ErrorRecord>()
                .Select(e => $"{e} {e.Exception} {e.ErrorDetails?.RecommendedAction} {e.TargetObject}"),
            .. result.Warnings, .. result.Verbose, .. result.Information,
            .. result.Progress.Select(p => $"{p.Activity} {p.StatusDescription}"),
        ]);
        var files = Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllText);
        Assert.Contains(files.Keys, f => f.EndsWith(".log", StringComparison.Ordinal));
        foreach (var secret in new[] { Token, ProxyPassword })
        {
            Assert.DoesNotContain(secret, streams, StringComparison.Ordinal);
            Assert.All(files, file => Assert.DoesNotContain(secret, file.Value, StringComparison.Ordinal));
        }
    }
}
