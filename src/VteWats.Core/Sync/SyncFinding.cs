using System.Text.RegularExpressions;
using VteWats.Core.Sync.DeadLetters;

namespace VteWats.Core.Sync;

/// <summary>Why runs of a sync went to the dead letters, one for each kind of finding.</summary>
/// <param name="Stage">Where they got stuck.</param>
/// <param name="Finding">What was found, of the first of them.</param>
/// <param name="Count">How many runs.</param>
/// <param name="Examples">The first three of them.</param>
public sealed record SyncFinding(DeadLetterStage Stage, string Finding, long Count, IReadOnlyList<Guid> Examples);

/// <summary>Counts the findings of a sync by kind: findings that differ in ids and numbers only are one.</summary>
internal sealed partial class SyncFindings
{
    private const int MostExamples = 3;
    private readonly object _gate = new();
    private readonly Dictionary<(DeadLetterStage, string), SyncFinding> _kinds = [];

    /// <summary>The kinds, the most frequent first.</summary>
    public IReadOnlyList<SyncFinding> All
    {
        get { lock (_gate) return [.. _kinds.Values.OrderByDescending(kind => kind.Count)]; }
    }

    public void Add(DeadLetterStage stage, string? finding, Guid run)
    {
        var line = (finding ?? "").AsSpan().Trim();
        if (line.IndexOfAny('\r', '\n') is >= 0 and var end) line = line[..end];
        var text = line.ToString();
        var key = (stage, Particulars().Replace(text, "#"));
        lock (_gate)
        {
            var kind = _kinds.GetValueOrDefault(key) ?? new SyncFinding(stage, text, 0, []);
            _kinds[key] = kind with
            {
                Count = kind.Count + 1,
                Examples = kind.Examples.Count < MostExamples ? [.. kind.Examples, run]
                : kind.Examples
            };
        }
    }

    [GeneratedRegex(@"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]+")]
    private static partial Regex Particulars();
}
