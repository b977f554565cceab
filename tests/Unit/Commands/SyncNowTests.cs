using System.Management.Automation;
using System.Management.Automation.Runspaces;
using VteWats.Unit.Support;

namespace VteWats.Unit.Commands;

/// <summary>Invoke-VteWatsSync -Now: a word to a loop that runs, or an error.</summary>
public sealed class SyncNowTests : IAsyncLifetime
{
    private CmdletPlant _plant = null!;

    public async Task InitializeAsync() => _plant = await CmdletPlant.StartAsync();

    public Task DisposeAsync() => _plant.DisposeAsync();

    [Fact]
    public void Without_a_loop_there_is_nobody_to_tell_and_that_is_an_error_which_leaves_nothing_behind()
    {
        var result = _plant.Run("Invoke-VteWatsSync -Site Oslo -Now");
        Assert.Equal(["VteWats.SyncNotRunning"], result.Ids());
        Assert.Contains("Start-VteWatsSync", (result.Thrown ?? result.Errors[0]).ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_plant.State));
    }

    [Fact]
    public async Task A_loop_is_told_as_long_as_it_runs_and_only_for_its_sites()
    {
        using (var loop = await LoopAsync("Oslo"))
        {
            var result = _plant.Run("Invoke-VteWatsSync -Site * -Now");
            Assert.Null(result.Thrown);
            Assert.Equal(["VteWats.SyncNotRunning"], result.Ids());
            Assert.Contains("'Bergen'", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
            await UntilAsync(() => loop.Output.Count == 2);
            _plant.Run("Invoke-VteWatsSync -Site Oslo -Now -WhatIf").Clean();
        }
        Assert.Equal(["VteWats.SyncNotRunning"], _plant.Run("Invoke-VteWatsSync -Site Oslo -Now").Ids());
    }

    [Fact]
    public async Task When_the_first_of_two_loops_ends_the_second_one_is_told()
    {
        var first = await LoopAsync("Oslo");
        using var second = await LoopAsync("Oslo");
        first.Dispose();
        await UntilAsync(() => _plant.Run("Invoke-VteWatsSync -Site Oslo -Now").Ids().Count == 0);
        await UntilAsync(() => second.Output.Count >= 2);
    }

    [Fact]
    public async Task Each_sync_of_a_loop_counts_the_local_times_of_its_own_runs()
    {
        // Oslo set its clocks back on 2024-10-27 at 03:00.
        using (var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_plant.File("oslo.db")};Pooling=False"))
        {
            database.Open();
            using var command = database.CreateCommand();
            command.CommandText = "UPDATE IndexData SET Timestamp = '2024-10-27 02:30:00.000'";
            Assert.Equal(30, command.ExecuteNonQuery());
        }
        using var loop = await LoopAsync("Oslo");
        Assert.Equal(30L, loop.Output[0].Properties["AmbiguousTimes"].Value);
        _plant.Run("Invoke-VteWatsSync -Site Oslo -Now").Clean();
        await UntilAsync(() => loop.Output.Count == 2);
        Assert.Equal(loop.Output[1].Properties["Read"].Value, loop.Output[1].Properties["AmbiguousTimes"].Value);
    }

    private async Task<Loop> LoopAsync(string site)
    {
        var loop = new Loop(site, _plant.Configuration);
        await UntilAsync(() => loop.Output.Count == 1);
        return loop;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 3000 && !condition(); i++) await Task.Delay(10);
        Assert.True(condition());
    }

    private sealed class Loop : IDisposable
    {
        private readonly Runspace _runspace;
        private readonly PowerShell _shell;

        public Loop(string site, string configuration)
        {
            var state = InitialSessionState.CreateDefault2();
            state.ImportPSModule(Repository.Module);
            _runspace = RunspaceFactory.CreateRunspace(state);
            _runspace.Open();
            _shell = PowerShell.Create(_runspace);
            _shell.AddCommand("Start-VteWatsSync").AddParameter("Site", site).AddParameter("ConfigurationPath", configuration)
                .AddParameter("IntervalMinutes", 60).AddParameter("ErrorAction", "SilentlyContinue");
            _shell.BeginInvoke<PSObject, PSObject>(null, Output);
        }

        public PSDataCollection<PSObject> Output { get; } = [];

        public void Dispose()
        {
            _shell.Stop();
            _shell.Dispose();
            _runspace.Dispose();
        }
    }
}
