using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>Stretches that are compared and repaired, and what begins a line of cmdlets.</summary>
public sealed partial class SyncCmdletTests
{
    [Fact]
    public void The_line_keeps_watermark_and_letters_in_the_state_folder_that_it_began_with()
    {
        var other = Path.Combine(_rig.Folder, "other");
        _rig.Insert(_rig.Local.AddHours(-2), serial: " ");
        Run($"$ErrorActionPreference = 'SilentlyContinue'; Get-VteWatermark -Site Oslo -StateFolder '{other}' | Get-VteTestRun | "
            + $"ConvertTo-WatsReport | Send-WatsReport -StateFolder '{other}' | Set-VteWatermark -StateFolder '{other}'");
        Assert.Equal(1, new DeadLetterStore(other, "Oslo").Count());
        Assert.NotNull(new WatermarkStore(other, "Oslo").Load());
        Assert.False(Directory.Exists(_rig.State));
    }

    [Fact]
    public void A_watermark_or_a_run_of_another_session_is_refused_with_advice()
    {
        Run("Invoke-VteWatsSync -Site Oslo").Clean();
        var saved = System.Management.Automation.PSSerializer.Deserialize(
            System.Management.Automation.PSSerializer.Serialize(Assert.Single(Run("Get-VteWatermark -Site Oslo").Clean())));
        var run = System.Management.Automation.PSSerializer.Deserialize(
            System.Management.Automation.PSSerializer.Serialize(Run("Get-VteTestRun -Site Oslo -First 1").Clean()[0]));
        foreach (var (script, value) in new[] { ("$w | Get-VteTestRun", saved), ("Set-VteWatermark -ToRun $w -Reason x", run) })
        {
            var result = _module.Run("param($c, $w) $PSDefaultParameterValues = @{ '*:ConfigurationPath' = $c }; "
                + script, ("c", Config), ("w", value));
            Assert.Empty(result.Output);
            Assert.StartsWith("VteWats.InvalidArgument", (result.Thrown ?? result.Errors[0]).FullyQualifiedErrorId,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Syncs_go_on_while_the_running_service_compares_a_site()
    {
        Run("Invoke-VteWatsSync -Site Oslo").Clean();
        _rig.Execute("INSERT INTO Timer (Site, Name, At) SELECT Site, 'comparison', 1 FROM Site");
        // What it asks first is answered after a minute.
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 60_000, Path = "Query", Count = 1 });
        var running = Task.Run(() => Run("Start-VteWatsSync -Site Oslo | ForEach-Object { $_; if ($_.Uploaded -or $_.Runs) { break } }"));
        await UntilAsync(() => _rig.Wats.Faults.Current.Count == 0);
        var run = _rig.Insert(_rig.Local.AddMinutes(-3));
        while (!running.IsCompleted)
        {
            SyncLoop.Signal(new SiteFiles(_rig.State, "Oslo"));
            await Task.WhenAny(running, Task.Delay(200));
        }
        var ended = await running;
        var last = Assert.IsType<SyncSummary>(ended.Output[^1].BaseObject);
        Assert.Equal((1, 0), (last.Uploaded, last.ExitCode));
        Assert.NotNull(_rig.Wats.Store.Find(run));
    }

    [Fact]
    public void A_repair_leaves_runs_with_a_letter_alone_and_sends_the_others()
    {
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, Count = 10 });
        Run("Invoke-VteWatsSync -Site Oslo -ErrorAction SilentlyContinue").Clean();
        Assert.Equal(10, _rig.Letters.Count());
        var late = _rig.Insert(_rig.Local.AddDays(-2));
        var posts = _rig.Wats.Requests.Posts;
        var found = Run("Compare-VteWatsSync -Site Oslo -Since 2020-01-01 -Repair | Where-Object Kind").Clean()
            .Select(o => (SyncDifference)o.BaseObject)
            .ToList();
        Assert.Equal(11, found.Count);
        Assert.Equal([late], found.Where(d => d.Repaired).Select(d => d.RunId));
        Assert.All(found.Where(d => d.RunId != late), d => Assert.True(d.InDeadLetters));
        Assert.Equal(posts + 1, _rig.Wats.Requests.Posts);
    }

    [Fact]
    public void What_a_repair_finds_is_told_also_when_wats_cannot_be_used()
    {
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 401, Path = "WSJF" });
        var result = Run("Compare-VteWatsSync -Site Oslo -Since 2020-01-01 -Repair | Where-Object Kind");
        Assert.StartsWith("VteWats.WatsUnauthorized", (result.Thrown ?? result.Errors[0]).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(35, result.Output.Count);
    }

    [Fact]
    public void A_stretch_that_ends_before_it_begins_is_refused()
    {
        foreach (var line in new[] { "Get-VteTestRun", "Invoke-VteWatsSync", "Compare-VteWatsSync", "Measure-VteTestRun" })
        {
            var result = Run($"{line} -Site Oslo -Since 2026-11-02 -Until 2026-11-01");
            Assert.StartsWith("VteWats.InvalidArgument", (result.Thrown ?? result.Errors[0]).FullyQualifiedErrorId,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Compare_lists_what_is_missing_and_repairs_it()
    {
        Run("Invoke-VteWatsSync -Site Oslo").Clean();
        _rig.Insert(_rig.Local.AddDays(-1));
        Run("Undo-VteWatermark -Site Oslo -Reason test -WhatIf").Clean();
        var missing = Assert.Single(Run("Compare-VteWatsSync -Site Oslo -Since 2020-01-01 | Where-Object Kind").Clean());
        Assert.Equal((SyncDifferenceKind.MissingInWats, false), (missing.Properties["Kind"].Value,
            (bool)missing.Properties["InDeadLetters"].Value));
        Assert.Equal(false, Assert.Single(Run("Compare-VteWatsSync -Site Oslo -Since 2020-01-01 -Repair -WhatIf | Where-Object Kind")
            .Clean()).Properties["Repaired"].Value);
        Assert.Equal(true, Assert.Single(Run("Compare-VteWatsSync -Site Oslo -Since 2020-01-01 -Repair | Where-Object Kind")
            .Clean()).Properties["Repaired"].Value);
        Assert.Empty(Run("Compare-VteWatsSync -Site Oslo -Since 2020-01-01 | Where-Object Kind").Clean());
    }

    [Fact]
    public void Compare_tells_which_missing_runs_have_a_dead_letter()
    {
        var refused = _rig.Insert(_rig.Local.AddHours(-1), serial: "");
        Assert.Single(Run("Invoke-VteWatsSync -Site Oslo").Warnings);
        var missing = Assert.Single(Run("Compare-VteWatsSync -Site Oslo -Since 2020-01-01 | Where-Object Kind").Clean());
        Assert.Equal((refused, true), ((Guid)missing.Properties["RunId"].Value, (bool)missing.Properties["InDeadLetters"].Value));
    }
}
