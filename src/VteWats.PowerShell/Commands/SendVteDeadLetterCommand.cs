using System.Management.Automation;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Maps the runs of dead letters again with today's configuration, sends them, and removes the letters of those that get
/// through.</summary>
[Cmdlet(VerbsCommunications.Send, "VteDeadLetter", SupportsShouldProcess = true)]
[OutputType(typeof(WatsReceipt))]
public sealed class SendVteDeadLetterCommand : WatsTargetCommand
{
    private readonly Dictionary<string, List<Guid>> _chosen = new(StringComparer.OrdinalIgnoreCase);
    private ResolvedTarget? _target;
    private string _folder = "";

    /// <summary>The runs whose letters are sent, as Get-VteDeadLetter emits them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [AllowNull]
    [AllowEmptyCollection]
    [RunId]
    public Guid[] RunId { get; set; } = [];

    /// <summary>Name of the site. May be left out where there is one only.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    /// <summary>Read the runs from the site's database again instead of taking them as they are in the letters.</summary>
    [Parameter]
    public SwitchParameter FromSource { get; set; }

    /// <summary>Posts at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int? ThrottleLimit { get; set; }

    /// <summary>Folder of the dead letters; the configured one without it.</summary>
    [Parameter]
    public string? StateFolder { get; set; }

    protected override async Task BeginAsync(IPipelineWriter output, CancellationToken ct)
    {
        _target = await ResolveTargetAsync(output, ct).ConfigureAwait(false);
        _folder = await StateFolderAsync(StateFolder, _target.Configuration, output).ConfigureAwait(false);
    }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var site = Site ?? SiteResolver.Choose(_target!.Configuration, null).Name;
        foreach (var id in RunId)
        {
            var may = await output.OnPipelineThreadAsync(() => ShouldProcess($"test run {id} of '{site}'", "Map and send again"))
                .ConfigureAwait(false);
            if (!may) continue;
            if (!_chosen.TryGetValue(site, out var ids)) _chosen[site] = ids = [];
            if (!ids.Contains(id)) ids.Add(id);
        }
    }

    // Only now, so that Get-VteDeadLetter has read the folder to its end before letters are removed from it, and posts go several at once.
    protected override async Task EndAsync(IPipelineWriter output, CancellationToken ct)
    {
        using var log = await OpenLogAsync(_target!.Configuration, _folder, output).ConfigureAwait(false);
        using var client = WatsClient.Create(_target.Wats, _target.Token, _target.ProxyPassword, log);
        var progress = new SendProgress(client.BaseUrl.Host);
        var stores = new DeadLetterSink(_folder, (_target.Configuration?.Sync ?? new SyncOptions()).DeadLetterLimits());
        foreach (var (site, ids) in _chosen)
        {
            // A sync that is at work may send the same runs.
            using var lease = new StateDatabase(_folder).Exists ? SyncLease.Acquire(_folder, site) : null;
            stores.StoreOf(site).Lease = lease;
            var replay = await ReplayAsync(site, stores.StoreOf(site), output, ct).ConfigureAwait(false);
            var options = replay.Sending(SendOptions.From(_target.Wats) with
            {
                ThrottleLimit = ThrottleLimit
                ?? _target.Wats.ThrottleLimit
            });
            await foreach (var receipt in new WatsSender(client, options).SendAsync(replay.ReportsAsync(ids, ct), ct).ConfigureAwait(false))
            {
                // The receipt first: an error may stop the pipeline.
                await output.WriteObjectAsync(receipt).ConfigureAwait(false);
                if (receipt.State == WatsReceiptState.Failed)
                    await output.WriteErrorAsync(Failures.From(WatsRejection.ErrorFrom(receipt))).ConfigureAwait(false);
                if (progress.Count(receipt) is { } record) await output.WriteProgressAsync(record).ConfigureAwait(false);
            }
        }
        if (progress.Last() is { } last) await output.WriteProgressAsync(last).ConfigureAwait(false);
    }

    private async Task<DeadLetterReplay> ReplayAsync(string site, DeadLetterStore letters, IPipelineWriter output, CancellationToken ct)
    {
        var configured = _target!.Configuration?.Find(site);
        // With -FromSource the database is needed, and with it the site.
        if (FromSource) configured ??= SiteResolver.Choose(_target.Configuration, site);
        var password = FromSource && configured!.Connection.Password is { } reference
            ? await Secrets(output).ReadAsync(reference, ct).ConfigureAwait(false)
            : null;
        var resolved = configured is null ? null : new ResolvedSite(_target.Configuration, configured, password);
        return new DeadLetterReplay(site, letters)
        {
            Mapping = configured is null ? null : new RunMapping(new ReportMapper(configured.Mapping, site, resolved!.Clock), letters),
            OpenSource = !FromSource ? null : async stop =>
                await VteSource.OpenAsync(resolved!.Site.ToSource(), resolved.Clock, password, stop).ConfigureAwait(false),
            Held = new Holds(new StateDatabase(_folder), site),
            OnProblem = problem => output.WriteErrorAsync(Failures.From(problem)),
            OnWarning = output.WriteWarningAsync,
        };
    }
}
