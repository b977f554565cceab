using System.Management.Automation;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Schema;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Compares a VTE database with the schema profile of its site; each difference comes with what to write into the
/// configuration.</summary>
[Cmdlet(VerbsDiagnostic.Test, "VteSchema")]
[OutputType(typeof(SchemaFinding))]
public sealed class TestVteSchemaCommand : SchemaCommand
{
    protected override Task ProcessAsync(IPipelineWriter output, CancellationToken ct) => EachSiteAsync(output, async resolved =>
    {
        var (catalogue, profile) = await LiveSchema.ReadAsync(resolved.Site.ToSource(), resolved.Password, ct).ConfigureAwait(false);
        var findings = SchemaCheck.Compare(catalogue, profile);
        foreach (var finding in findings)
            await output.WriteObjectAsync(finding with { Site = resolved.Site.Name }).ConfigureAwait(false);
        await output.WriteVerboseAsync(
            $"Site {resolved.Site.Name}: {findings.Count} findings in {catalogue.Tables.Count} tables and views.")
            .ConfigureAwait(false);
    }, ct);
}
