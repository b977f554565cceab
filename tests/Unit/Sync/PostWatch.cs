using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>One report that the server took.</summary>
/// <param name="Run">Its run.</param>
/// <param name="IsAgain">The server had exactly this content of it already.</param>
/// <param name="AnswerWasLost">And nobody was told so when it took it last.</param>
internal readonly record struct Taken(Guid Run, bool IsAgain, bool AnswerWasLost);

/// <summary>Which reports a server takes more than once, and why.</summary>
internal sealed class PostWatch(SandboxServer wats)
{
    private readonly Dictionary<Guid, (string Hash, bool AnswerWasLost)> _received = [];

    /// <summary>The posts since it was asked last, also those that were not taken.</summary>
    public long Posts { get; private set; }

    /// <summary>What was taken since it was asked last.</summary>
    public IReadOnlyList<Taken> Next()
    {
        var posts = wats.Requests.Last.Where(request => request is { Method: "POST", Path: "/api/Report/WSJF" }).ToList();
        wats.Requests.Clear();
        Posts = posts.Count;
        var taken = new List<Taken>();
        foreach (var post in posts)
        {
            if (post is not { ReportId: { } id, Hash: { } hash }) continue;
            var isAgain = _received.TryGetValue(id, out var before) && before.Hash == hash;
            taken.Add(new Taken(id, isAgain, isAgain && before.AnswerWasLost));
            _received[id] = (hash, post.LeftByClient || post.Fault is FaultKind.CutAfterStoring or FaultKind.TruncateAnswer);
        }
        return taken;
    }

    /// <summary>The runs whose reports the server took since it was asked last although it had exactly this content.</summary>
    public IReadOnlyList<Guid> Again() => [.. Next().Where(post => post.IsAgain).Select(post => post.Run)];
}
