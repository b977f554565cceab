namespace VteWats.Core.Sync.DeadLetters;

/// <summary>Counts letters by what was found.</summary>
public sealed class FindingCounts
{
    private readonly Dictionary<(string Site, DeadLetterStage Stage, string Finding), DeadLetterCount> _counts = [];

    /// <summary>Most frequent first.</summary>
    public IReadOnlyList<DeadLetterCount> All =>
        [.. _counts.Values.OrderByDescending(c => c.Count).ThenBy(c => c.Finding, StringComparer.Ordinal)];

    /// <summary>Counts one letter, once for each of its findings.</summary>
    public void Add(DeadLetter letter)
    {
        // A server names the report in its text: without its id the same finding is the same text.
        var id = letter.RunId.ToString("D");
        foreach (var finding in letter.Findings.Select(f => f.Replace(id, "…", StringComparison.OrdinalIgnoreCase))
            .Distinct(StringComparer.Ordinal))
        {
            var key = (letter.Site, letter.Stage, finding);
            var known = _counts.GetValueOrDefault(key)
                ?? new DeadLetterCount { Site = letter.Site, Stage = letter.Stage, Finding = finding };
            _counts[key] = known with
            {
                Count = known.Count + 1,
                Newest = letter.LastFailed > known.Newest ? letter.LastFailed : known.Newest,
            };
        }
    }
}
