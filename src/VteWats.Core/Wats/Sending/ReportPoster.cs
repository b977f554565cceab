using System.Diagnostics;
using System.Globalization;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Wats.Sending;

/// <summary>
/// Posts one report and sees to what becomes of it: its letter, its acknowledgement, its receipt. A report that does not get through is in
/// doubt until <see cref="Evidence"/> tells whether it is the report or the server.
/// </summary>
internal sealed class ReportPoster(WatsClient client, SendOptions options, SendGate gate)
{
    // A report alone on the line is put away the third time that it ends a sending while the server is well, and so are two. The more
    // there are, the more it looks like the server, and the more often it has to happen.
    private const int EarlierFailures = 2;

    // One more post has as many attempts as the evidence needs, however few a post has by the configuration, and no more than these.
    private const int MostOnceMore = 10;

    private readonly UnitOrder _order = new();

    public Evidence Evidence { get; } = new();

    /// <param name="report">The report.</param>
    /// <param name="id">Its id.</param>
    /// <param name="turn">Of reports that wait, the one with the lowest turn is next.</param>
    /// <param name="stop">How the sending may end.</param>
    /// <exception cref="VteWatsException">The server failed: <paramref name="stop"/> has been told.</exception>
    public async Task<WatsReceipt> PostAsync(WatsReport report, Guid id, long turn, SendStop stop)
    {
        Evidence.Queued();
        using var scope = VteWatsLog.Scope(null, null, id);
        try
        {
            var first = await InOrderAsync(report, () => TryAsync(report, id, turn, null, stop)).ConfigureAwait(false);
            return first.Receipt ?? await DecideAsync(report, id, turn, first, stop).ConfigureAwait(false);
        }
        catch (VteWatsException e)
        {
            stop.Fail(e);
            throw;
        }
    }

    public WatsReceipt ReceiptOf(WatsReport report, Guid id, WatsReceiptState state, string? reason = null) => new()
    {
        RunId = id, SerialNumber = report.Sn, PartNumber = report.Pn, Site = report.Source?.Site,
        Start = report.Source?.Start ?? report.Start, ResultCode = report.ResultCode, State = state, Reason = reason,
        Server = client.BaseUrl.ToString(),
        Mark = report.Source?.Mark,
    };

    public static void Acknowledge(WatsReport report, RunOutcome outcome) => report.Source?.Mark?.Acknowledge(outcome);

    private Task<T> InOrderAsync<T>(WatsReport report, Func<Task<T>> work) => _order.AfterEarlierOf($"{report.Pn}\n{report.Sn}", work);

    private async Task<Try> TryAsync(WatsReport report, Guid id, long turn, int? attempts, SendStop stop)
    {
        PostResult? result = null;
        try
        {
            // Reports come to the gate in their order; what follows is not to hold up the next one.
            using var pass = await gate.EnterAsync(turn, stop.Halt).ConfigureAwait(false);
            await Task.Yield();
            stop.Halt.ThrowIfCancellationRequested();
            var since = Stopwatch.GetTimestamp();
            var number = Evidence.Began();
            result = await client.PostAsync(id, Wsjf.ToUtf8(report), gate, stop.Stop, report.Sn, attempts).ConfigureAwait(false);
            var took = Stopwatch.GetElapsedTime(since);
            var receipt = result.Outcome switch
            {
                PostOutcome.Accepted => await TakenAsync(report, id, result, number, stop).ConfigureAwait(false),
                PostOutcome.Refused => await RefusedAsync(report, id, result, stop).ConfigureAwait(false),
                _ => null,
            };
            return new Try(receipt is null ? null : receipt with { Duration = took }, result, since);
        }
        finally
        {
            if (result is null) Evidence.Left();
        }
    }

