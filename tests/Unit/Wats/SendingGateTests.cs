using VteWats.Core.Wats.Sending;

namespace VteWats.Unit.Wats;

public class SendingGateTests
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public void A_server_that_asks_for_less_halves_the_width_once_and_good_rounds_bring_it_back(int status)
    {
        var gate = new SendGate(8, TimeProvider.System);
        for (var i = 0; i < 8; i++) gate.Attempted(status, Usual);
        Assert.Equal(4, gate.Limit);
        for (var i = 0; i < 4; i++) gate.Attempted(200, Usual);
        Assert.Equal(5, gate.Limit);
        for (var i = 0; i < 5 + 6 + 7 + 100; i++) gate.Attempted(200, Usual);
        Assert.Equal(8, gate.Limit);
    }

    [Fact]
    public void Answers_that_become_much_slower_halve_the_width()
    {
        var gate = new SendGate(8, TimeProvider.System);
        for (var i = 0; i < 100; i++) gate.Attempted(200, Usual);
        for (var i = 0; i < 10; i++) gate.Attempted(200, TimeSpan.FromSeconds(1));
        Assert.Equal(4, gate.Limit);
    }

    [Fact]
    public async Task No_more_enter_than_the_width_and_who_waits_enters_when_another_one_leaves()
    {
        var gate = new SendGate(2, TimeProvider.System);
        var first = await gate.EnterAsync(0, CancellationToken.None);
        using var second = await gate.EnterAsync(0, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var cancelled = gate.EnterAsync(0, stop.Token);
        var third = gate.EnterAsync(0, CancellationToken.None);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(third.IsCompleted);
        first.Dispose();
        (await third).Dispose();
    }

    [Fact]
    public async Task Of_those_that_wait_the_lowest_turn_enters_next_whenever_it_came()
    {
        var gate = new SendGate(1, TimeProvider.System);
        var inside = await gate.EnterAsync(0, CancellationToken.None);
        var waiting = new[] { 5L, 3, 4, 1 }.ToDictionary(turn => turn, turn => gate.EnterAsync(turn, CancellationToken.None));
        foreach (var turn in waiting.Keys.Order())
        {
            Assert.All(waiting.Where(w => w.Key >= turn), w => Assert.False(w.Value.IsCompleted));
            inside.Dispose();
            inside = await waiting[turn];
        }
        inside.Dispose();
    }
}
