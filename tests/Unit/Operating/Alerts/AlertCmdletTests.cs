using System.Text.Json.Nodes;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating.Alerts;
using VteWats.Core.Sync;
using VteWats.Unit.Support;
using VteWats.Unit.Sync;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Operating.Alerts;

/// <summary>Alerts of real syncs of the packaged module and of VteWatsAdapter, at a sandbox and receivers on loopback.</summary>
[Trait("Category", "Process")]
public sealed class AlertCmdletTests : IAsyncLifetime
{
    private const string Token = "VTEWATS_ALERT_TEST_TOKEN";

    private AlertReceiver _receiver = null!;
    private SyncRig _rig = null!;

    public async Task InitializeAsync()
    {
        _receiver = AlertReceiver.Start();
        _rig = await SyncRig.StartAsync(DateTimeOffset.UtcNow, settleSeconds: 0);
        _rig.InsertRuns(20);
        File.WriteAllText(File_("hook"), _receiver.Base + "/hook-of-the-plant-7781");
        File.WriteAllText(File_("beat"), _receiver.Base + "/beat-of-the-plant-9127");
        File.WriteAllText(File_("token"), _rig.Wats.Token);
        Write(waitMinutes: 0);
    }

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _rig.DisposeAsync();
    }

    private string Configuration => File_("vtewats.json");

    private string File_(string name) => Path.Combine(_rig.Folder, name);

    private void Write(int waitMinutes) => File.WriteAllText(Configuration, new JsonObject
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
            ["baseUrl"] = _rig.Wats.BaseUrl.ToString(), ["token"] = "file:token", ["proxy"] = "none", ["requestsPerMinute"] = 0,
            ["maxAttempts"] = 1,
        },
        ["alerts"] = new JsonObject
        {
            ["waitMinutes"] = waitMinutes, ["heartbeat"] = "file:beat",
            ["webhooks"] = new JsonObject { ["plant"] = new JsonObject { ["url"] = "file:hook" } },
        },
    }.ToJsonString());

    private List<(AlertKind, string)> Told => [.. _receiver.Got.Where(got => got.Path.StartsWith("/hook", StringComparison.Ordinal))
        .Select(got => AlertMessage.FromJson(got.Body)).Select(told => (told.Kind, told.Condition))];

    private List<string> Beats => [.. _receiver.Paths.Where(path => path.StartsWith("/beat", StringComparison.Ordinal))
        .Select(path => path["/beat-of-the-plant-9127".Length..])];

    private ScriptResult Sync(HostedModule module) =>
        module.Run("param($File) Invoke-VteWatsSync -ConfigurationPath $File", ("File", Configuration));

    [Fact]
    public void A_dead_server_is_told_once_and_its_return_once_and_the_heartbeat_says_how_each_sync_ended()
    {
        using var module = new HostedModule();
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503 });
        for (var i = 0; i < 3; i++) Sync(module);
        Assert.Equal([(AlertKind.Alert, "SyncFails")], Told);
        var open = module.Run("param($File) Get-VteWatsAlert -ConfigurationPath $File", ("File", Configuration)).Clean();
        // Runs wait, too, and that needs no telling.
        Assert.Equal([("Lag", false), ("SyncFails", true)],
            open.Select(incident => (Incident)incident.BaseObject)
                .Select(incident => (incident.Condition, incident.ToldAt is not null)).Order());
        _rig.Wats.Faults.Clear();
        Sync(module).Clean();
        Assert.Equal([(AlertKind.Alert, "SyncFails"), (AlertKind.Resolved, "SyncFails")], Told);
        Assert.Equal(["/start", "/fail", "/start", "/fail", "/start", "/fail", "/start", ""], Beats);
        Assert.Empty(module.Run("param($File) Get-VteWatsAlert -ConfigurationPath $File", ("File", Configuration)).Clean());
        Assert.Equal(2, module.Run("param($File) Get-VteWatsAlert -All -ConfigurationPath $File", ("File", Configuration)).Clean().Count);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(0)]
    public void Receivers_that_fail_or_hang_cost_no_run_and_are_told_once(int status)
    {
        using var module = new HostedModule();
        _receiver.Status = status;
        _rig.Insert(_rig.Local.AddMinutes(-5), serial: " ");
        var result = Sync(module);
        Assert.Null(result.Thrown);
        Assert.Empty(result.Errors);
        Assert.Equal(20, ((SyncSummary)Assert.Single(result.Output).BaseObject).Uploaded);
        Assert.Equal(20, _rig.Wats.Store.Count);
        Assert.Single(result.Warnings, warning => warning.Contains("could not be sent", StringComparison.Ordinal)
            || warning.Contains("heartbeat", StringComparison.Ordinal));
    }

    [Fact]
    public void A_dry_run_tells_nobody()
    {
        using var module = new HostedModule();
        module.Run("param($File) Invoke-VteWatsSync -ConfigurationPath $File -WhatIf", ("File", Configuration)).Clean();
        Assert.Empty(_receiver.Got);
    }

    [Fact]
    public async Task A_process_that_is_killed_is_told_by_the_heartbeat_that_does_not_come()
    {
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 60_000 });
        using var process = ChildProcess.Start(Repository.Adapter, ["sync", "-ConfigurationPath", Configuration]);
        while (Beats.Count == 0) await Task.Delay(50);
        process.Kill();
        await process.WaitForExitAsync();
        Assert.Equal(["/start"], Beats);
        _rig.Wats.Faults.Clear();
        Assert.Equal(0, (await ChildProcess.RunAsync(Repository.Adapter, ["sync", "-ConfigurationPath", Configuration])).ExitCode);
        Assert.Equal(["/start", "/start", ""], Beats);
    }

    [Fact]
    public void Each_channel_is_tried_and_says_what_is_wrong_with_it_and_the_URL_is_nowhere()
    {
        using var module = new HostedModule();
        var trials = Try();
        Assert.Equal([("heartbeat", true), ("webhook plant", true)], trials.Select(trial => (trial.Channel, trial.Succeeded)).Order());
        _receiver.Status = 404;
        trials = Try();
        Assert.All(trials, trial => Assert.False(trial.Succeeded));
        Assert.Contains("alerts.webhooks.plant.url", trials.Single(trial => trial.Channel == "webhook plant").Advice,
            StringComparison.Ordinal);
        Assert.All(trials, trial => Assert.DoesNotContain("of-the-plant", trial.ToString(), StringComparison.Ordinal));
        File.WriteAllText(File_("hook"), "https://plant.webhook.office.com/webhookb2/of-the-plant");
        Assert.Contains(Try(), trial => trial.Message.Contains("Office 365 connector", StringComparison.Ordinal));

        List<AlertTrial> Try() => [.. module.Run("param($File) Test-VteWatsAlert -ConfigurationPath $File", ("File", Configuration)).Clean()
            .Select(trial => (AlertTrial)trial.BaseObject)];
    }
}
