using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Sync;

/// <summary>
/// Stands before the first sync of a site: where too many verdicts contradict their limits, the codes mean something else than the mapping
/// says, and all of WATS would turn green, or red. The first reports wait here until enough was seen. A watermark alone does not open it:
/// letters and held runs move that, too.
/// </summary>
internal sealed class VerdictGate(SiteOptions site)
{
    private const int SampleJudged = 200, SampleRuns = 100, Fewest = 3, MostExamples = 3;

    // About the bytes of the reports that wait here.
    private const long SampleBytes = 64_000_000;

    private const string Timer = "verdicts";

    private readonly VerdictRules _verdicts = new(site.Mapping);
    private readonly List<string> _examples = [];
    private long _judged, _contradicting, _runs, _bytes;

    /// <summary>Called when enough was seen, and it was right.</summary>
    public Action OnPassed { get; init; } = static () => { };

    /// <summary>The gate before a sync; null where the verdicts of the site were looked at by an earlier one, and for a backfill. Without
    /// a lease it is a dry run, of which nothing is kept.</summary>
    public static VerdictGate? Before(SyncPosition position, SyncServices services, SyncLease? lease)
    {
        var timers = new Timers(new StateDatabase(services.StateFolder), services.Site.Name);
        if (position is not LivePosition || position.From is not null && timers.IsKnown(Timer)) return null;
        return new VerdictGate(services.Site)
        {
            OnPassed = () =>
            {
                if (lease is not null) timers.Set(lease, Timer, services.Time.GetUtcNow());
            },
        };
    }

    /// <summary>Lets reports through, the first of them when enough was seen.</summary>
    /// <exception cref="VteWatsException"><see cref="ErrorKind.VerdictsAgainstLimits"/>.</exception>
    public async IAsyncEnumerable<WatsReport> PassAsync(
        IAsyncEnumerable<WatsReport> reports, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var waiting = new Queue<WatsReport>();
        var sampling = true;
        ExceptionDispatchInfo? failure = null;
        var all = reports.GetAsyncEnumerator(ct);
        await using (all.ConfigureAwait(false))
        {
            while (failure is null)
            {
                try
                {
                    if (!await all.MoveNextAsync().ConfigureAwait(false)) break;
                }
                catch (Exception e)
                {
                    // What was read before it failed is sent all the same.
                    failure = ExceptionDispatchInfo.Capture(e);
                    break;
                }
                waiting.Enqueue(all.Current);
                if (sampling)
                {
                    if (all.Current.Source is { } run) Look(run);
                    if (_judged < SampleJudged && _runs < SampleRuns && _bytes < SampleBytes) continue;
                    ThrowIfTooMany();
                    OnPassed();
                    sampling = false;
                }
                while (waiting.TryDequeue(out var report)) yield return report;
            }
            if (sampling)
            {
                ThrowIfTooMany();
                // Fewer than it stops at tell nothing, and neither does what a failure or a stop cut off: the next sync looks again.
                if (_judged >= Fewest && failure is null && !ct.IsCancellationRequested) OnPassed();
            }
            while (waiting.TryDequeue(out var report)) yield return report;
            failure?.Throw();
        }
    }

    private void Look(VteTestRun run)
    {
        _runs++;
        _bytes += ReportBudget.SizeOf([.. run.Steps ?? []], site.Mapping);
        foreach (var row in run.Steps ?? [])
        {
            if (!_verdicts.CanContradict(row)) continue;
            _judged++;
            if (_verdicts.Verdict(row) is not { } verdict || !_verdicts.Contradicts(row, verdict)) continue;
            _contradicting++;
            if (_examples.Count < MostExamples)
                _examples.Add(string.Create(CultureInfo.InvariantCulture,
                    $"run {run.Id:D}, step '{LegalText.Escape(row.Name)}' (TestResultType {row.ResultCode}): ")
                    + StepMapper.Contradiction((VteNumericStep)row, verdict));
        }
    }

    private void ThrowIfTooMany()
    {
        if (_contradicting < Fewest || _contradicting <= _judged * site.Mapping.VerdictAgainstLimitsShare) return;
        var key = $"sites.{site.Name}.mapping";
        throw new VteWatsException(
            ErrorKind.VerdictsAgainstLimits,
            string.Create(CultureInfo.InvariantCulture,
                $"{_contradicting} of the first {_judged} judged measurements of site '{site.Name}' contradict their limits ")
            + string.Create(CultureInfo.InvariantCulture, $"({100 * _contradicting / _judged} %), so the first sync stopped ")
            + "before it sent them. For example: "
            + string.Join(" ", _examples),
            $"Correct {key}.stepResultCodes if the codes mean something else; set {key}.stepVerdict to limits if TestResultType is no "
            + $"verdict. If VTE's verdicts are right all the same, set {key}.verdictAgainstLimitsShare to the share that is normal there.",
            site.Name)
        { Findings = [.. _examples] };
    }
}
