using System.Management.Automation;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte.Reading;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Proves that WATS holds what VTE holds, or lists where they differ.</summary>
[Cmdlet(VerbsData.Compare, "VteWatsSync", SupportsShouldProcess = true)]
[OutputType(typeof(SyncDifference))]
public sealed class CompareVteWatsSyncCommand : SyncCommand
{
    /// <summary>Begin of the stretch: site-local time, or an instant with offset.</summary>
    [Parameter(Mandatory = true)]
    public object Since { get; set; } = null!;

    /// <summary>End of the stretch; now, without it.</summary>
    [Parameter]
    public object? Until { get; set; }

    /// <summary>Send the runs that are missing or have another verdict.</summary>
    [Parameter]
    public SwitchParameter Repair { get; set; }

    private protected override async Task WorkAsync(IPipelineWriter output, CancellationToken ct)
    {
        using var context = await ResolveContextAsync(output, ct).ConfigureAwait(false);
        await EachAsync(context.Sites, output, async site =>
        {
            var services = context.Services(site, new SyncRequest());
            var source = await services.OpenSource(ct).ConfigureAwait(false);
            await using (source.ConfigureAwait(false)) await CompareAsync(context, services, source, output, ct).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task CompareAsync(SyncContext context, SyncServices services, IVteSource source, IPipelineWriter output,
        CancellationToken ct)
    {
        var (since, until) = SiteTime.Stretch(GivenTime.Plain(Since), GivenTime.Plain(Until), services.Clock);
        var reconciliation = new Reconciliation(source, context.Client, services.Site, services.Clock);
        var repair = new Repair(services, source)
        {
            MayAsync = count => output.OnPipelineThreadAsync(
                () => ShouldProcess(services.Target, FormattableString.Invariant($"Upload {count} test runs of {services.Site.Name}"))),
            OnProblem = problem => output.WriteErrorAsync(Failures.From(problem)),
        };
        var differences = reconciliation.CompareAsync(since!.Value, until, ct);
        await foreach (var difference in (Repair ? repair.RunAsync(differences, ct) : differences).ConfigureAwait(false))
            await output.WriteObjectAsync(Repair ? difference : repair.WithLetter(difference)).ConfigureAwait(false);
        await output.WriteVerboseAsync(FormattableString.Invariant($"{services.Site.Name}: {reconciliation.Runs} runs compared."))
            .ConfigureAwait(false);
    }
}
