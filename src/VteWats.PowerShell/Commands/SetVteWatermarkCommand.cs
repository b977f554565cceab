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
    private readonly Dictionary<string, Moving> _moving = new(StringComparer.OrdinalIgnoreCase);
    private int _sinceSaved;

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

    /// <summary>Why it is set by hand; kept in the history.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Timestamp")]
    [Parameter(Mandatory = true, ParameterSetName = "Run")]
    public string Reason { get; set; } = null!;

    /// <summary>IANA or Windows id of the stations' time zone; the configured one without it.</summary>
    [Parameter(ParameterSetName = "Timestamp")]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public string? TimeZone { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        if (ParameterSetName != "Receipt") await SetByHandAsync(output, ct).ConfigureAwait(false);
        else foreach (var input in InputObject) await TakeAsync(input, output, ct).ConfigureAwait(false);
    }

    protected override async Task EndAsync(IPipelineWriter output, CancellationToken ct)
    {
        Save();
        foreach (var reading in _moving.Values.Where(moving => moving.May).SelectMany(moving => moving.Readings))
        {
            if (reading.Admitted - reading.AcknowledgedPrefix is not (> 0 and var waiting)) continue;
            await output.WriteWarningAsync(
                $"The watermark of '{reading.Site}' waits before a run that did not get through this pipeline: it was filtered out, or "
                + "refused where there is no state folder for dead letters. "
                + FormattableString.Invariant($"It and what comes after it, {waiting} run(s), will be read again.")).ConfigureAwait(false);
        }
    }

    /// <summary>A pipeline that is stopped gets here without an end: what is safely in WATS by then counts all the same.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try { Save(); }
            catch (VteWatsException) { /* the watermark stays behind: the runs are read again and found in WATS */ }
        }
        base.Dispose(disposing);
    }

    private async Task TakeAsync(PSObject input, IPipelineWriter output, CancellationToken ct)
    {
        if (input.BaseObject is not WatsReceipt { Source.Mark: { } mark } receipt) throw new VteWatsException(
            ErrorKind.InvalidArgument,
            "The input is not a receipt of a test run that was read in this pipeline: nothing says how far the watermark may move.",
            "Use Get-VteWatermark | Get-VteTestRun | ConvertTo-WatsReport | Send-WatsReport | Set-VteWatermark, or set a position by "
            + "hand with -Timestamp and -Reason.",
            input.BaseObject);
        if (!_moving.TryGetValue(mark.Session.Site, out var moving))
        {
            Site = mark.Session.Site;
            var state = await ResolveStateAsync(output, ct).ConfigureAwait(false);
            // Each watermark is a thing of its own: a yes to one is none to another.
            var may = await output.OnPipelineThreadAsync(() => ShouldProcess(state.Watermarks.Path,
                "Move the watermark over the acknowledged runs")).ConfigureAwait(false);
            _moving[mark.Session.Site] = moving = new Moving(state, may);
        }
        moving.Server = receipt.Server ?? moving.State.Configuration?.Wats?.BaseUrl ?? throw new VteWatsException(
            ErrorKind.InvalidArgument, "The receipt does not say which WATS server it is from.",
            "Use receipts of Send-WatsReport as they come.", receipt.RunId);
        if (!moving.Readings.Contains(mark.Session)) moving.Readings.Add(mark.Session);
        if (++_sinceSaved >= moving.State.Sync.BatchSize) Save();
    }

    private void Save()
    {
        _sinceSaved = 0;
        ExceptionDispatchInfo? first = null;
        foreach (var moving in _moving.Values.Where(moving => moving.May))
        {
            foreach (var reading in moving.Readings)
            {
                // The trouble of one site must not cost the others what they have done.
                try { moving.State.Watermarks.Advance(reading, moving.Server); }
                catch (VteWatsException e) { first ??= ExceptionDispatchInfo.Capture(e); }
            }
        }
        first?.Throw();
    }

    private async Task SetByHandAsync(IPipelineWriter output, CancellationToken ct)
    {
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

    /// <summary>The watermark of one site, and what was read from it on.</summary>
    private sealed class Moving(SiteState state, bool may)
    {
        public SiteState State => state;
        public bool May => may;
        public string Server { get; set; } = "";
        public List<ReadSession> Readings { get; } = [];
    }
}
