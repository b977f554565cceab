using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;

namespace VteWats.Core.Mapping;

/// <summary>Collects every reason why a run cannot become a report, so that one error tells all of them.</summary>
internal sealed class MappingErrors(VteTestRun run)
{
    private List<(string Reason, string Advice)>? _reasons;

    public bool Any => _reasons is not null;

    public void Add(string reason, string advice)
    {
        _reasons ??= [];
        if (!_reasons.Contains((reason, advice))) _reasons.Add((reason, advice));
    }

    /// <exception cref="VteWatsException"><see cref="ErrorKind.RunUnmappable"/>, when there is a reason.</exception>
    public void ThrowIfAny(Exception? inner = null)
    {
        if (_reasons is null) return;
        throw new VteWatsException(
            ErrorKind.RunUnmappable,
            $"Test run {run.Id:D} cannot be made a report: {string.Join("; ", _reasons.Select(r => r.Reason))}.",
            string.Join(" ", _reasons.Select(r => r.Advice).Distinct()),
            run.Id, inner)
        {
            Findings = [.. _reasons.Select(r => $"{char.ToUpperInvariant(r.Reason[0])}{r.Reason[1..]}. {r.Advice}")],
        };
    }
}
