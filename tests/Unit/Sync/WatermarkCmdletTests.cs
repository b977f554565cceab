using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Unit.Support;

namespace VteWats.Unit.Sync;

/// <summary>The state cmdlets in a real engine. They need no database and no server.</summary>
public sealed class WatermarkCmdletTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HostedModule _module = new();
    private readonly WatermarkStore _store;

    public WatermarkCmdletTests()
    {
        File.WriteAllText(_folder.File("vtewats.json"), """
            { "sites": { "Oslo": { "connection": { "path": "vte.db" }, "timeZone": "Europe/Oslo", "timestampIs": "start" } },
              "wats": { "baseUrl": "https://wats.example.test", "token": "env:NOT_SET" } }
            """);
        _store = new WatermarkStore(_folder.File("state"), "Oslo");
    }

    public void Dispose()
    {
        _module.Dispose();
        _folder.Dispose();
    }

    private ScriptResult Run(string script) =>
        _module.Run("param($c) $PSDefaultParameterValues = @{ '*:ConfigurationPath' = $c }; "
        + script, ("c", _folder.File("vtewats.json")));

    private static string IdOf(ScriptResult result) => (result.Thrown ?? Assert.Single(result.Errors)).FullyQualifiedErrorId.Split(',')[0];

    [Fact]
    public void The_first_sync_is_refused_without_a_start_and_begins_at_the_one_that_is_given()
    {
        var refused = Run("Get-VteWatermark");
        Assert.Equal("VteWats.WatermarkMissing", IdOf(refused));
        var given = Assert.Single(Run("Get-VteWatermark -InitialSince 2024-06-01T12:00:00").Clean());
        Assert.Equal(new DateTimeOffset(2024, 6, 1, 10, 0, 0, TimeSpan.Zero),
            ((DateTimeOffset)given.Properties["ReadFrom"].Value).ToUniversalTime());
        Assert.Null(given.Properties["RunId"].Value);
    }

    [Fact]
    public void It_is_set_by_hand_undone_and_reset_and_what_if_changes_nothing()
    {
        Run("Set-VteWatermark -Timestamp 2024-06-01T12:00:00 -Reason first").Clean();
        Assert.Equal(SyncTestData.Noon, _store.Load()!.Position!.Timestamp);
        Run("Set-VteWatermark -Timestamp '2024-06-01T14:00:00+02:00' -Reason second").Clean();
        Run("Set-VteWatermark -Timestamp 2027-01-01 -Reason no -WhatIf; Undo-VteWatermark -Reason no -WhatIf; Reset-VteWatermark "
            + "-Reason no -WhatIf").Clean();
        Assert.Equal(new DateTime(2024, 6, 1, 14, 0, 0), _store.Load()!.Position!.Timestamp);
        Run("Undo-VteWatermark -Reason 'not that far'").Clean();
        Assert.Equal(SyncTestData.Noon, _store.Load()!.Position!.Timestamp);
        Run("Reset-VteWatermark -Reason over -Confirm:$false").Clean();
        Assert.Null(_store.Load()!.Position);
        Assert.Equal(["first", "second", "not that far", "over"],
            Run("Get-VteWatermark -History | ForEach-Object Why").Clean().Select(o => o.ToString()));
    }

    [Fact]
    public void A_watermark_of_another_server_stops_the_pipeline_but_its_history_can_be_seen()
    {
        SyncTestData.Sync(new WatermarkStore(_folder.File("state"), "Oslo"), [SyncTestData.At(0)]);
        File.WriteAllText(_folder.File("vtewats.json"),
            File.ReadAllText(_folder.File("vtewats.json")).Replace("wats.example", "other.example", StringComparison.Ordinal));
        Assert.Equal("VteWats.StateForeign", IdOf(Run("Get-VteWatermark")));
        Assert.Single(Run("Get-VteWatermark -History").Clean());
        Run("Set-VteWatermark -Timestamp 2024-06-01T12:00:00 -Reason 'the server has a new name'").Clean();
        Assert.Single(Run("Get-VteWatermark").Clean());
    }

    [Fact]
    public void A_watermark_at_the_beginning_of_time_can_be_read_from()
    {
        Run("Set-VteWatermark -Timestamp ([DateTime]::MinValue) -Reason everything").Clean();
        Assert.Single(Run("Get-VteWatermark").Clean());
    }

    [Fact]
    public void Letters_are_listed_filtered_counted_and_removed()
    {
        var letters = new DeadLetterStore(_folder.File("state"), "Oslo");
        foreach (var i in Enumerable.Range(0, 3))
            letters.WriteAsync(DeadLetter.From(SyncTestData.At(i),
                DeadLetterStage.Mapping, ["no serial number", i == 0 ? "no operation" : "no revision"]));
        foreach (var run in new[] { SyncTestData.At(8), SyncTestData.At(9) })
            letters.WriteAsync(DeadLetter.From(run, DeadLetterStage.Sending, [$"{run.Id} refused"]));
        Assert.Equal(5, Run("Get-VteDeadLetter").Clean().Count);
        Assert.Equal(3, Run("Get-VteDeadLetter -Stage Mapping").Clean().Count);
        Assert.Single(Run("Get-VteDeadLetter -Finding '*operation'").Clean());
        Assert.Equal(["3 no serial number", "2 no revision", "2 … refused", "1 no operation"],
            Run("Get-VteDeadLetter -Count | ForEach-Object { \"$($_.Count) $($_.Finding)\" }").Clean().Select(o => o.ToString()));
        Run("Get-VteDeadLetter | Remove-VteDeadLetter -WhatIf").Clean();
        Assert.Equal(5, letters.Count());
        Run("Get-VteDeadLetter -Stage Mapping | Remove-VteDeadLetter -Confirm:$false").Clean();
        Assert.Equal(2, letters.Count());
        Assert.Equal("VteWats.DeadLetterMissing",
            Assert.Single(Run($"Remove-VteDeadLetter -RunId {Guid.NewGuid()} -Confirm:$false").Errors).FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void What_is_no_receipt_of_a_reading_moves_nothing()
    {
        var result = Run("1 | Set-VteWatermark");
        Assert.Equal("VteWats.InvalidArgument", IdOf(result));
    }
}
