using System.Management.Automation;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Comparison;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>The cmdlets that speak to WATS, in a real engine.</summary>
public sealed class SendingCommandTests : IAsyncLifetime, IDisposable
{
    private const string Variable = "VTEWATS_TEST_COMMANDS";
    private readonly TempFolder _folder = new();
    private readonly HostedModule _module = new();
    private SandboxServer _server = null!;
    private string _configuration = "";

    public async Task InitializeAsync()
    {
        _server = await SandboxServer.StartAsync(new SandboxOptions { Token = "Y29tbWFuZHM6dGVzdHM=" });
        Environment.SetEnvironmentVariable(Variable, _server.Token);
        _configuration = _folder.File("vtewats.json");
        Configure(processCode: 100);
        _module.Run("param($Path) New-VteSampleDatabase -Path $Path -Runs 60 -Seed 5 -Confirm:$false | Out-Null", ("Path",
            _folder.File("plant.db"))).Clean();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _module.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_pipeline_sends_runs_and_their_reports_are_found_fetched_and_equal()
    {
        var receipts = Send();
        Assert.NotEmpty(receipts);
        Assert.All(receipts, r => Assert.Equal(WatsReceiptState.Uploaded, r.State));
        Assert.Equal(_server.Store.Ids.Order(), receipts.Select(r => r.RunId).Order());
        Assert.All(Send(), r => Assert.Equal(WatsReceiptState.Skipped, r.State));

        var id = receipts[0].RunId;
        var report = Assert.IsType<WatsReport>(Run("$input | Get-WatsReport -ConfigurationPath $File", ("Id", id)).Clean()
            .Single().BaseObject);
        Assert.Equal(id, report.Id);

        var all = Run("Find-WatsReport -ConfigurationPath $File").Clean().Select(o => (WatsReportHeader)o.BaseObject).ToList();
        Assert.Equal(_server.Store.Ids.Order(), all.Select(h => h.Uuid).Order());
        var serial = all[0].SerialNumber!;
        Assert.All(Run("Find-WatsReport -ConfigurationPath $File -SerialNumber $Id", ("Id", serial))
            .Clean(), h => Assert.Equal(serial, ((WatsReportHeader)h.BaseObject).SerialNumber));
        Assert.Equal(3, Run("Find-WatsReport -ConfigurationPath $File -First 3").Clean().Count);
        Assert.Equal(id, Assert.IsType<WatsReportHeader>(Run("Find-WatsReport -ConfigurationPath $File -RunId $Id", ("Id", id)).Clean()
            .Single().BaseObject).Uuid);

        var compared = Run("Get-VteTestRun -ConfigurationPath $File | Compare-WatsReport -ConfigurationPath $File");
        Assert.Null(compared.Thrown);
        Assert.Empty(compared.Output);
    }

    [Fact]
    public void A_run_that_is_not_in_WATS_differs_by_being_missing()
    {
        var result = Run("Get-VteTestRun -ConfigurationPath $File -First 5 | ConvertTo-WatsReport -ConfigurationPath $File | "
            + "Compare-WatsReport -ConfigurationPath $File");
        Assert.All(result.Output, d => Assert.Equal(ReportDifferenceKind.Missing, ((ReportDifference)d.BaseObject).Kind));
        Assert.NotEmpty(result.Output);
    }

    [Fact]
    public void WhatIf_posts_nothing_and_says_what_would_be_sent()
    {
        var result = Run("Get-VteTestRun -ConfigurationPath $File | ConvertTo-WatsReport -ConfigurationPath $File -ErrorAction "
            + "SilentlyContinue | Send-WatsReport -ConfigurationPath $File -WhatIf");
        Assert.Null(result.Thrown);
        Assert.All(result.Output, r => Assert.Equal(WatsReceiptState.WouldUpload, ((WatsReceipt)r.BaseObject).State));
        Assert.NotEmpty(result.Output);
        Assert.Equal(0, _server.Requests.Posts);

        var sent = Send();
        Assert.All(Send("-WhatIf"), r => Assert.Equal((WatsReceiptState.Skipped, "already in WATS"), (r.State, r.Reason)));
        Assert.All(Send("-WhatIf -Force"), r => Assert.Equal((WatsReceiptState.WouldUpload, "would overwrite"), (r.State, r.Reason)));
        Assert.Equal(sent.Count, _server.Requests.Posts);
    }

    [Fact]
    public void Letters_of_a_wrong_mapping_are_sent_once_it_is_corrected_and_the_folder_is_empty_then()
    {
        Configure(processCode: 120);   // an operation that is not active
        var failed = Run("Get-VteTestRun -ConfigurationPath $File -First 12 | ConvertTo-WatsReport -ConfigurationPath $File "
            + "-ErrorAction SilentlyContinue | Send-WatsReport -ConfigurationPath $File");
        Assert.NotEmpty(failed.Output);
        Assert.All(failed.Output, r => Assert.Equal(WatsReceiptState.Failed, ((WatsReceipt)r.BaseObject).State));
        Assert.All(failed.Errors.Where(e => e.FullyQualifiedErrorId.Contains("Rejected", StringComparison.Ordinal)),
            e => Assert.Contains("120", e.ToString(), StringComparison.Ordinal));
        var letters = Run("Get-VteDeadLetter -ConfigurationPath $File -Stage Sending").Clean().Count;
        Assert.Equal(failed.Output.Count, letters);

        Configure(processCode: 100);
        Assert.Equal(letters, Run(
            "Get-VteDeadLetter -ConfigurationPath $File -Stage Sending | Send-VteDeadLetter -ConfigurationPath $File -WhatIf; "
            + "Get-VteDeadLetter -ConfigurationPath $File -Stage Sending").Clean().Count);
        var sent = Run("Get-VteDeadLetter -ConfigurationPath $File -Stage Sending | Send-VteDeadLetter -ConfigurationPath $File").Clean();
        Assert.All(sent, r => Assert.Equal(WatsReceiptState.Uploaded, ((WatsReceipt)r.BaseObject).State));
        Assert.Equal(letters, sent.Count);
        Assert.Empty(Run("Get-VteDeadLetter -ConfigurationPath $File -Stage Sending").Clean());
    }

    [Fact]
    public void What_is_no_report_of_this_session_is_told_what_to_do_and_holds_up_no_report()
    {
        var result = Run("$run = Get-VteTestRun -ConfigurationPath $File -First 3; & { $run[0]; $run | ConvertTo-WatsReport "
            + "-ConfigurationPath $File -ErrorAction SilentlyContinue } | Send-WatsReport -ConfigurationPath $File");
        var error = result.Errors.Single(e => e.FullyQualifiedErrorId.StartsWith("VteWats.WatsReportInvalid", StringComparison.Ordinal));
        Assert.Contains("ConvertTo-WatsReport", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.NotEmpty(result.Output);
    }

    [Fact]
    public void A_letter_that_is_named_twice_is_sent_once_and_its_receipt_comes_before_its_error()
    {
        _server.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, Count = 2 });
        Run("Get-VteTestRun -ConfigurationPath $File -First 5 | ConvertTo-WatsReport -ConfigurationPath $File -ErrorAction "
            + "SilentlyContinue | Send-WatsReport -ConfigurationPath $File");
        var posts = _server.Requests.Posts;
        _server.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, Count = 1 });
        var stopped = Run("$id = (Get-VteDeadLetter -ConfigurationPath $File -Stage Sending).RunId[0]; $got = @(); try { "
            + "Send-VteDeadLetter -RunId $id, $id -ConfigurationPath $File -ErrorAction Stop | ForEach-Object { $got += $_ } } catch { "
            + "}; $got");
        Assert.Equal(WatsReceiptState.Failed, ((WatsReceipt)Assert.Single(stopped.Output).BaseObject).State);
        Assert.Equal(posts + 1, _server.Requests.Posts);
    }

    [Fact]
    public void Letters_of_a_site_that_is_not_configured_are_told_and_sent_as_they_are()
    {
        _server.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, Count = 1 });
        Run("Get-VteTestRun -ConfigurationPath $File -First 5 | ConvertTo-WatsReport -ConfigurationPath $File -ErrorAction "
            + "SilentlyContinue | Send-WatsReport -ConfigurationPath $File");
        var site = ((DeadLetter)Run("Get-VteDeadLetter -ConfigurationPath $File -Stage Sending").Clean()[0].BaseObject).Site;
        File.WriteAllText(_configuration,
            File.ReadAllText(_configuration).Replace($"\"{site}\":", "\"Renamed\":", StringComparison.Ordinal));
        Assert.Contains($"-Site {site}", Assert.Single(Run("Get-VteDeadLetter -ConfigurationPath $File").Warnings),
            StringComparison.Ordinal);

        _server.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, Count = 1 });
        var send = $"Get-VteDeadLetter -Site {site} -Stage Sending -ConfigurationPath $File | Send-VteDeadLetter -ConfigurationPath $File";
        Assert.Equal(WatsReceiptState.Failed, ((WatsReceipt)Assert.Single(Run(send).Output).BaseObject).State);
        Assert.NotNull(((DeadLetter)Assert.Single(Run($"Get-VteDeadLetter -Site {site} -Stage Sending -ConfigurationPath $File")
            .Clean()).BaseObject).Report);
        Assert.Equal(WatsReceiptState.Uploaded, ((WatsReceipt)Assert.Single(Run(send).Clean()).BaseObject).State);
    }

    [Fact]
    public void Letters_are_sent_from_the_source_too()
    {
        _server.Faults.Add(new SandboxFault { Kind = FaultKind.Refuse, Count = 1 });
        Run("Get-VteTestRun -ConfigurationPath $File -First 5 | ConvertTo-WatsReport -ConfigurationPath $File -ErrorAction "
            + "SilentlyContinue | Send-WatsReport -ConfigurationPath $File");
        var sent = Run("Get-VteDeadLetter -ConfigurationPath $File -Stage Sending | Send-VteDeadLetter -ConfigurationPath $File "
            + "-FromSource").Clean();
        Assert.Equal(WatsReceiptState.Uploaded, Assert.IsType<WatsReceipt>(Assert.Single(sent).BaseObject).State);
        Assert.Empty(Run("Get-VteDeadLetter -ConfigurationPath $File -Stage Sending").Clean());
    }

    [Fact]
    public void A_letter_and_a_report_that_are_not_there_are_told_one_by_one()
    {
        var id = Guid.NewGuid();
        Assert.Equal("VteWats.DeadLetterMissing",
            Run("Send-VteDeadLetter -RunId $Id -ConfigurationPath $File", ("Id", id)).Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal("VteWats.WatsNotFound",
            Run("Get-WatsReport -Id $Id -ConfigurationPath $File", ("Id", id)).Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void Operations_are_listed_the_active_test_operations_first_of_all()
    {
        Assert.Equal([10, 50, 90, 100, 110],
            Run("Get-WatsProcess -ConfigurationPath $File").Clean().Select(p => ((WatsProcess)p.BaseObject).Code));
        Assert.Equal(9, Run("Get-WatsProcess -All -ConfigurationPath $File").Clean().Count);
    }

    [Fact]
    public void A_consumer_that_has_enough_ends_the_sending()
    {
        var result = Run("$n = 0; Get-VteTestRun -ConfigurationPath $File | ConvertTo-WatsReport -ConfigurationPath $File -ErrorAction "
            + "SilentlyContinue | Send-WatsReport -ConfigurationPath $File | ForEach-Object { if (++$n -ge 2) { throw 'enough' } }");
        Assert.NotNull(result.Thrown);
        var posts = _server.Requests.Posts;
        Thread.Sleep(200);
        Assert.Equal(posts, _server.Requests.Posts);
    }

    [Fact]
    public void Progress_tells_how_much_is_done_and_how_long_the_rest_takes()
    {
        _server.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 40, Path = "WSJF" });
        var result = Run("Get-VteTestRun -ConfigurationPath $File | ConvertTo-WatsReport -ConfigurationPath $File -ErrorAction "
            + "SilentlyContinue | Send-WatsReport -ConfigurationPath $File -ThrottleLimit 1");
        var sending = result.Progress.Where(p => p.Activity.StartsWith("Sending", StringComparison.Ordinal)).ToList();
        Assert.Equal(ProgressRecordType.Completed, sending[^1].RecordType);
        var told = sending.Where(p => p.PercentComplete >= 0).ToList();
        Assert.NotEmpty(told);
        Assert.Equal(told.Select(p => p.PercentComplete).Order(), told.Select(p => p.PercentComplete));
        Assert.All(told, p => Assert.True(p.SecondsRemaining >= 0
            && p.PercentComplete <= 100, $"{p.PercentComplete} % and {p.SecondsRemaining} s"));
    }

    private List<WatsReceipt> Send(string how = "") =>
        [.. Run("Get-VteTestRun -ConfigurationPath $File | ConvertTo-WatsReport -ConfigurationPath $File -ErrorAction SilentlyContinue "
        + "| Send-WatsReport -ConfigurationPath $File " + how).Output.Select(o => (WatsReceipt)o.BaseObject)];

    private ScriptResult Run(string script, params (string Name, object? Value)[] arguments) =>
        _module.Run("param($File, $Id) "
        + script.Replace("$input", "$Id", StringComparison.Ordinal), [("File", _configuration), .. arguments]);

    private void Configure(int processCode) => File.WriteAllText(_configuration, $$"""
        { "sites": { "Oslo": { "connection": { "path": "plant.db" }, "timeZone": "Europe/Oslo", "timestampIs": "start",
            "mapping": { "defaultProcessCode": {{processCode}} } } },
          "wats": { "baseUrl": "{{_server.BaseUrl.OriginalString}}", "token": "env:{{Variable}}", "requestsPerMinute": 0 },
              "stateFolder": "state" }
        """);
}
