using System.Text.Json.Nodes;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <content>The line of cmdlets keeps what a sync keeps, and what is changed or broken while a sync runs.</content>
public sealed partial class SyncCmdletTests
{
    private const string WithoutEnd = "Get-VteWatermark -Site Oslo | Get-VteTestRun | ConvertTo-WatsReport | Send-WatsReport";
    private const string Line = WithoutEnd + " | Set-VteWatermark";

    [Fact]
    public async Task Runs_that_a_line_posted_and_could_not_keep_are_sent_as_they_are_today()
    {
        Run(WithoutEnd).Clean();
        // As a line leaves them that is killed before the answers came.
        _rig.Execute("UPDATE Ledger SET State = 1");
        var changed = _rig.Wats.Store.Ids.First();
        _rig.AddSteps(changed, 2);
        Run(Line).Clean();
        Assert.Equal(0, _rig.Scalar("SELECT COUNT(*) FROM Ledger WHERE State = 1"));
        Assert.Equal(35, _rig.Wats.Store.Count);
        Assert.Equal(2, _rig.Wats.Store.Find(changed)!.ReceiveCount);
    }

    [Fact]
    public void What_a_line_without_an_end_got_through_is_in_no_doubt_and_is_not_sent_again()
    {
        var refused = _rig.Insert(_rig.Local.AddHours(-2), serial: "REFUSE");
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, SerialNumber = "REFUSE" });
        Run(WithoutEnd);
        Assert.Equal((0, 35, 1), (_rig.Scalar("SELECT COUNT(*) FROM Ledger WHERE State = 1"),
            _rig.Scalar("SELECT COUNT(*) FROM Ledger WHERE State = 2"), _rig.Letters.Count()));
        Assert.True(_rig.Letters.Has(refused));
        var (posts, changed) = (_rig.Wats.Requests.Posts, _rig.Wats.Store.Ids.First());
        _rig.AddSteps(changed, 2);
        Run(Line).Clean();
        Assert.Equal(1, _rig.Wats.Requests.Posts - posts);
        Assert.Equal(2, _rig.Wats.Store.Find(changed)!.ReceiveCount);
        Assert.NotNull(_rig.Watermarks.Load()?.Position);
    }

    [Fact]
    public void The_line_finds_a_run_that_was_committed_long_after_its_time()
    {
        Run(Line).Clean();
        var late = _rig.Insert(_rig.Local.AddHours(-30));
        Run(Line).Clean();
        Assert.NotNull(_rig.Wats.Store.Find(late));
        Assert.Equal(36, SyncTestData.Rows(_rig.Watermarks).Count);
    }

    [Fact]
    public void Only_a_line_that_kept_everything_puts_the_next_deep_census_off()
    {
        Run("Get-VteWatermark -Site Oslo | Get-VteTestRun").Clean();
        Run("$n = 0; Get-VteWatermark -Site Oslo | Get-VteTestRun | ConvertTo-WatsReport | Where-Object { $n++; $n -ne 21 } | "
            + "Send-WatsReport | Set-VteWatermark").Clean();
        Assert.Equal(0, _rig.Scalar("SELECT COUNT(*) FROM Timer WHERE Name = 'census.deep'"));
        Run(Line).Clean();
        Assert.Equal(1, _rig.Scalar("SELECT COUNT(*) FROM Timer WHERE Name = 'census.deep'"));
    }

    [Fact]
    public async Task The_line_sends_a_suspect_again_when_its_time_has_come()
    {
        var run = _rig.Insert(_rig.Local.AddHours(-2), serial: "FAT");
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 404, SerialNumber = "FAT" });
        Run(Line);
        Assert.Equal(DeadLetterStage.Suspect, (await _rig.Letters.FindAsync(run))!.Stage);
        _rig.Wats.Faults.Clear();
        Run(Line).Clean();
        Assert.Null(_rig.Wats.Store.Find(run));
        _rig.Execute("UPDATE Letter SET NextTry = 1");
        Run(Line).Clean();
        Assert.NotNull(_rig.Wats.Store.Find(run));
        Assert.Equal(0, _rig.Letters.Count());
    }

    [Fact]
    public async Task A_run_that_ends_three_lines_alone_while_the_server_is_well_is_put_away()
    {
        Run(Line).Clean();
        var run = _rig.Insert(_rig.Local.AddMinutes(-5), serial: "FAT");
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 404, SerialNumber = "FAT" });
        for (var i = 0; i < 2; i++)
        {
            var ended = Run(Line);
            Assert.Contains(run.ToString(), (ended.Thrown ?? ended.Errors[0]).Exception.Message, StringComparison.OrdinalIgnoreCase);
            Assert.False(_rig.Letters.Has(run));
        }
        Run(Line);
        Assert.Equal(DeadLetterStage.Suspect, (await _rig.Letters.FindAsync(run))!.Stage);
    }

    [Fact]
    public void Letters_are_not_sent_beside_a_sync()
    {
        var run = _rig.Insert(_rig.Local.AddHours(-2), serial: " ");
        Run("Invoke-VteWatsSync -Site Oslo");
        Assert.True(_rig.Letters.Has(run));
        using (SyncLease.Acquire(_rig.State, "Oslo"))
        {
            var result = Run($"Send-VteDeadLetter -Site Oslo -RunId {run}");
            Assert.StartsWith("VteWats.SyncAlreadyRunning", (result.Thrown ?? result.Errors[0]).FullyQualifiedErrorId,
                StringComparison.Ordinal);
        }
        Assert.True(_rig.Letters.Has(run));
    }

    [Fact]
    public async Task A_running_sync_takes_up_a_corrected_mapping_and_tells_a_bad_edit_while_the_old_one_goes_on()
    {
        var running = Task.Run(() => Run("$sent = 0; Start-VteWatsSync -Site Oslo -ErrorAction SilentlyContinue -ErrorVariable bad | "
            + "ForEach-Object { $sent += $_.Uploaded; if ($sent -ge 37) { \"$($bad[0].FullyQualifiedErrorId)\"; break } }"));
        await UntilAsync(() => _rig.Wats.Store.Count == 35);
        var good = File.ReadAllText(Config);
        await SyncedAsync(good[..^5]);
        await SyncedAsync(good.Replace("\"defaultProcessCode\": 10 ", "\"defaultProcessCode\": 100 ", StringComparison.Ordinal));
        var ended = await running;
        Assert.StartsWith("VteWats.ConfigurationInvalid", (string)ended.Output[^1].BaseObject, StringComparison.Ordinal);
        Assert.Equal([10, 100], _rig.Wats.Store.Reports.TakeLast(2)
            .Select(report => JsonNode.Parse(report.Body!)!["processCode"]!.GetValue<int>()));

        async Task SyncedAsync(string configuration)
        {
            File.WriteAllText(Config, configuration);
            var run = _rig.Insert(_rig.Local.AddMinutes(-3));
            while (_rig.Wats.Store.Find(run) is null)
            {
                SyncLoop.Signal(new SiteFiles(_rig.State, "Oslo"));
                await Task.WhenAny(running, Task.Delay(200));
                Assert.True(!running.IsCompleted || _rig.Wats.Store.Find(run) is not null);
            }
        }
    }

    [Fact]
    public void With_errors_that_stop_the_continuous_sync_sends_what_can_be_sent_and_goes_on()
    {
        for (var i = 0; i < 5; i++) _rig.Insert(_rig.Local.AddMinutes(-70), serial: " ");
        var result = Run("$ErrorActionPreference = 'Stop'; Start-VteWatsSync -Site Oslo | ForEach-Object { $_; break }");
        Assert.Null(result.Thrown);
        var summary = (SyncSummary)Assert.Single(result.Output).BaseObject;
        Assert.Equal((35, 5, 10), (summary.Uploaded, summary.DeadLetters, summary.ExitCode));
    }

    [Fact]
    public void A_disk_of_the_log_that_is_full_costs_no_sync_and_no_line_anything()
    {
        if (!OperatingSystem.IsLinux()) return;   // a file that is always full is a device there
        var logs = Directory.CreateDirectory(Path.Combine(_rig.Folder, "logs")).FullName;
        foreach (var day in (int[])[-1, 0, 1])
        {
            foreach (var part in (string[])["", "_001", "_002"])
                File.CreateSymbolicLink(Path.Combine(logs, $"vtewats-{DateTime.Now.AddDays(day):yyyyMMdd}{part}.log"), "/dev/full");
        }
        File.WriteAllText(Config, File.ReadAllText(Config).Replace("\"stateFolder\"",
            $$"""
            "logging": { "folder": "{{logs}}" }, "stateFolder"
            """, StringComparison.Ordinal));
        var sync = Run("Invoke-VteWatsSync -Site Oslo");
        Assert.Empty(sync.Errors);
        Assert.Contains("log folder", Assert.Single(sync.Warnings), StringComparison.Ordinal);
        Assert.Equal(35, _rig.Wats.Store.Count);
        _rig.Insert(_rig.Local.AddMinutes(-3));
        Run(Line).Clean();
        Assert.Equal(36, _rig.Wats.Store.Count);
    }

    [Fact]
    public void A_folder_of_the_log_that_cannot_be_written_to_is_told_and_costs_no_sync_and_no_line_anything()
    {
        File.WriteAllText(Path.Combine(_rig.Folder, "nofolder"), "");
        File.WriteAllText(Config, File.ReadAllText(Config).Replace("\"stateFolder\"",
            $$"""
            "logging": { "folder": "{{Path.Combine(_rig.Folder, "nofolder", "logs")}}" }, "stateFolder"
            """, StringComparison.Ordinal));
        Assert.Single(Run("Invoke-VteWatsSync -Site Oslo").Warnings);
        Assert.Equal(35, _rig.Wats.Store.Count);
        _rig.Insert(_rig.Local.AddMinutes(-3));
        var line = Run(Line);
        Assert.Empty(line.Errors);
        Assert.Null(line.Thrown);
        Assert.NotEmpty(line.Warnings);
        Assert.Equal(36, _rig.Wats.Store.Count);
    }
}
