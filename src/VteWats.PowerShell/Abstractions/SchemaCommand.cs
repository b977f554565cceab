using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>A cmdlet that looks at a VTE database without reading a time from it: it needs no time zone.</summary>
public abstract class SchemaCommand : VteSourceCommand
{
    private protected override Task EachSiteAsync(IPipelineWriter output, Func<ResolvedSite, Task> work, CancellationToken ct)
    {
        if ((ConnectionString ?? DatabasePath) is not null) TimeZone ??= "UTC";
        return base.EachSiteAsync(output, work, ct);
    }
}
