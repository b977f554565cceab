using System.Management.Automation;
using VteWats.Core.Inspection;
using VteWats.Core.Vte.Reading;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Connects to VTE databases as a sync does, and says what it finds: server, login, rights, clock and latency.</summary>
[Cmdlet(VerbsDiagnostic.Test, "VteConnection")]
[OutputType(typeof(ConnectionReport))]
public sealed class TestVteConnectionCommand : SchemaCommand
{
    private readonly HashSet<string> _looked = new(StringComparer.OrdinalIgnoreCase);

    protected override Task ProcessAsync(IPipelineWriter output, CancellationToken ct) => EachSiteAsync(output, async resolved =>
    {
        var report = await ConnectionCheck.RunAsync(Watched(resolved), resolved.Password, ct).ConfigureAwait(false);
        await output.WriteObjectAsync(report).ConfigureAwait(false);
        await TellSharesAsync(resolved, output, ct).ConfigureAwait(false);
    }, ct);

    // Once a database, whichever of its sites are named.
    private async Task TellSharesAsync(ResolvedSite resolved, IPipelineWriter output, CancellationToken ct)
    {
        if (resolved.Configuration is not { } configuration || (ConnectionString ?? DatabasePath) is not null) return;
        var others = configuration.Sites.Values.Where(other =>
            other.Name != resolved.Site.Name && other.Connection.IsSameDatabaseAs(resolved.Site.Connection)).ToList();
        if (others.Count == 0 || !_looked.Add(resolved.Site.Name)) return;
        foreach (var other in others) _looked.Add(other.Name);
        var sites = others.Prepend(resolved.Site).Select(site => site.ToSource()).ToList();
        foreach (var problem in await ShareCheck.RunAsync(sites, resolved.Clock, resolved.Password, ct).ConfigureAwait(false))
            await output.WriteWarningAsync(problem).ConfigureAwait(false);
    }

    // Each attempt is told to who asked for more than the result.
    private VteSourceOptions Watched(ResolvedSite resolved) => resolved.Site.ToSource() with
    {
        OnAttempt = attempt => Listening?.Verbose?.Invoke($"{resolved.Configuration?.Path ?? "No configuration file"}: {attempt}"),
    };
}
