using System.Management.Automation;
using System.Runtime.ExceptionServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Moves a watermark: over the runs that a pipeline has put into WATS, or to a place by hand.</summary>
[Cmdlet(VerbsCommon.Set, "VteWatermark", SupportsShouldProcess = true, DefaultParameterSetName = "Receipt")]
[OutputType(typeof(void))]
public sealed class SetVteWatermarkCommand : SiteStateCommand
{
    private readonly Dictionary<string, SiteReceipts> _sites = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Receipts of Send-WatsReport.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Receipt")]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The position by hand: site-local time, or an instant with offset. Runs with this time are read again.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Timestamp")]
    public object Timestamp { get; set; } = null!;

    /// <summary>The position by hand: a run, as Get-VteTestRun emits it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Run")]
    [AllowNull]
    public PSObject ToRun { get; set; } = null!;

    /// <summary>The readable copy of a watermark, SITE.watermark.json: its position is restored, after the state database was
    /// lost.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "File")]
    [ValidateNotNullOrEmpty]
    public string FromFile { get; set; } = null!;

    /// <summary>Why it is set by hand; kept in the history.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "File")]
    [Parameter(Mandatory = true, ParameterSetName = "Timestamp")]
    [Parameter(Mandatory = true, ParameterSetName = "Run")]
    public string Reason { get; set; } = null!;

    /// <summary>IANA or Windows id of the stations' time zone; the configured one without it.</summary>
    [Parameter(ParameterSetName = "Timestamp")]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public string? TimeZone { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        if (ParameterSetName != "Receipt")
        {
            await SetByHandAsync(output, ct).ConfigureAwait(false);
            return;
        }
        foreach (var input in InputObject) await TakeAsync(input, output, ct).ConfigureAwait(false);
        foreach (var site in _sites.Values.Where(site => site.May)) site.Save(site.Batch);
    }

    protected override async Task EndAsync(IPipelineWriter output, CancellationToken ct)
    {
        Save(1);
        foreach (var site in _sites.Values.Where(site => site.May)) site.End();
        foreach (var session in _sites.Values.Where(site => site.May).SelectMany(site => site.Sessions))
        {
            if (session.Admitted - session.AcknowledgedPrefix is not (> 0 and var waiting)) continue;
            await output.WriteWarningAsync(
                $"The watermark of '{session.Site}' waits before a run that did not get through this pipeline: it was filtered out, or "
                + "refused where there is no state folder for dead letters. "
                + FormattableString.Invariant($"It and what comes after it, {waiting} run(s), will be read again.")).ConfigureAwait(false);
        }
    }

    /// <summary>A pipeline that is stopped gets here without an end: what is safely in WATS by then counts all the same.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try { Save(1); }
            catch (VteWatsException) { /* the watermark stays behind: the runs are read again and found in WATS */ }
            foreach (var site in _sites.Values) site.Dispose();
        }
        base.Dispose(disposing);
    }

    private async Task TakeAsync(PSObject input, IPipelineWriter output, CancellationToken ct)
    {
        if (input.BaseObject is not WatsReceipt { Mark: { } mark } receipt) throw new VteWatsException(
            ErrorKind.InvalidArgument,
            "The input is not a receipt of a test run that was read in this pipeline: nothing says how far the watermark may move.",
            "Use Get-VteWatermark | Get-VteTestRun | ConvertTo-WatsReport | Send-WatsReport | Set-VteWatermark, or set a position by "
            + "hand with -Timestamp and -Reason.",
            input.BaseObject);
        if (!_sites.TryGetValue(mark.Session.Site, out var site))
            _sites[mark.Session.Site] = site = await BeginSiteAsync(mark.Session.Site, receipt, output, ct).ConfigureAwait(false);
        if (site.Sessions.Contains(mark.Session) || !site.May) return;
        // A session of single runs ends before the next one begins; the one that moves the watermark stays.
        site.Sessions.Add(mark.Session);
    }

    // Asked for each site, before anything is written: a pipeline may move several.
    private async Task<SiteReceipts> BeginSiteAsync(string name, WatsReceipt receipt, IPipelineWriter output, CancellationToken ct)
    {
        Site = name;
        var state = await ResolveStateAsync(output, ct).ConfigureAwait(false);
        var may = await output.OnPipelineThreadAsync(
            () => ShouldProcess($"{state.Watermarks.Path} ({name})", "Move the watermark over the acknowledged runs"))
            .ConfigureAwait(false);
        var server = receipt.Server ?? state.Configuration?.Wats?.BaseUrl ?? throw new VteWatsException(
            ErrorKind.InvalidArgument, "The receipt does not say which WATS server it is from.",
            "Use receipts of Send-WatsReport as they come.", receipt.RunId);
        var lease = may ? SyncLease.Acquire(state.Folder, name) : null;
        return new SiteReceipts(new WatermarkStore(state.Folder, name, lease: lease), lease, server, state.Sync.BatchSize, may);
    }

    private void Save(long least)
    {
        ExceptionDispatchInfo? first = null;
        foreach (var site in _sites.Values.Where(site => site.May))
        {
            // The trouble of one site must not cost the others what they have done.
            try { site.Save(least); }
            catch (VteWatsException e) { first ??= ExceptionDispatchInfo.Capture(e); }
        }
        first?.Throw();
    }

    // What came of one site, and the right to keep it.
    private sealed class SiteReceipts(WatermarkStore store, SyncLease? lease, string server, int batch, bool may) : IDisposable
    {
        private long _saved;

        public bool May => may;
        public int Batch => batch;
        public List<ReadSession> Sessions { get; } = [];

        public void Save(long least)
        {
            var acknowledged = Sessions.Sum(session => session.Acknowledged);
            if (acknowledged - _saved < least) return;
            foreach (var session in Sessions) store.Advance(session, server);
            _saved = acknowledged;
        }

        public void End()
        {
            if (Sessions.Count > 0 && Sessions[^1].Checkpoint is Checkpoint checkpoint) checkpoint.Ended(lease);
        }

        public void Dispose() => lease?.Dispose();
    }

    private async Task SetByHandAsync(IPipelineWriter output, CancellationToken ct)
    {
        if (ParameterSetName == "File")
        {
            var file = await FilePathAsync(output, FromFile).ConfigureAwait(false);
            var restored = await ResolveStateAsync(output, ct).ConfigureAwait(false);
            if (await output.OnPipelineThreadAsync(() => ShouldProcess(restored.Watermarks.Path, $"Restore the watermark from {file}"))
                .ConfigureAwait(false))
                restored.Watermarks.Restore(file, Reason);
            return;
        }
        var run = ParameterSetName == "Run" ? ARun() : null;
        Site ??= run?.Site;
        var state = await ResolveStateAsync(output, ct).ConfigureAwait(false);
        var position = run is not null ? new WatermarkPosition(run.Timestamp, run.Id, run.Start)
            : await AtTimeAsync(state, output).ConfigureAwait(false);
        var action = FormattableString.Invariant($"Set the watermark to {position.Timestamp:yyyy-MM-dd HH:mm:ss.fff} (site time)");
        if (await output.OnPipelineThreadAsync(() => ShouldProcess(state.Watermarks.Path, action)).ConfigureAwait(false))
            state.Watermarks.Set(position, Reason);
    }

    private VteTestRun ARun() => ToRun.BaseObject as VteTestRun ?? throw new VteWatsException(
        ErrorKind.InvalidArgument, "-ToRun takes a test run as Get-VteTestRun emits it in this session.",
        "Read the run again with Get-VteTestRun -Id, or give its site-local time with -Timestamp.", ToRun);

    private async Task<WatermarkPosition> AtTimeAsync(SiteState state, IPipelineWriter output)
    {
        var clock = state.Clock(TimeZone);
        var instant = await GivenTime.ToInstantAsync(Timestamp, nameof(Timestamp), clock, output).ConfigureAwait(false);
        return new WatermarkPosition(clock.ToLocal(instant), Guid.Empty, instant);
    }
}
