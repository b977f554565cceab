using VteWats.Core.Sync.State;

namespace VteWats.Unit.Commands;

/// <summary>Cmdlets that change something ask for each thing that they change, before they do.</summary>
public sealed class ConfirmationTests : IAsyncLifetime
{
    private const string Defaults = "param($c) $PSDefaultParameterValues = @{ '*:ConfigurationPath' = $c }; ";
    private CmdletPlant _plant = null!;

    public async Task InitializeAsync() => _plant = await CmdletPlant.StartAsync();

    public Task DisposeAsync() => _plant.DisposeAsync();

    private AnsweringHost Run(string script, Func<string, bool> answer)
    {
        var host = new AnsweringHost(answer);
        host.Run(Defaults + script, ("c", _plant.Configuration));
        return host;
    }

    private bool HasMoved(string site) => new WatermarkStore(_plant.State, site).Load()?.Position is not null;

    [Fact]
    public void Each_watermark_that_receipts_move_is_asked_for_and_the_one_that_is_refused_stays()
    {
        const string Line = "Get-VteWatermark -Site * | Get-VteTestRun | ConvertTo-WatsReport -ErrorAction Ignore | Send-WatsReport | "
            + "Set-VteWatermark -Confirm";
        var host = Run(Line, question => question.Contains("(Oslo)", StringComparison.Ordinal));
        Assert.Equal(["bergen", "oslo"], host.Questions.Select(q => q.Contains("(Bergen)", StringComparison.Ordinal) ? "bergen"
            : q.Contains("(Oslo)", StringComparison.Ordinal) ? "oslo" : q));
        Assert.True(HasMoved("Oslo"));
        Assert.False(HasMoved("Bergen"));
    }

    [Fact]
    public void Each_site_of_a_sync_is_asked_for_before_any_is_synced_and_the_one_that_is_refused_is_a_dry_run()
    {
        var reports = new List<int>();
        var host = Run("Invoke-VteWatsSync -Site * -Confirm -ErrorAction Ignore", question =>
        {
            reports.Add(_plant.Wats.Store.Count);
            return question.Contains("Bergen", StringComparison.Ordinal);
        });
        Assert.Equal(2, host.Questions.Count);
        Assert.Equal([0, 0], reports);
        Assert.True(HasMoved("Bergen"));
        Assert.False(HasMoved("Oslo"));
        Assert.InRange(_plant.Wats.Store.Count, 1, 30);
    }
}
