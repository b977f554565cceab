using VteWats.Core.Sync;
using VteWats.Core.Wats.Client;
using VteWats.Unit.Sync;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Commands;

/// <summary>What somebody sees who waits for a sync.</summary>
[Trait("Category", "Process")]
public sealed class WaitingTests : IAsyncLifetime
{
    private SyncRig _rig = null!;

    public async Task InitializeAsync()
    {
        _rig = await SyncRig.StartAsync(DateTimeOffset.UtcNow, settleSeconds: 0);
        File.WriteAllText(Path.Combine(_rig.Folder, "token"), _rig.Wats.Token);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    private string Configuration(string wats, string? database = null)
    {
        var path = Path.Combine(_rig.Folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, $$"""
            { "sites": { "Oslo": { "connection": { {{database ?? $"\"path\": \"{_rig.Database}\""}}, "settleSeconds": 0 },
                "timeZone": "Europe/Oslo", "timestampIs": "start", "mapping": { "defaultProcessCode": 10 },
                "initialSince": "2020-01-01T00:00:00" } },
              "wats": { "baseUrl": "{{_rig.Wats.BaseUrl.OriginalString}}", "token": "file:token", "proxy": "none", {{wats}} } }
            """);
        return path;
    }

    private static ScriptResult Sync(string configuration, string more = "")
    {
        using var module = new HostedModule();
        return module.Run("param($File) Invoke-VteWatsSync -ConfigurationPath $File " + more, ("File", configuration));
    }

    [Fact]
    public void While_a_retry_is_waited_for_the_progress_says_so_and_verbose_tells_each_attempt_and_why()
    {
        _rig.InsertRuns(3);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, RetryAfterSeconds = 3, Count = 1 });
        var result = Sync(Configuration("\"requestsPerMinute\": 0, \"maxAttempts\": 3"), "-Verbose");
        Assert.Empty(result.Errors);
        Assert.Contains(result.Progress, progress =>
            progress.StatusDescription.Contains("waits for 127.0.0.1, which is asked again after HTTP 503", StringComparison.Ordinal));
        Assert.Contains(result.Verbose, text => text.Contains("Attempt 1 of 3", StringComparison.Ordinal)
            && text.Contains("HTTP 503", StringComparison.Ordinal));
        Assert.Contains(result.Verbose, text => text.Contains(".json", StringComparison.Ordinal)
            && text.Contains(_rig.Wats.BaseUrl.ToString(), StringComparison.Ordinal));
        Assert.Contains(result.Verbose, text => text == $"Connecting to {_rig.Database}.");
    }

    [Fact]
    public void While_an_answer_is_waited_for_the_progress_says_what_is_waited_for()
    {
        _rig.InsertRuns(1);
        _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 4500, Path = "Processes", Count = 1 });
        var result = Sync(Configuration("\"requestsPerMinute\": 0"));
        Assert.Contains(result.Progress, progress =>
            progress.StatusDescription.Contains("waits for WATS to say which operations are active", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Server=127.0.0.1,9;Database=VTE9_3;Connect Timeout=2", "the connection was refused")]
    [InlineData("Server=no-such-host.invalid;Database=VTE9_3;Connect Timeout=2", "no host of this name")]
    public void Verbose_tells_each_attempt_at_a_database_with_server_database_and_the_inner_cause(string connection, string cause)
    {
        var result = Sync(Configuration("\"requestsPerMinute\": 0", $"\"connectionString\": \"{connection}\""), "-Verbose");
        Assert.Equal("VteWats.SqlUnreachable", Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains(result.Verbose, text => text.StartsWith("Connecting to ", StringComparison.Ordinal)
            && text.Contains("VTE9_3", StringComparison.Ordinal));
        Assert.Contains(result.Verbose, text => text.StartsWith("No connection: ", StringComparison.Ordinal)
            && text.Contains(cause, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_limit_of_requests_says_that_it_is_waited_for_and_how_long_the_rest_takes_at_least()
    {
        var budget = TokenBudget.For(new Uri("https://waiting.example"), Guid.NewGuid().ToString(), 60);
        Assert.Equal(TimeSpan.FromMinutes(9), budget.LeastTime(600));
        for (var i = 0; i < 60; i++) await budget.TakeAsync(CancellationToken.None);
        Assert.Null(budget.WaitsFor);
        Assert.Equal(TimeSpan.FromMinutes(10), budget.LeastTime(600));
        using var enough = new CancellationTokenSource();
        var next = budget.TakeAsync(enough.Token).AsTask();
        Assert.Equal("the limit of 60 requests a minute", budget.WaitsFor);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.Null(budget.WaitsFor);
    }
}
