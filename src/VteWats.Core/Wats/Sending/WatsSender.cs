using VteWats.Core.Vte;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Wats.Sending;

/// <summary>
/// Sends reports, several at once, and gives a receipt for each in the order of the reports. Reports of one unit go one after the
/// other. What a receipt says is true when it is given: uploaded means that WATS has said so. A failure that is not about one report stops
/// everything: each report that WATS has taken gets its receipt first, no other one gets any, and then the failure is thrown.
/// </summary>
public sealed class WatsSender
{
    // As many as one question about existing ids takes, twice: one lot is sent while the next is asked about.
    private const int Lot = 40;
    private const int LookAhead = 2 * Lot;

    /// <summary>No more reports than this are posted before the receipts of those in front of them have reached the consumer, also behind a
    /// cmdlet.</summary>
    public const int MostUnderWay = 200;

    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(20);

    private readonly WatsClient _client;
    private readonly SendOptions _options;
    private readonly SendGate _gate;
    private readonly UnitOrder _order = new();
    private Exception? _failure;

    public WatsSender(WatsClient client, SendOptions options, TimeProvider? time = null)
    {
        _client = client;
        _options = options;
        _gate = new SendGate(Math.Clamp(options.ThrottleLimit, 1, 64), time ?? TimeProvider.System);
    }

    /// <summary>Posts that may be under way now; below the limit that was asked for while the server is struggling.</summary>
    public int CurrentLimit => _gate.Limit;

