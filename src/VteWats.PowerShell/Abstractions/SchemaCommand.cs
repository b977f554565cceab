using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>A cmdlet that looks at a VTE database without reading a time from it: it needs no time zone.</summary>
public abstract class SchemaCommand : VteSourceCommand
{
    /// <summary>The sites, by wildcard or name, with their passwords.</summary>
    protected Task<IReadOnlyList<ResolvedSite>> ResolveAnySitesAsync(IPipelineWriter output, CancellationToken ct)
    {
        if ((ConnectionString ?? DatabasePath) is not null) TimeZone ??= "UTC";
        return ResolveSitesAsync(output, ct);
    }
}
