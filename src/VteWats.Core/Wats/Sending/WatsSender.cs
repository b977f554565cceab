using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Wats.Sending;

/// <summary>
/// Sends reports, several at once, and gives a receipt for each in the order of the reports. Reports of one unit go one after the
/// other. What a receipt says is true when it is given: uploaded means that WATS has said so. A report that alone does not get through
/// is put away. A failure of the server stops everything: each report that WATS has taken gets its receipt first, no other one gets any,
/// and then the failure is thrown. One sender serves one sync: it counts the suspects of all its sendings.
/// </summary>
public sealed class WatsSender
{
    // As many as one question about existing ids takes, twice: one batch is sent while the next is asked about.
    private const int BatchSize = 40;
    private const int LookAhead = 2 * BatchSize;

    /// <summary>No more reports than this are posted before the receipts of those in front of them have reached the consumer, also behind a
    /// cmdlet.</summary>
    public const int MostUnderWay = 200;

    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(20);

    private readonly WatsClient _client;
    private readonly SendOptions _options;
    private readonly SendGate _gate;
    private readonly ReportPoster _poster;
    private readonly TwinOrder _twins = new();

    public WatsSender(WatsClient client, SendOptions options, TimeProvider? time = null)
    {
        _client = client;
        _options = options;
        _gate = new SendGate(Math.Clamp(options.ThrottleLimit, 1, 64), time ?? TimeProvider.System);
        _poster = new ReportPoster(client, options, _gate);
    }

    /// <summary>Posts that may be under way now; below the limit that was asked for while the server is struggling.</summary>
    public int CurrentLimit => _gate.Limit;

    public async IAsyncEnumerable<WatsReceipt> SendAsync(IAsyncEnumerable<WatsReport> reports,
        [EnumeratorCancellation] CancellationToken ct)
    {
        // Posts that are under way when the user stops get a moment, so that it is known what became of them.
        using var stop = new SendStop(_options.StopGrace, ct);
        _gate.Halt = stop.Halt;
        var slots = Channel.CreateBounded<Slot>(new BoundedChannelOptions(LookAhead) { SingleReader = true, SingleWriter = true });
        var feed = Task.Run(() => FeedAsync(reports, slots.Writer, stop), CancellationToken.None);
        try
        {
            await foreach (var slot in slots.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                WatsReceipt? receipt = null;
                try
                {
                    receipt = await slot.Receipt.ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (stop.Halt.IsCancellationRequested)
                {
                    // Never started, not known how it ended, or in doubt: it has no receipt.
                }
                catch (Exception e)
                {
                    stop.Fail(e);
                }
                if (receipt is not null) yield return receipt;
            }
            await feed.ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            if (stop.Failure is { } failure) ExceptionDispatchInfo.Throw(failure);
        }
        finally
        {
            // Also when the consumer leaves early: nothing may run on behind its back.
            await stop.LeaveAsync().ConfigureAwait(false);
            await foreach (var slot in slots.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                await slot.Receipt.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.None,
                    TaskScheduler.Default).ConfigureAwait(false);
            await feed.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.None,
                TaskScheduler.Default).ConfigureAwait(false);
            try { if (_options.BeforePost is { } journal) await journal.EndAsync().ConfigureAwait(false); }
            catch (VteWatsException) { /* in doubt still: it is sent again */ }
        }
    }

    private async Task FeedAsync(IAsyncEnumerable<WatsReport> reports, ChannelWriter<Slot> slots, SendStop stop)
    {
        // A report that had to wait for an earlier one of its unit goes before all later ones: what is acknowledged has no old gaps then.
        var turn = 0L;
        _poster.Evidence.Rest(false);
        try
        {
            await foreach (var batch in reports.BatchAsync(BatchSize, Linger, stop.Halt).ConfigureAwait(false))
            {
                var plans = await PlanAsync(batch, stop.Halt).ConfigureAwait(false);
                var posted = plans.FindAll(plan => !plan.IsSkipped && plan.Report.Id is not null).ConvertAll(plan => plan.Report);
                if (_options.BeforePost is { } journal && posted.Count > 0 && !_options.WhatIf)
                    await journal.PostingAsync(posted).ConfigureAwait(false);
                foreach (var plan in plans)
                {
                    var slot = new Slot(StartAsync(plan, turn++, stop));
                    if (slots.TryWrite(slot)) continue;
                    _poster.Evidence.Rest(true);
                    await slots.WriteAsync(slot, CancellationToken.None).ConfigureAwait(false);
                    _poster.Evidence.Rest(false);
                }
            }
        }
        catch (OperationCanceledException) when (stop.Halt.IsCancellationRequested)
        {
            // The failure, or the stop, is told by whoever caused it.
        }
        catch (Exception e)
        {
            stop.Fail(e);
        }
        finally
        {
            _poster.Evidence.Rest(true);
            slots.Complete();
        }
    }

    private async Task<List<Plan>> PlanAsync(List<WatsReport> batch, CancellationToken ct)
    {
        var must = batch.ConvertAll(MustSend);
        var ask = batch.Where((report, n) => (_options.WhatIf || !must[n]) && report.Id is not null)
            .Select(report => report.Id!.Value).ToList();
        var existing = ask.Count == 0 ? new HashSet<Guid>() : await _client.FindExistingAsync(ask, ct).ConfigureAwait(false);
        return [.. batch.Select((report, n) =>
        {
            var exists = report.Id is { } id && existing.Contains(id);
            var isSkipped = exists && !must[n] && !_twins.MustFollow(report);
            if (!isSkipped) _twins.Posting(report);
            return new Plan(report, exists, isSkipped);
        })];
    }

    private bool MustSend(WatsReport report) => _options.Force || report.Source?.Resend == true || _options.Rejected?.Holds(report) == true;

    private Task<WatsReceipt> StartAsync(Plan plan, long turn, SendStop stop)
    {
        var report = plan.Report;
        if (report.Id is not { } id) return Task.FromException<WatsReceipt>(new VteWatsException(
            ErrorKind.InvalidArgument, "A report without an id cannot be sent: its id is what keeps it from being stored twice.",
            "Make reports with ConvertTo-WatsReport, or give the WSJF text an id.", report.Sn));
        // As good as taken: what cannot be mapped is a share of these, too.
        if (plan.IsSkipped || _options.WhatIf) _options.Rejections.Accepted();
        if (plan.IsSkipped) return Task.FromResult(Skip(report, id));
        return _options.WhatIf
            ? Task.FromResult(_poster.ReceiptOf(report, id, WatsReceiptState.WouldUpload, plan.Exists ? "would overwrite" : null))
            : _poster.PostAsync(report, id, turn, stop);
    }

    private WatsReceipt Skip(WatsReport report, Guid id)
    {
        if (!_options.WhatIf) ReportPoster.Acknowledge(report, RunOutcome.InWats);
        return _poster.ReceiptOf(report, id, WatsReceiptState.Skipped, "already in WATS");
    }

    /// <summary>What is to be done with a report.</summary>
    /// <param name="Report">The report.</param>
    /// <param name="Exists">WATS has it, as far as it was asked.</param>
    /// <param name="IsSkipped">It need not be sent again.</param>
    private readonly record struct Plan(WatsReport Report, bool Exists, bool IsSkipped);

    private sealed record Slot(Task<WatsReceipt> Receipt);
}
