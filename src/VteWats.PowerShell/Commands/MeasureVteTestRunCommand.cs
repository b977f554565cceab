using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Inspection;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Reads test runs and counts what is in them: verdicts, products, days, and everything that a mapping must know of.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "VteTestRun")]
[OutputType(typeof(TestRunMeasurement))]
public sealed class MeasureVteTestRunCommand : RunSelectionCommand
{
    protected override Task ProcessAsync(IPipelineWriter output, CancellationToken ct) => EachSiteAsync(output, async resolved =>
    {
        using var log = OpenReadersLog(resolved.Configuration);
        var query = Selection(resolved.Clock, output);
        var progress = new ReadProgress($"Measuring test runs of {resolved.Site.Name}");
        var result = await TestRunMeasure.RunAsync(
            Source(resolved, log), resolved.Clock, resolved.Site.Mapping, resolved.Password, query,
            run => progress.Next(run) is { } record ? output.WriteProgressAsync(record) : Task.CompletedTask, ct).ConfigureAwait(false);
        if (progress.Completed() is { } done) await output.WriteProgressAsync(done).ConfigureAwait(false);
        await output.WriteObjectAsync(result).ConfigureAwait(false);
    }, ct);
}
