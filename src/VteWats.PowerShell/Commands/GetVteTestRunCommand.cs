using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Reads test runs from a VTE database, in the order of their timestamps.</summary>
[Cmdlet(VerbsCommon.Get, "VteTestRun")]
[OutputType(typeof(VteTestRun))]
public sealed class GetVteTestRunCommand : RunSelectionCommand
{
    private readonly Dictionary<string, List<Guid>> _piped = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public override string? Site { get; set; }

    /// <summary>The runs with these ids (IndexData.Index_GUID).</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("RunId")]
    [RunId]
    public Guid[]? Id { get; set; }

    /// <summary>The newest runs first.</summary>
    [Parameter]
    public SwitchParameter NewestFirst { get; set; }

    /// <summary>Leave the steps out.</summary>
    [Parameter]
    public SwitchParameter HeaderOnly { get; set; }

    /// <summary>Seconds that a run must be old by the database's clock, 0 to 86400; the site's settleSeconds without it.</summary>
    [Parameter]
    [ValidateRange(0, 86_400)]
    public int? SettleSeconds { get; set; }

    /// <summary>What Get-VteWatermark knows: the runs from the watermark on are read, and what was sent unchanged is passed over.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public PSObject? Checkpoint { get; set; }

    // A watermark has a run id too, or none before the first sync, but means everything after it.
    private bool IdIsOfWatermark => Checkpoint is not null && !IsGiven(nameof(Id));

    private protected override bool MayBeNothing(string parameter) => parameter == nameof(Id) && IdIsOfWatermark;

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        if (Id is not { } ids || Known is not null && IdIsOfWatermark)
        {
            await ReadAsync([], output, ct).ConfigureAwait(false);
            return;
        }
        // Ids that come one by one are read together at the end: a query for each would be slow.
        if (!_piped.TryGetValue(Site ?? "", out var list)) _piped[Site ?? ""] = list = [];
        list.AddRange(ids);
    }

    protected override async Task EndAsync(IPipelineWriter output, CancellationToken ct)
    {
        foreach (var (site, ids) in _piped)
        {
            Site = site.Length == 0 ? null : site;
            await ReadAsync(ids, output, ct).ConfigureAwait(false);
        }
    }

    // A watermark that was saved, or that comes from a job, is a picture of one: its run id would be taken for the one run to read.
    private Checkpoint? Known => Checkpoint is null ? null : Checkpoint.BaseObject as Checkpoint ?? throw new VteWatsException(
        ErrorKind.InvalidArgument,
        "This watermark was saved or comes from another session: what it knows of the runs is lost, so nothing can be read from it on.",
        "Begin the pipeline with Get-VteWatermark in the session that reads.", Checkpoint);

    private async Task ReadAsync(IReadOnlyList<Guid> ids, IPipelineWriter output, CancellationToken ct)
    {
        var resolved = await ResolveSiteAsync(output, ct).ConfigureAwait(false);
        using var log = OpenReadersLog(resolved.Configuration);
        var source = await VteSource.OpenAsync(Source(resolved, log), resolved.Clock, resolved.Password, ct).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var missing = new HashSet<Guid>(ids);
            var query = Selection(source.Clock, output, missing) with
            {
                Ids = ids,
                HeaderOnly = HeaderOnly,
                NewestFirst = NewestFirst,
                Checkpoint = Known,
                SettleTime = SettleSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            };
            var progress = new ReadProgress($"Reading test runs of {source.Site}");
            var times = new LocalTimes(source.Clock);
            await foreach (var run in Runs(source, query, resolved, ct).ConfigureAwait(false))
            {
                missing.Remove(run.Id);
                if (progress.Next(run) is { } record) await output.WriteProgressAsync(record).ConfigureAwait(false);
                await output.WriteObjectAsync(run).ConfigureAwait(false);
            }
            if (progress.Completed() is { } done) await output.WriteProgressAsync(done).ConfigureAwait(false);
            await output.WriteVerboseAsync($"{progress.Summary}; {times.Summary}").ConfigureAwait(false);
            await times.WarnAsync(source.Site, output).ConfigureAwait(false);
            if (query.AsksForIdsOnly) await TellMissingAsync(missing, source.Site, output).ConfigureAwait(false);
        }
    }

    // From the watermark on and without conditions it reads as a sync does: also what the census finds behind the guard band.
    private static IAsyncEnumerable<VteTestRun> Runs(VteSource source, TestRunQuery query, ResolvedSite resolved, CancellationToken ct) =>
        query is { Checkpoint: Checkpoint known, LeavesNothingOut: true }
            ? new SiteReading(source, known, resolved.Configuration?.Sync ?? new SyncOptions()) { Query = query }.ReadAsync(ct)
            : source.ReadAsync(query, ct);
}
