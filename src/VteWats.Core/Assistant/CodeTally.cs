using VteWats.Core.Mapping;
using VteWats.Core.Vte;

namespace VteWats.Core.Assistant;

/// <summary>How the codes of <c>TestResultType</c> go together with the limits of their rows.</summary>
internal sealed class CodeTally
{
    private readonly Dictionary<Key, Counts> _counts = [];

    // A code that may be NULL.
    internal readonly record struct Key(int? Code);

    internal sealed class Counts
    {
        public long Rows, Inside, Outside, Numbers, WithLimits, Unusable;

        public long Judged => Inside + Outside;
        public double OutsideShare => Judged == 0 ? 0 : (double)Outside / Judged;
    }

    public CodeTally(PlantSample sample, VerdictRules judge)
    {
        foreach (var step in sample.Runs.SelectMany(run => run.Steps ?? []))
        {
            var counts = this[step.ResultCode];
            counts.Rows++;
            if (step is not VteNumericStep numeric) continue;
            counts.Numbers++;
            if (judge.WhyUnusable(numeric.Value) is not null) counts.Unusable++;
            if (judge.Limit(numeric.LowLimit) is not null || judge.Limit(numeric.HighLimit) is not null) counts.WithLimits++;
            if (judge.IsInside(step) is not { } inside) continue;
            if (inside) counts.Inside++;
            else counts.Outside++;
        }
    }

    public Counts this[int? code]
    {
        get
        {
            if (!_counts.TryGetValue(new Key(code), out var counts)) _counts[new Key(code)] = counts = new Counts();
            return counts;
        }
    }

    public IEnumerable<(int Code, Counts Counts)> Codes =>
        _counts.Where(c => c.Key.Code is not null).Select(c => (Code: c.Key.Code!.Value, Counts: c.Value)).OrderBy(c => c.Code);

    public Counts Null => _counts.GetValueOrDefault(new Key(null)) ?? new Counts();

    public IReadOnlyList<CodeAgreement> Table(IReadOnlyDictionary<int, string> verdicts) =>
    [
        .. _counts.OrderBy(c => c.Key.Code is null).ThenBy(c => c.Key.Code).Where(c => c.Value.Rows > 0).Select(c => new CodeAgreement(
            c.Key.Code, c.Value.Rows, c.Value.Inside, c.Value.Outside,
            c.Key.Code is { } code ? verdicts.GetValueOrDefault(code) : null)),
    ];
}
