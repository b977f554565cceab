using System.Runtime.CompilerServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;

namespace VteWats.Core.Sync.DeadLetters;

/// <summary>
/// Maps the runs of a site's dead letters again with today's mapping and sends them. A letter goes when its run got through; one that is
/// refused
/// again keeps its place, with the new findings.
/// </summary>
public sealed class DeadLetterReplay : IRejectedReports
{
    private readonly string _site;
    private readonly DeadLetterStore _letters;

    /// <param name="site">Name of the site.</param>
    /// <param name="letters">Its letters.</param>
    public DeadLetterReplay(string site, DeadLetterStore letters)
    {
        _site = site;
        _letters = letters;
    }

    /// <summary>Makes reports of runs; null for a site that is not configured, whose reports are sent as the letters hold them.</summary>
    public RunMapping? Mapping { get; init; }

    /// <summary>Opens the site's database, to read the runs anew; null to take them as the letters hold them.</summary>
    public Func<CancellationToken, Task<IVteSource>>? OpenSource { get; init; }

    /// <summary>The runs that a person holds: their letters are not sent.</summary>
    public Holds? Held { get; init; }

    /// <summary>Told of each run that cannot be sent.</summary>
    public Func<VteWatsException, Task> OnProblem { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Told of letters that are damaged, or that a newer release wrote.</summary>
    public Func<string, Task> OnWarning { get; init; } = static _ => Task.CompletedTask;

    /// <summary>How the reports of letters are to be sent.</summary>
    /// <param name="options">Limits of the sender.</param>
    // The letter may be that of a run that changed after it was sent: what WATS has is then out of date.
    public SendOptions Sending(SendOptions options) => options with { Force = true, Rejected = this };

    /// <summary>The reports of these runs, in their order.</summary>
    public async IAsyncEnumerable<WatsReport> ReportsAsync(IReadOnlyList<Guid> runIds, [EnumeratorCancellation] CancellationToken ct)
    {
        var free = new List<Guid>();
        var held = Held?.Find(runIds) ?? new Dictionary<Guid, string>();
        foreach (var id in runIds)
        {
            if (held.GetValueOrDefault(id) is { } reason) await OnProblem(IsHeld(id, reason)).ConfigureAwait(false);
            else free.Add(id);
        }
        var inputs = OpenSource is not null && Mapping is not null ? FromSourceAsync(free, ct) : FromLettersAsync(free);
        await foreach (var (run, stored) in inputs.ConfigureAwait(false))
        {
            // Mapped by nobody's rules it would lose the report that it has.
            if (run is null || Mapping is null)
            {
                if (stored is not null) yield return stored;
                else await OnProblem(NoMapping()).ConfigureAwait(false);
                continue;
            }
            var (mapped, problem) = await Mapping.MapAsync(run).ConfigureAwait(false);
            if (mapped is not null) yield return mapped;
            else await OnProblem(problem!).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> KeepAsync(WatsReport report, WatsRejection rejection)
    {
        var letter = await LetterAsync(report, DeadLetterSink.StageOf(rejection), rejection.Lines()).ConfigureAwait(false);
        await _letters.WriteAsync(letter with { Attempts = rejection.Attempts }).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    // A sync may have written a letter of a newer content meanwhile.
    public Task ForgetAsync(WatsReport report) => _letters.RemoveSentAsync(report.Id!.Value, report.Source?.ContentHash);

    /// <inheritdoc/>
    public bool HoldsSuspect(WatsReport report) => _letters.HasSuspect(report.Id!.Value);

    /// <inheritdoc/>
    public bool Holds(WatsReport report) => _letters.Has(report.Id!.Value);

    private async Task<DeadLetter> LetterAsync(WatsReport report, DeadLetterStage stage, IReadOnlyList<string> findings)
    {
        if (report.Source is { } run) return DeadLetter.From(run, stage, findings, report);
        var letter = await _letters.FindAsync(report.Id!.Value).ConfigureAwait(false) ?? new DeadLetter
        {
            RunId = report.Id.Value, Site = _site, SerialNumber = report.Sn, Stage = stage, Findings = findings, Report = report,
        };
        return letter with { Stage = stage, Findings = findings };
    }

    private async IAsyncEnumerable<(VteTestRun? Run, WatsReport? Report)> FromLettersAsync(IEnumerable<Guid> ids)
    {
        foreach (var id in ids)
        {
            if (await FindAsync(id).ConfigureAwait(false) is not { } letter) continue;
            if (letter is { Run: null, Report: null })
                await OnProblem(letter.Stage switch
                {
                    DeadLetterStage.Reading => NeverRead(id),
                    DeadLetterStage.NotVisible => NotKept(id),
                    _ => Unusable(id),
                }).ConfigureAwait(false);
            else yield return (letter.Run, letter.Report);
        }
    }

    private async IAsyncEnumerable<(VteTestRun? Run, WatsReport? Report)> FromSourceAsync(
        IEnumerable<Guid> ids, [EnumeratorCancellation] CancellationToken ct)
    {
        var waiting = new HashSet<Guid>();
        foreach (var id in ids)
        {
            if (await FindAsync(id).ConfigureAwait(false) is not null) waiting.Add(id);
        }
        if (waiting.Count == 0) yield break;
        var source = await OpenSource!(ct).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var query = new TestRunQuery
            {
                Ids = [.. waiting], SettleTime = TimeSpan.Zero,
                OnUnreadable = run => { waiting.Remove(run.Id); return OnProblem(run.ToError()); },
            };
            await foreach (var run in source.ReadAsync(query, ct).ConfigureAwait(false))
            {
                waiting.Remove(run.Id);
                // It comes alone, not in the order of a sync: it must not move a watermark.
                yield return (run with { Mark = null }, null);
            }
        }
        foreach (var id in waiting) await OnProblem(NotInSource(id)).ConfigureAwait(false);
    }

    private async Task<DeadLetter?> FindAsync(Guid id)
    {
        var letter = await _letters.FindAsync(id, OnWarning).ConfigureAwait(false);
        if (letter is null) await OnProblem(_letters.Has(id) ? Unusable(id) : NoLetter(id)).ConfigureAwait(false);
        return letter;
    }

    private VteWatsException NoMapping() => new(
        ErrorKind.ConfigurationInvalid,
        $"'{_site}' is not in the configuration, so that there is no mapping for its runs. Their letters stay as they are.",
        "Put the site into the configuration under this name, or send the runs anew with Get-VteTestRun | ConvertTo-WatsReport | "
        + "Send-WatsReport.",
        _site);

    private VteWatsException Unusable(Guid id) => new(
        ErrorKind.DeadLetterMissing,
        $"The dead letter of test run {id} for '{_site}' is there, but cannot be used: the warning before says why.",
        "Update VteWats if a newer release wrote it, or give this account the right to read it.", id);

    private VteWatsException NeverRead(Guid id) => new(
        ErrorKind.RunUnreadable,
        $"Test run {id} of '{_site}' could not be read when its letter was written, so the letter holds nothing to send.",
        "When its row in VTE is mended, Send-VteDeadLetter -FromSource reads and sends it.", id);

    private VteWatsException NotKept(Guid id) => new(
        ErrorKind.DeadLetterMissing,
        $"The dead letter of test run {id} of '{_site}' holds no report: WATS had taken it, and never showed it.",
        "Look at the quarantine in WATS. Send-VteDeadLetter -FromSource reads the run again and sends it.", id);

    private VteWatsException IsHeld(Guid id, string reason) => new(
        ErrorKind.InvalidArgument, $"Test run {id} of '{_site}' is held back: {reason}",
        $"Resume-VteTestRun -Site '{_site}' -Id {id} lets it go; then send its letter again.", id);

    private VteWatsException NoLetter(Guid id) => new(
        ErrorKind.DeadLetterMissing, $"There is no dead letter of test run {id} for '{_site}'.",
        "Get-VteDeadLetter lists those that are there.", id);

    private VteWatsException NotInSource(Guid id) => new(
        ErrorKind.TestRunNotFound, $"Test run {id} is no longer in the database of '{_site}'.",
        "Leave -FromSource out to send it as it was read, or remove the letter with Remove-VteDeadLetter.", id);
}
