using System.Management.Automation;
using System.Threading.Channels;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>
/// Sends reports to WATS and emits a receipt for each, in the order of the reports. A refused report is put into the dead letters and
/// the pipeline goes on; a server that cannot be used stops it, after the receipts of all that was sent.
/// </summary>
[Cmdlet(VerbsCommunications.Send, "WatsReport", SupportsShouldProcess = true)]
[OutputType(typeof(WatsReceipt))]
public sealed class SendWatsReportCommand : WatsTargetCommand
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _end = new();
    private readonly Channel<WatsReport> _reports =
        Channel.CreateBounded<WatsReport>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
    private readonly Channel<WatsReceipt> _receipts =
        Channel.CreateBounded<WatsReceipt>(new BoundedChannelOptions(16) { SingleReader = true, SingleWriter = true });
    private SendProgress? _progress;
    private WatsClient? _client;
    private VteWatsLog? _log;
    private Task? _sending;

    /// <summary>Reports, as ConvertTo-WatsReport or Import-WatsReport emits them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject[] Report { get; set; } = [];

    /// <summary>Posts at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int? ThrottleLimit { get; set; }

    /// <summary>Send what WATS already has, too. It is overwritten.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Folder of the dead letters; else the configured one.</summary>
    [Parameter]
    public string? StateFolder { get; set; }

    protected override async Task BeginAsync(IPipelineWriter output, CancellationToken ct)
    {
        var target = await ResolveTargetAsync(output, ct).ConfigureAwait(false);
        _log = await OpenLogAsync(target.Configuration, StateFolder, output).ConfigureAwait(false);
        _client = WatsClient.Create(target.Wats, target.Token, target.ProxyPassword, _log);
        var go = await output.OnPipelineThreadAsync(() => ShouldProcess(_client.BaseUrl.ToString(), "Send reports")).ConfigureAwait(false);
        var folder = StateFolder is null ? target.Configuration?.StateFolder
            : await FilePathAsync(output, StateFolder).ConfigureAwait(false);
        var letters = folder is null ? null
            : new DeadLetterSink(folder, (target.Configuration?.Sync ?? new SyncOptions()).DeadLetterLimits());
        var options = LineSending.Options(target.Wats, letters) with
        {
            ThrottleLimit = ThrottleLimit ?? target.Wats.ThrottleLimit,
            Force = Force,
            WhatIf = !go,
        };
        _progress = new SendProgress(_client.BaseUrl.Host);
        var sender = new WatsSender(_client, options);
        _sending = Task.Run(() => PumpAsync(sender), CancellationToken.None);
    }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        foreach (var input in Report)
        {
            await EmitAsync(output, waitForAll: false, ct).ConfigureAwait(false);
            if (await ReportInput.FromAsync(input, output).ConfigureAwait(false) is { } report)
                await QueueAsync(report, output, ct).ConfigureAwait(false);
        }
    }

    protected override async Task EndAsync(IPipelineWriter output, CancellationToken ct)
    {
        _reports.Writer.TryComplete();
        await EmitAsync(output, waitForAll: true, ct).ConfigureAwait(false);
        if (_progress!.Last() is { } last) await output.WriteProgressAsync(last).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _end.Cancel();
            _reports.Writer.TryComplete();
            // What is under way ends now, so that nothing is posted behind the back of whoever stopped the pipeline.
            _sending?.Wait(StopPatience);
            _client?.Dispose();
            _log?.Dispose();
            _end.Dispose();
        }
        base.Dispose(disposing);
    }

    private async Task QueueAsync(WatsReport report, IPipelineWriter output, CancellationToken ct)
    {
        while (!_reports.Writer.TryWrite(report))
        {
            // The sender is busy: whichever comes first, room for the report or a receipt to pass on. A slow consumer of receipts
            // so slows the sending. When the sender has failed, the receipts end with its failure.
            await Task.WhenAny(_reports.Writer.WaitToWriteAsync(ct).AsTask(), _receipts.Reader.WaitToReadAsync(ct).AsTask())
                .ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            await EmitAsync(output, waitForAll: false, ct).ConfigureAwait(false);
        }
    }

    private async Task EmitAsync(IPipelineWriter output, bool waitForAll, CancellationToken ct)
    {
        while (true)
        {
            while (_receipts.Reader.TryRead(out var receipt)) await EmitAsync(output, receipt).ConfigureAwait(false);
            if (_receipts.Reader.Completion.IsCompleted)
            {
                // Throws the failure that stopped the sender.
                await _receipts.Reader.Completion.ConfigureAwait(false);
                return;
            }
            if (!waitForAll) return;
            await _receipts.Reader.WaitToReadAsync(ct).ConfigureAwait(false);
        }
    }

    private async Task EmitAsync(IPipelineWriter output, WatsReceipt receipt)
    {
        // The receipt first: where an error stops the pipeline, Set-VteWatermark must have learnt that the run is in the dead letters, or
        // it would be read again for ever.
        await output.WriteObjectAsync(receipt).ConfigureAwait(false);
        if (receipt.State == WatsReceiptState.Failed)
            await output.WriteErrorAsync(Failures.From(WatsRejection.ErrorFrom(receipt))).ConfigureAwait(false);
        if (_progress!.Count(receipt) is { } progress) await output.WriteProgressAsync(progress).ConfigureAwait(false);
    }

    // Never throws: the failure travels to the pipeline thread as the end of the receipts.
    private async Task PumpAsync(WatsSender sender)
    {
        try
        {
            await foreach (var receipt in sender.SendAsync(_reports.Reader.ReadAllAsync(_end.Token), _end.Token).ConfigureAwait(false))
                await _receipts.Writer.WriteAsync(receipt, _end.Token).ConfigureAwait(false);
            _receipts.Writer.TryComplete();
        }
        catch (Exception e)
        {
            _receipts.Writer.TryComplete(e);
            _reports.Writer.TryComplete();
        }
    }
}
