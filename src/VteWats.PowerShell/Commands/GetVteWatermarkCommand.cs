using System.Management.Automation;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.Core.Wats.Sending;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Shows how far a site's runs are safely in WATS, and begins a pipeline that goes on from there.</summary>
[Cmdlet(VerbsCommon.Get, "VteWatermark", DefaultParameterSetName = "Watermark")]
[OutputType(typeof(VteWatermark), ParameterSetName = ["Watermark"])]
[OutputType(typeof(WatermarkChange), ParameterSetName = ["History"])]
public sealed class GetVteWatermarkCommand : SiteStateCommand
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SiteName]
    [ArgumentCompleter(typeof(SiteCompleter))]
    [SupportsWildcards]
    public override string? Site { get; set; }

    /// <summary>Start of the first sync of a site that has no watermark yet: site-local time, or an instant with offset. The configured
    /// start without it.</summary>
    [Parameter(ParameterSetName = "Watermark")]
    public object? InitialSince { get; set; }

    /// <summary>IANA or Windows id of the stations' time zone; the configured one without it.</summary>
    [Parameter(ParameterSetName = "Watermark")]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public string? TimeZone { get; set; }

    /// <summary>Show the last changes instead, oldest first. Works for a watermark of another source or server too.</summary>
    [Parameter(ParameterSetName = "History", Mandatory = true)]
    public SwitchParameter History { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        IReadOnlyList<SiteState> states = [];
        await AttemptAsync(output, _ => MyInvocation.ExpectingInput,
            async () => states = await ResolveStatesAsync(output, allByDefault: false, ct).ConfigureAwait(false)).ConfigureAwait(false);
        foreach (var state in states)
        {
            await AttemptAsync(output, _ => states.Count > 1 || MyInvocation.ExpectingInput,
                () => History ? TellHistoryAsync(state, output) : TellWatermarkAsync(state, output)).ConfigureAwait(false);
        }
    }

    private static async Task TellHistoryAsync(SiteState state, IPipelineWriter output)
    {
        foreach (var change in state.Watermarks.Load()?.History ?? []) await output.WriteObjectAsync(change).ConfigureAwait(false);
    }

    private async Task TellWatermarkAsync(SiteState state, IPipelineWriter output)
    {
        var clock = state.Clock(TimeZone);
        DateTimeOffset? start = InitialSince is not null
            ? await GivenTime.ToInstantAsync(InitialSince, nameof(InitialSince), clock, output).ConfigureAwait(false)
            : state.Configured?.InitialSince is { } configured ? SiteTime.ToInstant(configured, clock) : null;
        var store = state.Watermarks;
        var checkpoint = new Checkpoint(state.Folder, state.Site, store.Load(), new CheckpointOptions
        {
            Clock = clock,
            GuardBand = TimeSpan.FromMinutes(state.Sync.GuardBandMinutes),
            InitialSince = start,
            Target = state.Configuration?.Wats?.BaseUrl,
            Mapping = state.Configured?.Mapping.Fingerprint() ?? 0,
            MappingText = state.Configured?.Mapping.ToText(),
            Unfinished = state.Configured is { } site ? site.Unfinished.WhyNot : static _ => null,
            UnfinishedFor = TimeSpan.FromHours(state.Sync.UnfinishedHours),
        });
        await output.WriteObjectAsync(VteWatermark.From(checkpoint, store.Path)).ConfigureAwait(false);
    }
}