    private async Task<WatsReceipt> TakenAsync(WatsReport report, Guid id, PostResult result, long number, SendStop stop)
    {
        Evidence.Accepted(id, result.Attempts, number);
        options.Rejections.Accepted();
        Acknowledge(report, RunOutcome.Sent);
        options.BeforePost?.Answered(report, RunOutcome.Sent);
        // It is stored, whatever becomes of its letter: it has its receipt, and what follows has none.
        try
        {
            options.SuspectHistory?.GotThrough(id);
            if (options.Rejected is { } rejected) await rejected.ForgetAsync(report).ConfigureAwait(false);
        }
        catch (VteWatsException e) { stop.Fail(e); }
        var future = report.Start > DateTimeOffset.UtcNow ? "its start is in the future: WATS holds it back until then" : null;
        return ReceiptOf(report, id, WatsReceiptState.Uploaded, future) with
        {
            Attempts = result.Attempts,
            CorrelationId =
            result.Correlation
        };
    }

    private async Task<WatsReceipt> RefusedAsync(WatsReport report, Guid id, PostResult result, SendStop stop)
    {
        Evidence.Refused(result.Attempts);
        var receipt = await PutAwayAsync(report, id, RejectionStage.Sending, result, result.Findings!).ConfigureAwait(false);
        if (options.Rejections.Refused(result.Findings!, id) is { } mass) stop.Fail(mass);
        return receipt;
    }

    private async Task<WatsReceipt> PutAwayAsync(WatsReport report, Guid id, RejectionStage stage, PostResult result, string findings)
    {
        var rejection = new WatsRejection { Stage = stage, Status = result.Status, Attempts = result.Attempts, Findings = findings };
        if (options.Rejected is { } rejected && await rejected.KeepAsync(report, rejection).ConfigureAwait(false))
        {
            Acknowledge(report, RunOutcome.Letter);
            options.BeforePost?.Answered(report, RunOutcome.Letter);
        }
        return ReceiptOf(report, id, WatsReceiptState.Failed, findings) with
        {
            Stage = stage,
            Attempts = result.Attempts,
            CorrelationId =
            result.Correlation
        };
    }

    private async Task<WatsReceipt> DecideAsync(WatsReport report, Guid id, long turn, Try first, SendStop stop)
    {
        var failed = first.Result!;
        if (options.Rejected?.HoldsSuspect(report) == true)
            return await StillSuspectAsync(report, id, first, stop).ConfigureAwait(false);
        var doubt = Evidence.Failed(id, failed.Attempts, failed.MayPass) ?? throw TooMany(failed.Failure!);
        var verdict = await VerdictAsync(report, id, failed, doubt, stop).ConfigureAwait(false);
        var again = await InOrderAsync(report, () => OnceMoreAsync(report, id, turn, doubt, stop)).ConfigureAwait(false);
        var receipt = again.Receipt;
        if (receipt is null)
        {
            failed = again.Result! with { Attempts = doubt.Attempts };
            verdict = await VerdictAsync(report, id, failed, doubt, stop).ConfigureAwait(false);
            if (doubt.IsSuperseded) receipt = Superseded(report, id);
            else if (verdict == Verdict.OthersPass && Evidence.MissingAttempts(doubt) > 0) throw failed.Failure!;
        }
        Evidence.Closed(doubt, isSuspect: receipt is null);
        receipt = receipt is null ? await SuspectAsync(report, id, failed,
            verdict == Verdict.Alone ? "in three sendings or more, while the server was well" : "while others did").ConfigureAwait(false)
            : receipt with { Attempts = receipt.Attempts + failed.Attempts };
        return receipt with { Duration = Stopwatch.GetElapsedTime(first.Since) };
    }

    private async Task<Verdict> VerdictAsync(WatsReport report, Guid id, PostResult failed, Evidence.Doubt doubt, SendStop stop)
    {
        if (await client.ProbeAsync(stop.Halt).ConfigureAwait(false) is null) Evidence.ServerIsWell(doubt);
        else if (!doubt.Verdict.IsCompleted) throw await ServersFaultAsync(report, failed, isWell: false, stop).ConfigureAwait(false);
        var verdict = await doubt.Verdict.WaitAsync(stop.Halt).ConfigureAwait(false);
        if (verdict == Verdict.NothingPasses || verdict == Verdict.Alone && !MayBeSuspectAlone(failed))
            throw await ServersFaultAsync(report, failed, isWell: true, stop).ConfigureAwait(false);
        return verdict;
    }

