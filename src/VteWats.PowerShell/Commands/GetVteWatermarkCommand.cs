using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.Core.Wats.Sending;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Shows how far a site's runs are safely in WATS, and begins a pipeline that goes on from there.</summary>
[Cmdlet(VerbsCommon.Get, "VteWatermark", DefaultParameterSetName = "Watermark")]
[OutputType(typeof(VteWatermark), ParameterSetName = ["Watermark"])]
[OutputType(typeof(WatermarkChange), ParameterSetName = ["History"])]
public sealed class GetVteWatermarkCommand : SiteStateCommand
{
    /// <summary>Start of the first sync of a site that has no watermark yet: site-local time, or an instant with offset. The configured
    /// start without it.</summary>
    [Parameter(ParameterSetName = "Watermark")]
    [ValidateNotNull]
    public object? InitialSince { get; set; }

    /// <summary>IANA or Windows id of the stations' time zone; the configured one without it.</summary>
    [Parameter(ParameterSetName = "Watermark")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public string? TimeZone { get; set; }

    /// <summary>Show the last changes instead, oldest first. Works for a watermark of another source or server too.</summary>
    [Parameter(ParameterSetName = "History", Mandatory = true)]
    public SwitchParameter History { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var states = await ResolveStatesAsync(output, allByDefault: false, ct).ConfigureAwait(false);
        foreach (var state in states)
        {
            try
            {
                if (History)
                {
                    foreach (var change in state.Watermarks.Load()?.History ?? [])
                        await output.WriteObjectAsync(change).ConfigureAwait(false);
                }
                else
                {
                    await output.WriteObjectAsync(Watermark(state)).ConfigureAwait(false);
                }
            }
            catch (VteWatsException e) when (states.Count > 1)
            {
                await output.WriteErrorAsync(Failures.From(e)).ConfigureAwait(false);
            }
        }
    }

    private VteWatermark Watermark(SiteState state)
    {
        var clock = ClockOf(state, TimeZone);
        var start = InitialSince is not null ? Plain(InitialSince) : state.Configured?.InitialSince;
        var store = state.Watermarks;
        var checkpoint = new Checkpoint(state.Folder, state.Site, store.Load(), new CheckpointOptions
        {
            Clock = clock,
            GuardBand = TimeSpan.FromMinutes(state.Sync.GuardBandMinutes),
            InitialSince = start is null ? null : SiteTime.ToInstant(start, clock),
            Target = state.Configuration?.Wats?.BaseUrl,
            Mapping = state.Configured?.Mapping.Fingerprint() ?? 0,
            Unfinished = state.Configured is { } site ? site.Unfinished.WhyNot : static _ => null,
            UnfinishedFor = TimeSpan.FromHours(state.Sync.UnfinishedHours),
        });
        return VteWatermark.From(checkpoint, store.Path);
    }
}
