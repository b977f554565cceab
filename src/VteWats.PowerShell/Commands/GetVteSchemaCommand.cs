using System.Management.Automation;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Schema;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>What a VTE database has: its tables as objects, or all of it as a diagram or a page.</summary>
[Cmdlet(VerbsCommon.Get, "VteSchema")]
[OutputType(typeof(CatalogueTable), typeof(string))]
public sealed class GetVteSchemaCommand : SchemaCommand
{
    private const string Objects = "Object";
    private const string Mermaid = "Mermaid";
    private const string Markdown = "Markdown";

    /// <summary>Object (the default), Mermaid or Markdown.</summary>
    [Parameter]
    [ValidateSet(Objects, Mermaid, Markdown)]
    public string As { get; set; } = Objects;

    protected override Task ProcessAsync(IPipelineWriter output, CancellationToken ct) => EachSiteAsync(output, async resolved =>
    {
        var (catalogue, profile) = await LiveSchema.ReadAsync(resolved.Site.ToSource(), resolved.Password, ct).ConfigureAwait(false);
        if (As.Equals(Mermaid, StringComparison.OrdinalIgnoreCase))
            await output.WriteObjectAsync(SchemaDocument.Mermaid(catalogue, profile)).ConfigureAwait(false);
        else if (As.Equals(Markdown, StringComparison.OrdinalIgnoreCase))
            await output.WriteObjectAsync(SchemaDocument.Markdown(catalogue, profile)).ConfigureAwait(false);
        else
            foreach (var table in catalogue.Tables) await output.WriteObjectAsync(table).ConfigureAwait(false);
    }, ct);
}