    public async IAsyncEnumerable<WatsReceipt> SendAsync(IAsyncEnumerable<WatsReport> reports,
        [EnumeratorCancellation] CancellationToken ct)
    {
        using var stop = new CancellationTokenSource();
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(ct);   // starts nothing new, lets what is under way end
        _gate.Halt = halt.Token;
        // Posts that are under way when the user stops get a moment, so that it is known what became of them.
        using var grace = ct.Register(() => stop.CancelAfter(_options.StopGrace));
        var slots = Channel.CreateBounded<Slot>(new BoundedChannelOptions(LookAhead) { SingleReader = true, SingleWriter = true });
        var feed = Task.Run(() => FeedAsync(reports, slots.Writer, halt, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var slot in slots.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                WatsReceipt? receipt = null;
                try
                {
                    receipt = await slot.Receipt.ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (halt.IsCancellationRequested)
                {
                    // Never started, or not known how it ended: it has no receipt.
                }
                catch (Exception e)
                {
                    Fail(e, halt);
                }
                if (receipt is not null) yield return receipt;
            }
            await feed.ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            if (_failure is not null) ExceptionDispatchInfo.Throw(_failure);
        }
        finally
        {
            // Also when the consumer leaves early: nothing may run on behind its back.
            await halt.CancelAsync().ConfigureAwait(false);
            stop.CancelAfter(_options.StopGrace);
            await foreach (var slot in slots.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                await slot.Receipt.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.None,
                    TaskScheduler.Default).ConfigureAwait(false);
            await feed.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.None,
                TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private async Task FeedAsync(IAsyncEnumerable<WatsReport> reports, ChannelWriter<Slot> slots, CancellationTokenSource halt,
        CancellationToken stop)
    {
        // A report that had to wait for an earlier one of its unit goes before all later ones: what is acknowledged has no old gaps then.
        var turn = 0L;
        try
        {
            await foreach (var lot in reports.BatchAsync(Lot, Linger, halt.Token).ConfigureAwait(false))
            {
                var existing = await ExistingAsync(lot, halt.Token).ConfigureAwait(false);
                if (_options.BeforePost is { } journal && lot.FindAll(report => IsPosted(report, existing)) is { Count: > 0 } next)
                    await journal.PostingAsync(next).ConfigureAwait(false);
                foreach (var report in lot)
                {
                    var receipt = StartAsync(report, turn++, existing, halt, stop);
                    await slots.WriteAsync(new Slot(receipt), CancellationToken.None).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (halt.IsCancellationRequested)
        {
            // The failure, or the stop, is told by whoever caused it.
        }
        catch (Exception e)
        {
            Fail(e, halt);
        }
        finally
        {
            slots.Complete();
        }
    }

    private async Task<IReadOnlySet<Guid>> ExistingAsync(List<WatsReport> lot, CancellationToken ct)
    {
        var ask = lot.Where(report => (_options.WhatIf || !MustSend(report)) && report.Id is not null).Select(report => report.Id!.Value)
            .ToList();
        return ask.Count == 0 ? new HashSet<Guid>() : await _client.FindExistingAsync(ask, ct).ConfigureAwait(false);
    }

    private bool MustSend(WatsReport report) => _options.Force || report.Source?.Resend == true || _options.Rejected?.Holds(report) == true;

    private Task<WatsReceipt> StartAsync(WatsReport report, long turn, IReadOnlySet<Guid> existing, CancellationTokenSource halt,
        CancellationToken stop)
    {
        if (report.Id is not { } id) return Task.FromException<WatsReceipt>(new VteWatsException(
            ErrorKind.InvalidArgument, "A report without an id cannot be sent: its id is what keeps it from being stored twice.",
            "Make reports with ConvertTo-WatsReport, or give the WSJF text an id.", report.Sn));
        if (IsSkipped(report, id, existing)) return Task.FromResult(Skip(report, id));
        if (_options.WhatIf) return Task.FromResult(ReceiptOf(report, id, WatsReceiptState.WouldUpload, existing.Contains(id)
            ? "would overwrite" : null, 0, TimeSpan.Zero));
        return _order.AfterEarlierOf($"{report.Pn}\n{report.Sn}", () => PostAsync(report, id, turn, halt, stop));
    }

    private bool IsSkipped(WatsReport report, Guid id, IReadOnlySet<Guid> existing) => existing.Contains(id) && !MustSend(report);

    private bool IsPosted(WatsReport report, IReadOnlySet<Guid> existing) =>
        !_options.WhatIf && report.Id is { } id && !IsSkipped(report, id, existing);

    private WatsReceipt Skip(WatsReport report, Guid id)
    {
        if (!_options.WhatIf) Acknowledge(report, RunOutcome.InWats);
        return ReceiptOf(report, id, WatsReceiptState.Skipped, "already in WATS", 0, TimeSpan.Zero);
    }

    private async Task<WatsReceipt> PostAsync(WatsReport report, Guid id, long turn, CancellationTokenSource halt, CancellationToken stop)
    {
        using var pass = await _gate.EnterAsync(turn, halt.Token).ConfigureAwait(false);
        halt.Token.ThrowIfCancellationRequested();
        try
        {
            var since = Stopwatch.GetTimestamp();
            var result = await _client.PostAsync(id, Wsjf.ToUtf8(report), _gate, stop).ConfigureAwait(false);
            var duration = Stopwatch.GetElapsedTime(since);
            if (result.Findings is { } findings)
            {
                var rejection = new WatsRejection { Stage = RejectionStage.Sending, Attempts = result.Attempts, Findings = findings };
                if (_options.Rejected is { } rejected && await rejected.KeepAsync(report, rejection).ConfigureAwait(false))
                    Acknowledge(report, RunOutcome.Letter);
                if (_options.Rejections.Refused(findings, id) is { } mass) Fail(mass, halt);
                return ReceiptOf(report, id, WatsReceiptState.Failed, findings, result.Attempts,
                    duration) with { CorrelationId = result.Correlation, Stage = RejectionStage.Sending };
            }
            _options.Rejections.Accepted();
            Acknowledge(report, RunOutcome.Sent);
            // It is stored, whatever becomes of its letter: it has its receipt, and what follows has none.
            try { if (_options.Rejected is { } rejected) await rejected.ForgetAsync(report).ConfigureAwait(false); }
            catch (VteWatsException e) { Fail(e, halt); }
            var future = report.Start > DateTimeOffset.UtcNow ? "its start is in the future: WATS holds it back until then" : null;
            return ReceiptOf(report, id, WatsReceiptState.Uploaded, future, result.Attempts,
                duration) with { CorrelationId = result.Correlation };
        }
        catch (VteWatsException e)
        {
            Fail(e, halt);
            throw;
        }
    }

    // The first one is the cause; those of posts beside it are its echo.
    private void Fail(Exception failure, CancellationTokenSource halt)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is null) halt.Cancel();
    }

    private static void Acknowledge(WatsReport report, RunOutcome outcome)
    {
        report.Source?.Mark?.Acknowledge(outcome);
    }

    private WatsReceipt ReceiptOf(WatsReport report, Guid id, WatsReceiptState state, string? reason, int attempts, TimeSpan duration) =>
        new()
    {
        RunId = id, SerialNumber = report.Sn, PartNumber = report.Pn, Site = report.Source?.Site, Start = report.Source?.Start
            ?? report.Start, ResultCode = report.ResultCode, State = state, Reason = reason, Attempts = attempts,
        Duration = duration, Server = _client.BaseUrl.ToString(), Mark = report.Source?.Mark,
    };

    private sealed record Slot(Task<WatsReceipt> Receipt);
}