    // Now that the server is known to work: it may have been away for as long as all the attempts took.
    private async Task<Try> OnceMoreAsync(WatsReport report, Guid id, long turn, Evidence.Doubt doubt, SendStop stop)
    {
        if (doubt.IsSuperseded) return new Try(Superseded(report, id), null, 0);
        Evidence.Queued();
        var attempts = Math.Clamp(Evidence.MissingAttempts(doubt), 1, MostOnceMore);
        var again = await TryAsync(report, id, turn, attempts, stop).ConfigureAwait(false);
        if (again is { Receipt: null, Result: { } failed }) Evidence.FailedAgain(doubt, failed.Attempts, failed.MayPass);
        return again;
    }

    // It must not overwrite what came later.
    private WatsReceipt Superseded(WatsReport report, Guid id)
    {
        Acknowledge(report, RunOutcome.Sent);
        return ReceiptOf(report, id, WatsReceiptState.Skipped, "a later content of the run is in WATS");
    }

    private Task<WatsReceipt> SuspectAsync(WatsReport report, Guid id, PostResult result, string meanwhile)
    {
        var how = result.Status is { } status ? $"HTTP {status}" : "no usable answer";
        return PutAwayAsync(report, id, RejectionStage.Suspect, result, string.Create(CultureInfo.InvariantCulture,
            $"This report did not get through in {result.Attempts} attempts ({how}), {meanwhile}.\n{result.Findings}"));
    }

    // It was put away when others got through. That it does not now, alone or with others of its kind, is no trouble of the server.
    private async Task<WatsReceipt> StillSuspectAsync(WatsReport report, Guid id, Try first, SendStop stop)
    {
        Evidence.KnownFailed();
        var failed = first.Result!;
        if (await client.ProbeAsync(stop.Halt).ConfigureAwait(false) is not null) throw failed.Failure!;
        var receipt = await SuspectAsync(report, id, failed, "as before, while the server was well").ConfigureAwait(false);
        return receipt with { Duration = Stopwatch.GetElapsedTime(first.Since) };
    }

    // A token that may not do this says so to every report. With one beside it that fails for the first time it may be the server.
    private bool MayBeSuspectAlone(PostResult failed) => failed.Status is not (401 or 403)
        && options.SuspectHistory is { } history && Evidence.Alone is { Count: > 0 } runs
        && runs.All(run => history.FailuresInARow(run) >= Math.Max(EarlierFailures, runs.Count));

    private async Task<VteWatsException> ServersFaultAsync(WatsReport report, PostResult failed, bool isWell, SendStop stop)
    {
        if (options.SuspectHistory is { } history && failed.Status is not (401 or 403) && Evidence.Alone is { Count: > 0 } runs
            && stop.IsFirstToTell())
            await history.UndecidedAsync(new UndecidedReport(report, runs, isWell, failed.Failure!)).ConfigureAwait(false);
        return failed.Failure!;
    }

    private VteWatsException TooMany(VteWatsException failure) => new(
        failure.Error,
        string.Create(CultureInfo.InvariantCulture,
            $"{failure.Message} {Evidence.NotThrough} of {Evidence.Posted} reports did not get through: that is the server, or the way to "
            + $"it."),
        failure.Advice, failure.Target, failure.InnerException);

    /// <summary>One post, with all its attempts.</summary>
    /// <param name="Receipt">The receipt; null for a report that did not get through.</param>
    /// <param name="Result">What became of it; null when it was not posted.</param>
    /// <param name="Since">When it began.</param>
    private sealed record Try(WatsReceipt? Receipt, PostResult? Result, long Since);
}
