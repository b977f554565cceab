using System.Management.Automation;
using System.Runtime.ExceptionServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;

namespace VteWats.PowerShell.Commands;

/// <summary>Proves that WATS holds what VTE holds, or lists where they differ.</summary>
[Cmdlet(VerbsData.Compare, "VteWatsSync", SupportsShouldProcess = true)]
[OutputType(typeof(SyncDifference))]
public sealed class CompareVteWatsSyncCommand : SyncCommand
{
    private const int RepairedAtOnce = 200;

    /// <summary>Begin of the stretch: site-local time, or an instant with offset.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNull]
    public object Since { get; set; } = null!;

    /// <summary>End of the stretch; now, without it.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Until { get; set; }

    /// <summary>Send the runs that are missing or have another verdict.</summary>
    [Parameter]
    public SwitchParameter Repair { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        using var scene = await ResolveSceneAsync(output, ct).ConfigureAwait(false);
        await EachAsync(scene.Sites, output, async site =>
        {
            var parts = scene.Parts(site, new SyncRequest());
            var source = await parts.OpenSource(ct).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                await CompareAsync(scene, site, parts, source, output, ct).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }

    private async Task CompareAsync(SyncContext scene, ResolvedSite site, SyncServices parts, IVteSource source, IPipelineWriter output, CancellationToken ct)
    {
        var clock = SiteClock.For(site.Site.TimeZone);
        var (since, until) = SiteTime.Stretch(SiteStateCommand.Plain(Since), SiteStateCommand.Plain(Until), clock);
        var reconciliation = new Reconciliation(source, scene.Client, site.Site);
        var letters = parts.DeadLetters;
        var waiting = new List<SyncDifference>();
        await foreach (var difference in reconciliation.CompareAsync(since!.Value, until, ct).ConfigureAwait(false))
        {
            // A run with a letter was refused as it is: what is to be done about it, and then Send-VteDeadLetter, is up to people.
            if (!Repair || difference.Kind == SyncDifference.Stray || letters.Has(difference.RunId))
            {
                await WriteAsync(difference, letters, output).ConfigureAwait(false);
                continue;
            }
            waiting.Add(difference);
            if (waiting.Count >= RepairedAtOnce) await RepairAsync(waiting, parts, letters, source, output, ct).ConfigureAwait(false);
        }
        await RepairAsync(waiting, parts, letters, source, output, ct).ConfigureAwait(false);
        await output.WriteVerboseAsync(FormattableString.Invariant($"{site.Site.Name}: {reconciliation.Runs} runs compared.")).ConfigureAwait(false);
    }

    private async Task RepairAsync(
        List<SyncDifference> differences, SyncServices parts, DeadLetterStore letters, IVteSource source, IPipelineWriter output, CancellationToken ct)
    {
        if (differences.Count == 0) return;
        var may = await output.OnPipelineThreadAsync(
            () => ShouldProcess(parts.Target, FormattableString.Invariant($"Upload {differences.Count} test runs of {parts.Site.Name}"))).ConfigureAwait(false);
        var sent = new HashSet<Guid>();
        ExceptionDispatchInfo? failure = null;
        try
        {
            var resend = differences.Where(d => d.Kind == SyncDifference.Verdict).Select(d => d.RunId).ToHashSet();
            var ids = may ? differences.Select(d => d.RunId).ToList() : [];
            await foreach (var receipt in parts.Send(ReportsAsync(ids, resend, parts, source, output, ct), ct).ConfigureAwait(false))
            {
                if (receipt.State == WatsReceiptState.Failed) await output.WriteErrorAsync(Failures.From(Core.Wats.Sending.WatsRejection.From(receipt))).ConfigureAwait(false);
                else sent.Add(receipt.RunId);
            }
        }
        catch (VteWatsException e)
        {
            // What was found is told, also when it cannot be sent.
            failure = ExceptionDispatchInfo.Capture(e);
        }
        foreach (var difference in differences) await WriteAsync(difference with { Repaired = sent.Contains(difference.RunId) }, letters, output).ConfigureAwait(false);
        differences.Clear();
        failure?.Throw();
    }

    private static Task WriteAsync(SyncDifference difference, DeadLetterStore letters, IPipelineWriter output) =>
        output.WriteObjectAsync(difference with { InDeadLetters = letters.Has(difference.RunId) });

    private static async IAsyncEnumerable<WatsReport> ReportsAsync(
        List<Guid> ids, HashSet<Guid> resend, SyncServices parts, IVteSource source, IPipelineWriter output,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        if (ids.Count == 0) yield break;
        var mapping = parts.Mapping(dry: false);
        await foreach (var run in source.ReadAsync(new TestRunQuery { Ids = ids }, ct).ConfigureAwait(false))
        {
            var (report, error) = await mapping.MapAsync(resend.Contains(run.Id) ? run with { Resend = true } : run).ConfigureAwait(false);
            if (report is not null) yield return report;
            else await output.WriteErrorAsync(Failures.From(error!)).ConfigureAwait(false);
        }
    }
}
