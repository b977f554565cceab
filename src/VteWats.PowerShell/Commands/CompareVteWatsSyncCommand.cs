using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte.Reading;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Proves that WATS holds what VTE holds, or lists where they differ.</summary>
[Cmdlet(VerbsData.Compare, "VteWatsSync", SupportsShouldProcess = true)]
[OutputType(typeof(SyncDifference), typeof(SyncComparison))]
public sealed class CompareVteWatsSyncCommand : SyncCommand
{
    /// <summary>As of runs that did not get through: something of VTE is not in WATS as it should be.</summary>
    private const int Different = 10;

    private SyncExitCode? _exitCode;

    /// <summary>Begin of the stretch: site-local time, or an instant with offset.</summary>
    [Parameter(Mandatory = true)]
    public object Since { get; set; } = null!;

    /// <summary>End of the stretch; now, without it.</summary>
    [Parameter]
    public object? Until { get; set; }

    /// <summary>Send the runs that are missing or have another verdict.</summary>
    [Parameter]
    public SwitchParameter Repair { get; set; }

    /// <summary>Count the steps of each run, too, and compare with what was sent.</summary>
    [Parameter]
    public SwitchParameter Deep { get; set; }

    private protected override async Task WorkAsync(IPipelineWriter output, CancellationToken ct)
    {
        using var context = await ResolveContextAsync(output, ct).ConfigureAwait(false);
        await EachAsync(context.Sites, output, async site =>
        {
            var services = context.Services(site, new SyncRequest());
            var (since, until) = SiteTime.Stretch(GivenTime.Plain(Since), GivenTime.Plain(Until), services.Clock);
            var comparer = new Comparer(services, context.Client)
            {
                Repair = Repair,
                Deep = Deep,
                MayAsync = count => output.OnPipelineThreadAsync(
                    () => ShouldProcess(services.Target, FormattableString.Invariant($"Upload {count} test runs of {services.Site.Name}"))),
                OnProblem = problem => output.WriteErrorAsync(Failures.From(problem)),
                OnDifference = output.WriteObjectAsync,
            };
            try
            {
                // The result last: silence does not answer the question.
                var result = await comparer.RunAsync(since!.Value, until, ct).ConfigureAwait(false);
                var problem = ComparisonRecord.Keep(context.StateFolder, result, byHand: true);
                await context.TellOnceAsync(problem, output).ConfigureAwait(false);
                await output.WriteObjectAsync(result).ConfigureAwait(false);
                await ExitCode.TellAsync(result.IsEqual ? 0 : Different, output).ConfigureAwait(false);
            }
            catch (VteWatsException e)
            {
                await ExitCode.TellAsync(e.Error.ExitCode, output).ConfigureAwait(false);
                throw;
            }
        }).ConfigureAwait(false);
    }

    private protected override void OnFailure(Exception failure) =>
        ExitCode.Tell((failure as VteWatsException)?.Error.ExitCode ?? ErrorKind.Internal.ExitCode);

    private SyncExitCode ExitCode => _exitCode ??= new SyncExitCode(this);
}
