using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>One report that the server took.</summary>
/// <param name="Run">Its run.</param>
/// <param name="IsAgain">The server had exactly this content of it already.</param>
/// <param name="AnswerWasLost">And nobody was told so when it took it last.</param>
/// <param name="How">What the server wrote down of it, and of the one before, for whoever has to find out why it came again.</param>
internal readonly record struct Taken(Guid Run, bool IsAgain, bool AnswerWasLost, string How = "");

/// <summary>Which reports a server takes more than once, and why.</summary>
internal sealed class PostWatch(SandboxServer wats)
{
    private readonly Dictionary<Guid, LoggedRequest> _received = [];

    /// <summary>The posts since it was asked last, also those that were not taken.</summary>
    public long Posts { get; private set; }

    /// <summary>What was taken since it was asked last.</summary>
    public IReadOnlyList<Taken> Next()
    {
        // The client that was cut off, or has its answer, may be back here before the server has written the request down.
        SpinWait.SpinUntil(() => wats.Requests.Active == 0, TimeSpan.FromMinutes(1));
        var posts = wats.Requests.Last.Where(request => request is { Method: "POST", Path: "/api/Report/WSJF" }).ToList();
        wats.Requests.Clear();
        Posts = posts.Count;
        var taken = new List<Taken>();
        foreach (var post in posts.OrderBy(post => post.Order))
        {
            if (post is not { ReportId: { } id, Hash: { } hash }) continue;
            var isAgain = _received.TryGetValue(id, out var before) && before.Hash == hash;
            taken.Add(new Taken(id, isAgain, isAgain && AnswerWasLost(before!), isAgain ? $"{before} and again {post}" : ""));
            _received[id] = post;
        }
        return taken;
    }

    private static bool AnswerWasLost(LoggedRequest post) =>
        post.LeftByClient || post.Fault is FaultKind.CutAfterStoring or FaultKind.TruncateAnswer;

    /// <summary>The runs whose reports the server took since it was asked last although it had exactly this content.</summary>
    public IReadOnlyList<Guid> Again() => [.. Next().Where(post => post.IsAgain).Select(post => post.Run)];
}
