namespace VteWats.Unit.Commands;

/// <summary>Local times that occur twice or never are told where they matter: to whoever names one, and where runs have one.</summary>
public sealed class SiteTimeTellingTests : IAsyncLifetime
{
    private CmdletPlant _plant = null!;

    public async Task InitializeAsync()
    {
        _plant = await CmdletPlant.StartAsync();
        // Oslo set its clocks forward on 2024-03-31 at 02:00.
        await using var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_plant.File("oslo.db")};Pooling=False");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = "UPDATE IndexData SET Timestamp = '2024-03-31 02:30:00.000' WHERE Index_GUID IN "
            + "(SELECT Index_GUID FROM IndexData ORDER BY Timestamp LIMIT 3)";
        Assert.Equal(3, await command.ExecuteNonQueryAsync());
    }

    public Task DisposeAsync() => _plant.DisposeAsync();

    [Theory]
    [InlineData("2024-10-27T02:30:00", "twice")]
    [InlineData("2024-03-31T02:30:00", "never")]
    public void A_watermark_at_a_local_time_that_is_not_one_instant_is_warned_of(string time, string word)
    {
        var result = _plant.Run($"Set-VteWatermark Oslo -Timestamp {time} -Reason x");
        result.Clean();
        Assert.Contains(word, Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Empty(_plant.Run("Set-VteWatermark Oslo -Timestamp 2024-06-01 -Reason x").Warnings);
    }

    [Theory]
    [InlineData("Get-VteTestRun Oslo")]
    [InlineData("Get-VteTestRun Oslo -Since 2024-03-31T02:30:00")]
    [InlineData("Export-VteTestRun $Folder/out.db -Site Oslo -Force")]
    [InlineData("Invoke-VteWatsSync Oslo -WhatIf -ErrorAction SilentlyContinue")]
    public void Runs_at_a_local_time_that_never_occurs_are_warned_of_because_the_time_zone_may_be_wrong(string command)
    {
        // A sync tells of its letters, too.
        var warning = Assert.Single(_plant.Run(command).Warnings, w => !w.Contains("dead letters", StringComparison.Ordinal));
        Assert.Contains("3 ", warning, StringComparison.Ordinal);
        Assert.Contains("time zone", warning, StringComparison.Ordinal);
        Assert.Contains("Oslo", warning, StringComparison.Ordinal);
        Assert.DoesNotContain(_plant.Run(command.Replace("Oslo", "Bergen", StringComparison.Ordinal)).Warnings,
            w => w.Contains("time zone", StringComparison.Ordinal));
    }
}
