using System.Text;
using VteWats.Core.Sync;
using VteWats.Core.Vte.Reading;

namespace VteWats.Unit.Sync;

/// <summary>
/// Knows without asking VteWats what has to be true after each sync: from what the plant wrote, what the server took, and where the
/// watermark stands.
/// </summary>
internal sealed class FarPlantOracle(SyncRig rig, FarPlant plant, FarServer server)
{
    private readonly PostWatch _posts = new(rig.Wats);
    private readonly HashSet<Guid> _safe = [];
    private HashSet<Guid> _committed = [];
    private DateTime? _watermark;

    /// <summary>Posts that brought the content that WATS had already, because the answer to the one before was lost.</summary>
    public int AfterLostAnswers { get; private set; }

    /// <summary>Posts that brought the content that WATS had already, because a twin may have taken the report's place.</summary>
    public int AfterTwins { get; private set; }

    /// <summary>Posts that brought the content that WATS had already, and no reason for it.</summary>
    public List<string> Twice { get; } = [];

    public long Posts { get; private set; }

    /// <summary>A sync begins: what it can see.</summary>
    public void Before() => _committed = [.. plant.Committed.Keys];

    /// <summary>A sync has ended.</summary>
    public void After(SyncSummary summary)
    {
        foreach (var taken in _posts.Next())
        {
            _safe.Add(taken.Run);
            if (!taken.IsAgain) continue;
            if (taken.AnswerWasLost) AfterLostAnswers++;
            else if (plant.HasTwin(taken.Run)) AfterTwins++;
            else Twice.Add(taken.How);
        }
        Posts += _posts.Posts;
        Assert.True(summary.Error is null || summary.ExitCode is 31 or 32, $"{summary.Error?.Error.Id} {summary.Error?.Message}");
        // Whoever reads of it at night has to know which run it was.
        if (summary.Error is { } error && !server.IsDown)
            Assert.True(error.Target is Guid run && _committed.Contains(run), $"it names no run: {error.Message}");
        AssertWatermark(summary);
    }

    // What the watermark has passed now was there when the sync began, so it is safe; what came behind it is safe once a sync has ended
    // well.
    private void AssertWatermark(SyncSummary summary)
    {
        var position = rig.Watermarks.Load()?.Position?.Timestamp;
        Assert.True(_watermark is null || position >= _watermark, $"the watermark went back from {_watermark} to {position}");
        foreach (var run in _committed.Where(run => !_safe.Contains(run)))
        {
            var timestamp = plant.Committed[run].Timestamp;
            var isPassedNow = timestamp <= position && (_watermark is null || timestamp > _watermark);
            var cameLate = timestamp <= _watermark;
            if (!isPassedNow && !(cameLate && summary.Error is null)) continue;
            Assert.True(rig.Letters.Has(run), $"run {run} of {timestamp:s} is neither in WATS nor in a letter, and the watermark went "
                + $"from {_watermark:s} to {position:s} ({summary.Error?.Message ?? "no error"})");
        }
        _watermark = position;
    }

    /// <summary>Every run is in WATS as it is today, or in a letter that says why; nothing else is.</summary>
    /// <returns>How many are in a letter.</returns>
    public async Task<IReadOnlyList<Guid>> AssertEndAsync()
    {
        var letters = (await rig.Letters.ReadAsync().ToListAsync()).ToDictionary(letter => letter.RunId);
        var expected = await rig.ExpectedAsync();
        var lost = new List<string>();
        await using (var source = await rig.OpenAsync())
        {
            await foreach (var run in source.ReadAsync(new TestRunQuery(), CancellationToken.None))
            {
                var stored = rig.Wats.Store.Find(run.Id)?.Body;
                if (letters.TryGetValue(run.Id, out var letter))
                {
                    Assert.NotEmpty(letter.Findings);
                    if (letter.Run is { } kept && kept.ContentHash != run.ContentHash) lost.Add($"{run.Id}: the letter is stale");
                }
                else if (stored is null) lost.Add($"{run.Id}: nowhere");
                else if (!stored.AsSpan().SequenceEqual(expected[run.Id]))
                    lost.Add($"{run.Id}: {Encoding.UTF8.GetString(stored)} is stale");
            }
        }
        Assert.Empty(lost);
        Assert.DoesNotContain(rig.Wats.Store.Ids, id => !plant.Committed.ContainsKey(id) || plant.Unmappable.Contains(id));
        Assert.True(Twice.Count == 0, "taken twice for no reason: " + string.Join("\n", Twice));
        // Only what nobody can send, or what the server never takes.
        Assert.Empty(letters.Keys.Except(plant.Unmappable).Except(server.Always.Keys));
        Assert.Empty(plant.Unmappable.Except(letters.Keys));
        return [.. letters.Keys];
    }
}
