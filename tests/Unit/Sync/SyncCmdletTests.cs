using System.Management.Automation;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>The sync cmdlets of the packaged module in a real engine, with a live database and the sandbox.</summary>
public sealed partial class SyncCmdletTests : IAsyncLifetime, IDisposable
{
    private SyncRig _rig = null!;
    private readonly HostedModule _module = new();

    public async Task InitializeAsync()
    {
        _rig = await SyncRig.StartAsync(DateTimeOffset.UtcNow);
        var sites = string.Join(",", new[] { "Oslo", "Bergen" }.Select(name => $$"""
            "{{name}}": { "connection": { "path": "{{_rig.Database}}" }, "timeZone": "Europe/Oslo", "timestampIs": "start",
              "initialSince": "2020-01-01T00:00:00",
                "mapping": { "defaultProcessCode": 10 } }
            """));
        File.WriteAllText(Config, $$"""
            { "sites": { {{sites}} },
              "wats": { "baseUrl": "{{_rig.Wats.BaseUrl}}", "token": "file:{{Path.Combine(_rig.Folder, "token")}}",
                  "requestsPerMinute": 0 },
              "sync": { "batchSize": 10 }, "stateFolder": "state" }
            """);
        File.WriteAllText(Path.Combine(_rig.Folder, "token"), _rig.Wats.Token);
        for (var i = 0; i < 35; i++) _rig.Insert(_rig.Local.AddHours(-1).AddSeconds(i));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    public void Dispose() => _module.Dispose();

    private string Config => Path.Combine(_rig.Folder, "vtewats.json");

    private ScriptResult Run(string script) =>
        _module.Run("param($c) $PSDefaultParameterValues = @{ '*:ConfigurationPath' = $c }; " + script, ("c", Config));

    [Fact]
    public void The_one_line_sends_moves_the_watermark_and_passes_over_what_is_done()
    {
        const string Line = "Get-VteWatermark -Site Oslo | Get-VteTestRun | ConvertTo-WatsReport | Send-WatsReport | Set-VteWatermark";
        Run(Line).Clean();
        Assert.Equal(35, _rig.Wats.Store.Count);
        Assert.Equal(35, SyncTestData.Rows(_rig.Watermarks).Count);
        var requests = _rig.Wats.Requests.Total;
        var again = Run(Line);
        again.Clean();
        Assert.Empty(again.Warnings);
        Assert.Equal(requests, _rig.Wats.Requests.Total);

        var changed = _rig.Wats.Store.Ids.First();
        _rig.AddSteps(changed, 1);
        Run(Line).Clean();
        Assert.Equal(2, _rig.Wats.Store.Find(changed)!.ReceiveCount);
        Assert.Equal(36, _rig.Wats.Requests.Posts);
    }

    [Fact]
    public void A_run_that_is_filtered_out_of_the_line_stops_the_watermark_before_it()
    {
        var result = Run("$n = 0; Get-VteWatermark -Site Oslo | Get-VteTestRun | ConvertTo-WatsReport | Where-Object { $n++; $n -ne 21 "
            + "} | Send-WatsReport | Set-VteWatermark");
        result.Clean();
        Assert.Contains("15 run(s)", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(34, _rig.Wats.Store.Count);
        // What comes behind it is sent and known, and the watermark stands before it all the same.
        Assert.Equal(34, SyncTestData.Rows(_rig.Watermarks).Count);
        Assert.Equal(_rig.Wats.Store.Reports.Select(report => report.Header.Start).Order().ElementAt(19),
            _rig.Watermarks.Load()!.Position!.Instant);
    }

    [Fact]
    public void A_line_that_is_cut_off_keeps_what_was_acknowledged()
    {
        _module.Run(
            "param($c) $PSDefaultParameterValues = @{ '*:ConfigurationPath' = $c }; Get-VteWatermark -Site Oslo | Get-VteTestRun | "
            + "ConvertTo-WatsReport | Send-WatsReport | ForEach-Object { $script:i++; if ($i -gt 25) { throw 'enough' }; $_ } | "
            + "Set-VteWatermark",
            ("c", Config));
        Assert.InRange(SyncTestData.Rows(_rig.Watermarks).Count, 20, 35);
    }

    [Fact]
    public void A_reading_with_conditions_does_not_move_the_watermark()
    {
        var result = Run("Get-VteWatermark -Site Oslo | Get-VteTestRun -SerialNumber * | ConvertTo-WatsReport | Send-WatsReport | "
            + "Set-VteWatermark");
        Assert.Contains("VteWats.InvalidArgument", (result.Thrown ?? result.Errors[0]).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Null(_rig.Watermarks.Load());
    }

    [Fact]
    public void A_dry_line_writes_nothing()
    {
        var result = Run("Get-VteWatermark -Site Oslo | Get-VteTestRun | ConvertTo-WatsReport | Send-WatsReport -WhatIf | "
            + "Set-VteWatermark -WhatIf");
        Assert.Empty(result.Errors);
        _rig.Insert(_rig.Local.AddHours(-2), serial: " ");
        Assert.Single(Run("$WhatIfPreference = $true; Get-VteWatermark -Site Oslo | Get-VteTestRun | ConvertTo-WatsReport | "
            + "Send-WatsReport | Set-VteWatermark").Errors);
        Assert.Equal(0, _rig.Wats.Store.Count);
        Assert.False(Directory.Exists(_rig.State));
    }

    [Fact]
    public void Invoke_syncs_several_sites_and_one_that_fails_does_not_hold_up_the_other()
    {
        File.WriteAllText(Config,
            File.ReadAllText(Config)
            .Replace("\"Bergen\": { \"connection\": { \"path\": \"", "\"Bergen\": { \"connection\": { \"path\": \"/nowhere",
            StringComparison.Ordinal));
        var result = Run("Invoke-VteWatsSync -Site * -SitesAtOnce 2 | ForEach-Object { \"$($_.Site) $($_.Result) $($_.ExitCode) "
            + "$($_.Uploaded)\" }");
        Assert.Equal(["Bergen Failed 30 0", "Oslo Completed 0 35"], result.Output.Select(o => o.ToString()).Order(StringComparer.Ordinal));
        Assert.Contains("VteWats.SqlUnreachable", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        foreach (var look in new[] { "Test-VteConnection", "Test-VteSchema", "Get-VteSchema", "Measure-VteTestRun",
            "Compare-VteWatsSync -Since 2020-01-01" })
        {
            var seen = Run(look + " -Site *");
            Assert.Null(seen.Thrown);
            Assert.StartsWith("VteWats.SqlUnreachable", Assert.Single(seen.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_site_whose_password_is_not_there_does_not_hold_up_the_other()
    {
        File.WriteAllText(Config, File.ReadAllText(Config).Replace(
            $"\"Bergen\": {{ \"connection\": {{ \"path\": \"{_rig.Database}\"",
            "\"Bergen\": { \"connection\": { \"connectionString\": \"Server=nowhere;Database=x\", \"userName\": \"u\", \"password\": "
            + "\"env:VTEWATS_NOT_SET\"",
            StringComparison.Ordinal));
        var result = Run("Invoke-VteWatsSync -Site * | ForEach-Object { \"$($_.Site) $($_.Result) $($_.ExitCode) $($_.Uploaded)\" }");
        Assert.Equal(["Bergen Failed 50 0", "Oslo Completed 0 35"], result.Output.Select(o => o.ToString()));
        Assert.Contains("VteWats.SecretUnavailable", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Single(Run("Compare-VteWatsSync -Site * -Since 2020-01-01").Errors);
    }

    [Fact]
    public void Invoke_as_a_dry_run_only_gets_and_writes_nothing()
    {
        var summary = Assert.Single(Run("Invoke-VteWatsSync -Site Oslo -WhatIf").Clean());
        Assert.Equal(35L, summary.Properties["WouldUpload"].Value);
        Assert.All(_rig.Wats.Requests.Last, request => Assert.Equal("GET", request.Method));
        Assert.False(Directory.Exists(_rig.State));
    }

    [Fact]
    [Trait("Category", "Process")]
    public async Task The_table_of_a_dry_run_tells_what_it_would_do()
    {
        var result = await ChildProcess.RunAsync(
            Repository.Adapter, ["-Command", $"Invoke-VteWatsSync -Site Oslo -WhatIf -ConfigurationPath '{Config}'"]);
        Assert.Matches(@"(?m)^Oslo +Completed +35 +would 35 +0 ", result.Output);
    }

    [Fact]
    public void With_errors_that_stop_a_refused_run_does_not_end_a_sync_and_each_kind_of_finding_is_one_warning()
    {
        for (var i = 1; i <= 4; i++) _rig.Insert(_rig.Local.AddHours(-2).AddMinutes(i), serial: $"REFUSE-{i}");
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, SerialNumber = "REFUSE-*" });
        var result = Run("$ErrorActionPreference = 'Stop'; Invoke-VteWatsSync -Site Oslo");
        Assert.Null(result.Thrown);
        var summary = Assert.IsType<SyncSummary>(Assert.Single(result.Output).BaseObject);
        Assert.Equal((35, 4, 10), (summary.Uploaded, summary.DeadLetters, summary.ExitCode));
        var warning = Assert.Single(result.Warnings);
        Assert.Contains("4 run(s)", warning, StringComparison.Ordinal);
        Assert.Contains("Get-VteDeadLetter -Site 'Oslo' -RunId", warning, StringComparison.Ordinal);
        Assert.Equal(3, Assert.Single(summary.Findings).Examples.Count);
    }

    [Fact]
    public void With_errors_that_stop_a_refused_run_stops_one_pipeline_and_not_every_one_after_it()
    {
        const string line = "Get-VteWatermark -Site Oslo | Get-VteTestRun | ConvertTo-WatsReport | Send-WatsReport | Set-VteWatermark";
        _rig.Insert(_rig.Local.AddHours(-2), serial: "REFUSE");
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, SerialNumber = "REFUSE" });
        Assert.NotNull(Run("$ErrorActionPreference = 'Stop'; " + line).Thrown);
        Assert.Equal(1, _rig.Letters.Count());
        Assert.Null(Run("$ErrorActionPreference = 'Stop'; " + line).Thrown);
        Assert.Equal(35, _rig.Wats.Store.Count);
    }

    [Fact]
    public async Task The_continuous_sync_runs_until_it_is_stopped_and_again_on_request()
    {
        using var shell = PowerShell.Create();
        var state = System.Management.Automation.Runspaces.InitialSessionState.CreateDefault2();
        state.ImportPSModule(Repository.Module);
        using var runspace = System.Management.Automation.Runspaces.RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        shell.Runspace = runspace;
        shell.AddCommand("Start-VteWatsSync").AddParameter("Site", "Oslo").AddParameter("ConfigurationPath", Config)
            .AddParameter("IntervalMinutes", 60);
        using var output = new PSDataCollection<PSObject>();
        var running = shell.BeginInvoke<PSObject, PSObject>(null, output);
        await UntilAsync(() => Syncs() == 1);
        var late = _rig.Insert(_rig.Local.AddMinutes(-30));
        Run("Invoke-VteWatsSync -Site Oslo -Now").Clean();
        await UntilAsync(() => Syncs() == 2);
        shell.Stop();
        Assert.NotNull(_rig.Wats.Store.Find(late));
        Assert.Equal(36, _rig.Wats.Store.Count);
        using var free = SyncLease.Acquire(_rig.State, "Oslo");

        // Other objects, such as the result of a comparison, come between them.
        int Syncs() => Enumerable.Range(0, output.Count).Count(i => output[i].BaseObject is SyncSummary);
    }

    [Fact]
    public async Task The_continuous_sync_takes_up_a_new_token_after_the_old_one_was_refused()
    {
        var token = Path.Combine(_rig.Folder, "token");
        File.WriteAllText(token, "token-of-last-year");
        var running = Task.Run(() =>
            Run("Start-VteWatsSync -Site Oslo -ErrorAction SilentlyContinue | ForEach-Object { $_; if ($_.Result -eq 'Completed') { "
            + "break } }"));
        await UntilAsync(() => _rig.Wats.Requests.Total > 0);
        File.WriteAllText(token, _rig.Wats.Token);
        while (!running.IsCompleted)
        {
            SyncLoop.Signal(new SiteFiles(_rig.State, "Oslo"));
            await Task.WhenAny(running, Task.Delay(200));
        }
        Assert.Equal(SyncResult.Completed, ((SyncSummary)(await running).Output[^1].BaseObject).Result);
        Assert.Equal(35, _rig.Wats.Store.Count);
    }

    [Fact]
    [Trait("Category", "Process")]
    public async Task The_scheduled_script_syncs_and_ends_with_the_exit_code()
    {
        var host = Repository.Adapter;
        var script = Path.Combine(Repository.Root, "samples", "Sync-VteToWats.ps1");
        var done = await ChildProcess.RunAsync(host, [script, "-Site", "Oslo", "-ConfigurationPath", Config]);
        Assert.True(done.ExitCode == 0, done.Output + done.Error);
        Assert.Contains("Oslo: Completed. 35 uploaded", done.Output, StringComparison.Ordinal);
        var wrong = await ChildProcess.RunAsync(host, [script, "-Site", "Nowhere", "-ConfigurationPath", Config]);
        Assert.Equal(50, wrong.ExitCode);
        Assert.Contains("VteWats.ConfigurationInvalid", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_task_is_shown_with_what_if_and_written_to_a_folder_on_request()
    {
        var folder = Path.Combine(_rig.Folder, "units");
        Assert.Contains("VteWatsAdapter, which is not on this machine",
            Assert.Single(Run($"Register-VteWatsTask -Site * -Program /opt/vtewats/VteWatsAdapter -WhatIf").Warnings),
            StringComparison.Ordinal);
        var shown = Run($"Register-VteWatsTask -Site * -Program /opt/vtewats/VteWatsAdapter -OutputFolder '{folder}' -WhatIf").Clean();
        Assert.False(Directory.Exists(folder));
        var written = Run($"Register-VteWatsTask -Site * -Program /opt/vtewats/VteWatsAdapter -OutputFolder '{folder}'").Clean();
        Assert.Equal(shown.Count, written.Count);
        foreach (var file in written)
            Assert.Equal((string)file.Properties["Content"].Value, File.ReadAllText((string)file.Properties["Path"].Value));
    }

    [Fact]
    public void A_task_of_another_site_is_not_replaced()
    {
        var folder = Path.Combine(_rig.Folder, "units");
        string Register(string site) =>
            $"Register-VteWatsTask -Site {site} -Program /opt/vtewats/VteWatsAdapter -OutputFolder '{folder}' -WarningAction "
            + "SilentlyContinue";
        var unit = (string)Run(Register("Oslo")).Clean()[0].Properties["Path"].Value;
        Run(Register("oslo") + " -IntervalMinutes 7").Clean();
        var before = File.ReadAllText(unit);
        var refused = Run(Register("Bergen"));
        Assert.StartsWith("VteWats.TaskNotRegistered", (refused.Thrown ?? refused.Errors[0]).FullyQualifiedErrorId,
            StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(unit));
        Run(Register("Bergen") + " -Name VteWats-Bergen").Clean();
        var unknown = Run(Register("Xx*"));
        Assert.StartsWith("VteWats.ConfigurationInvalid", (unknown.Thrown ?? unknown.Errors[0]).FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 3000 && !condition(); i++) await Task.Delay(10);
        Assert.True(condition());
    }
}
