using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using VteWats.Core.Operating.Page;
using VteWats.Unit.Operating.Alerts;
using VteWats.Unit.Support;
using VteWats.Unit.Sync;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Operating;

/// <summary>Known secrets are looked for in everything that operating leaves behind or sends: logs, metrics, alerts, the status page, the
/// package for support, the state itself.</summary>
[Trait("Category", "Process")]
public sealed class SecretSearchTests : IAsyncLifetime
{
    private const string Hook = "/hook-secret-40915-plant", Beat = "/beat-secret-77120-plant", Mail = "mail-secret-61553-plant";

    private AlertReceiver _receiver = null!;
    private SyncRig _rig = null!;

    public async Task InitializeAsync()
    {
        _receiver = AlertReceiver.Start();
        _rig = await SyncRig.StartAsync(DateTimeOffset.UtcNow, settleSeconds: 0);
    }

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _rig.DisposeAsync();
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public void No_secret_is_in_logs_metrics_alerts_page_package_state_or_streams(string format)
    {
        string[] secrets = [_rig.Wats.Token, Hook, Beat, Mail];
        // Beside what is searched: that is where they belong.
        using var safe = new TempFolder();
        foreach (var (name, secret) in new Dictionary<string, string>
        {
            ["token"] = _rig.Wats.Token, ["hook"] = _receiver.Base + Hook, ["beat"] = _receiver.Base + Beat, ["mail"] = Mail,
        }) File.WriteAllText(safe.File(name), secret);
        var configuration = Path.Combine(_rig.Folder, "vtewats.json");
        File.WriteAllText(configuration, Configuration(safe, format));
        _rig.InsertRuns(10);
        _rig.Insert(_rig.Local.AddMinutes(-9), serial: " ");

        using var module = new HostedModule();
        var streams = new StringBuilder();
        Run("Invoke-VteWatsSync -ConfigurationPath $File -Verbose -Debug");
        // A server that gives back what it was sent, receivers that fail, a token that is refused.
        _rig.Wats.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.Refuse, Finding = $"root: refused, Authorization: Basic {_rig.Wats.Token}", Count = 1,
        });
        _rig.Insert(_rig.Local.AddMinutes(-8));
        Run("Invoke-VteWatsSync -ConfigurationPath $File -Verbose -Debug");
        _receiver.Status = 500;
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 401 });
        Run("Invoke-VteWatsSync -ConfigurationPath $File -Verbose -Debug");
        foreach (var cmdlet in (string[])["Test-VteWatsAlert", "Test-VteWatsSetup", "Test-WatsConnection", "Get-VteWatsStatus",
            "Get-VteWatsHealth", "Get-VteWatsAlert -All", "Get-VteWatsLog", "Get-VteWatsConfiguration"])
            Run(cmdlet + " -ConfigurationPath $File");
        Run($"Export-VteWatsDiagnostic -Path '{Path.Combine(_rig.Folder, "a.zip")}' -ConfigurationPath $File -IncludeSerialNumber");
        ZipFile.ExtractToDirectory(Path.Combine(_rig.Folder, "a.zip"), Path.Combine(_rig.Folder, "zip"));
        var watched = new Core.Operating.WatchedSites
        {
            StateFolder = Path.Combine(_rig.Folder, "state"), Sites = [new("Oslo", null)],
        };
        var page = StatusPage.Render([.. watched.Health().Select(health => Core.Operating.SiteBoard.Read(watched, health))],
            DateTimeOffset.UtcNow);

        Assert.NotEmpty(_receiver.Got);
        Assert.True(Directory.GetFiles(Path.Combine(_rig.Folder, "state", "logs")).Length > 0);
        Assert.True(File.Exists(Path.Combine(_rig.Folder, "metrics", "vtewats_oslo.prom")));
        var files = Directory.EnumerateFiles(_rig.Folder, "*", SearchOption.AllDirectories)
            .Select(file => (Name: file, Text: Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        var places = files.Append(("page", page)).Append(("streams", streams.ToString()))
            .Concat(_receiver.Got.Select(got => ("what was sent", got.Body)));
        var found = places.SelectMany(place => secrets.Where(secret => place.Item2.Contains(secret, StringComparison.Ordinal))
            .Select(secret => $"{place.Item1}: {secret}")).ToList();
        Assert.Empty(found);

        void Run(string script)
        {
            var result = module.Run("param($File) " + script, ("File", configuration));
            streams.AppendJoin('\n', result.Output.Select(o => System.Management.Automation.PSSerializer.Serialize(o, 4)))
                .AppendJoin('\n', result.Errors.Append(result.Thrown).OfType<System.Management.Automation.ErrorRecord>()
                    .Select(e => $"{e} {e.Exception} {e.ErrorDetails?.RecommendedAction} {e.TargetObject}"))
                .AppendJoin('\n', result.Warnings).AppendJoin('\n', result.Verbose).AppendJoin('\n', result.Information)
                .AppendJoin('\n', result.Progress.Select(p => $"{p.Activity} {p.StatusDescription}"));
        }
    }

    private string Configuration(TempFolder safe, string format) => new JsonObject
    {
        ["sites"] = new JsonObject
        {
            ["Oslo"] = new JsonObject
            {
                ["connection"] = new JsonObject { ["path"] = _rig.Database, ["settleSeconds"] = 0 }, ["timeZone"] = "Europe/Oslo",
                ["timestampIs"] = "start", ["mapping"] = new JsonObject { ["defaultProcessCode"] = 10 },
                ["initialSince"] = "2020-01-01T00:00:00",
            },
        },
        ["wats"] = new JsonObject
        {
            ["baseUrl"] = _rig.Wats.BaseUrl.ToString(), ["token"] = "file:" + safe.File("token"), ["proxy"] = "none",
            ["requestsPerMinute"] = 0, ["maxAttempts"] = 2,
        },
        ["logging"] = new JsonObject { ["level"] = "Verbose", ["format"] = format },
        ["metrics"] = new JsonObject { ["textfileFolder"] = Directory.CreateDirectory(Path.Combine(_rig.Folder, "metrics")).FullName },
        ["alerts"] = new JsonObject
        {
            ["waitMinutes"] = 0, ["heartbeat"] = "file:" + safe.File("beat"),
            ["webhooks"] = new JsonObject { ["plant"] = new JsonObject { ["url"] = "file:" + safe.File("hook") } },
            ["mail"] = new JsonObject
            {
                ["server"] = "127.0.0.1", ["port"] = 9, ["userName"] = "plant", ["password"] = "file:" + safe.File("mail"),
                ["from"] = "vtewats@example.com", ["to"] = new JsonArray("shift@example.com"),
            },
        },
    }.ToJsonString();
}
