using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Reading;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Puts runs aside as dead letters by hand, so that a sync gets past them.</summary>
[Cmdlet(VerbsCommon.Add, "VteDeadLetter", SupportsShouldProcess = true)]
[OutputType(typeof(DeadLetter))]
public sealed class AddVteDeadLetterCommand : VteSourceCommand
{
    /// <summary>The runs.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("RunId")]
    [AllowNull]
    [AllowEmptyCollection]
    [RunId]
    public Guid[] Id { get; set; } = [];

    /// <summary>Why; it stands in the letter and in the history of the site.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Reason { get; set; } = null!;

    /// <summary>Folder of the state; the configured one without it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StateFolder { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var resolved = await ResolveSiteAsync(output, ct).ConfigureAwait(false);
        var site = resolved.Site.Name;
        var folder = await StateFolderAsync(StateFolder, resolved.Configuration, output).ConfigureAwait(false);
        var chosen = new List<Guid>();
        foreach (var id in Id)
            if (await output.OnPipelineThreadAsync(() => ShouldProcess($"test run {id} of '{site}'", "Put aside as a dead letter"))
                .ConfigureAwait(false)) chosen.Add(id);
        if (chosen.Count == 0) return;
        using var lease = SyncLease.Acquire(folder, site);
        var byHand = new LettersByHand(folder, site, (resolved.Configuration?.Sync ?? new()).DeadLetterLimits(), lease);
        var missing = chosen.ToHashSet();
        var source = await VteSource.OpenAsync(resolved.Site.ToSource(), resolved.Clock, resolved.Password, ct).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            await foreach (var run in source.ReadAsync(new TestRunQuery { Ids = chosen, SettleTime = TimeSpan.Zero }, ct)
                .ConfigureAwait(false))
            {
                missing.Remove(run.Id);
                await output.WriteObjectAsync(await byHand.AddAsync(run, Reason).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
        foreach (var id in missing)
        {
            await output.WriteErrorAsync(Failures.From(new VteWatsException(
                ErrorKind.TestRunNotFound, $"There is no test run {id} at site '{site}'.",
                "Check the id. Suspend-VteTestRun holds back a run that cannot be read.", id))).ConfigureAwait(false);
        }
    }
}
