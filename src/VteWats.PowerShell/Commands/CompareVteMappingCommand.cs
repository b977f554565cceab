using System.Management.Automation;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Inspection;
using VteWats.Core.Time;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Maps the same test runs by the configuration in use and by another one, and tells by kind what would change in WATS. Posts
/// nothing.</summary>
[Cmdlet(VerbsData.Compare, "VteMapping")]
[OutputType(typeof(MappingChange), typeof(MappingComparison))]
public sealed class CompareVteMappingCommand : RunSelectionCommand
{
    private const int Usually = 1000;

    /// <summary>The other configuration file; it has a site of the same name.</summary>
    [Parameter(Mandatory = true)]
    public string Against { get; set; } = "";

    protected override Task ProcessAsync(IPipelineWriter output, CancellationToken ct) => EachSiteAsync(output, async resolved =>
    {
        using var log = OpenReadersLog(resolved.Configuration);
        var path = await FilePathAsync(output, Against).ConfigureAwait(false);
        if (!File.Exists(path)) throw new VteWatsException(
            ErrorKind.PathNotFound, $"There is no file {path}.", "Copy the configuration file, change the copy, and give it with -Against.",
            path);
        var other = SiteResolver.Choose(ConfigurationFile.Load(path), resolved.Site.Name);
        var progress = new ReadProgress($"Mapping test runs of {resolved.Site.Name} both ways");
        var comparer = new MappingComparer(
            new MappingSide(Source(resolved, log), resolved.Site.Mapping, resolved.Clock),
            new MappingSide(other.ToSource(), other.Mapping, SiteClock.For(other.TimeZone)), resolved.Password)
        {
            OnRun = run => progress.Next(run) is { } record ? output.WriteProgressAsync(record) : Task.CompletedTask,
        };
        var query = Selection(resolved.Clock, output) with { First = First ?? Usually };
        var changes = await comparer.RunAsync(query, ct).ConfigureAwait(false);
        if (progress.Completed() is { } done) await output.WriteProgressAsync(done).ConfigureAwait(false);
        foreach (var change in changes) await output.WriteObjectAsync(change).ConfigureAwait(false);
        // The result last: silence does not answer the question.
        await output.WriteObjectAsync(comparer.Result!).ConfigureAwait(false);
    }, ct);
}
