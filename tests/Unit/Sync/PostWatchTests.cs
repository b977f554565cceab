using VteWats.Unit.Sandbox;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>The watch over posts tells the truth also where the server is held up between its answer and its log.</summary>
public sealed class PostWatchTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_post_whose_answer_was_cut_counts_before_the_one_that_follows_it_however_late_it_is_written_down(bool endsBefore)
    {
        // A post looks at the clock when it is judged, when it is stored, and when it is written down.
        using var clock = new HeldClock(call: 3);
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { Clock = clock });
        using var client = SandboxClient.For(server);
        var (watch, id) = (new PostWatch(server), Guid.NewGuid());
        server.Faults.Add(new SandboxFault { Kind = FaultKind.CutAfterStoring, Count = 1 });
        var report = SampleReport.New(id).ToJsonString();
        await Assert.ThrowsAnyAsync<Exception>(() => client.PostReportAsync(report));
        await client.PostReportAsync(report);
        if (endsBefore)
        {
            clock.LetGo();
            while (server.Requests.Active > 0) await Task.Delay(1);
        }
        var next = Task.Run(watch.Next);
        if (!endsBefore && await Task.WhenAny(next, Task.Delay(100)) != next) clock.LetGo();
        Assert.Equal([(id, false, false), (id, true, true)], (await next).Select(post => (post.Run, post.IsAgain, post.AnswerWasLost)));
    }

    private sealed class HeldClock(int call) : TimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim _go = new();
        private int _calls;

        public void LetGo() => _go.Set();

        public override DateTimeOffset GetUtcNow()
        {
            if (Interlocked.Increment(ref _calls) == call) _go.Wait();
            return base.GetUtcNow();
        }

        public void Dispose() => _go.Dispose();
    }
}
