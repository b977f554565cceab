using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating.Evidence;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Writes a page that proves, for a customer to sign, that WATS holds what VTE holds.</summary>
[Cmdlet(VerbsData.Export, "VteWatsEvidence", SupportsShouldProcess = true)]
[OutputType(typeof(EvidenceSummary))]
public sealed class ExportVteWatsEvidenceCommand : SyncCommand
{
    private const int Activity = 7322;

    /// <summary>Begin of the stretch: site-local time, or an instant with offset.</summary>
    [Parameter(Mandatory = true)]
    public object Since { get; set; } = null!;

    /// <summary>End of the stretch; now, without it.</summary>
    [Parameter]
    public object? Until { get; set; }

    /// <summary>The page; its data are written beside it with the extension json.</summary>
    [Parameter(Mandatory = true)]
    public string Path { get; set; } = "";

    /// <summary>What the runs to be compared are drawn by: the same seed draws the same runs.</summary>
    [Parameter]
    public int? Seed { get; set; }

    /// <summary>Replaces files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task WorkAsync(IPipelineWriter output, CancellationToken ct)
    {
        using var context = await ResolveContextAsync(output, ct).ConfigureAwait(false);
        var path = await FilePathAsync(output, Path).ConfigureAwait(false);
        if (context.Sites.Count > 1) throw new VteWatsException(
            ErrorKind.InvalidArgument, "One page was asked for several sites.", "Name one site with -Site for each page.", Path);
        if (System.IO.Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)) throw new VteWatsException(
            ErrorKind.InvalidArgument, $"{path} is the name of the data beside the page.", "Give the page a name such as evidence.html.",
            Path);
        foreach (var file in new[] { path, System.IO.Path.ChangeExtension(path, ".json") })
        {
            if (!Force && File.Exists(file)) throw new VteWatsException(
                ErrorKind.FileExists, $"The file {file} exists already.", "Give another -Path, or -Force to replace the file.", file);
        }
        await EachAsync(context.Sites, output, async site =>
        {
            var services = context.Services(site, new SyncRequest());
            var (since, until) = SiteTime.Stretch(GivenTime.Plain(Since), GivenTime.Plain(Until), services.Clock);
            if (!await output.OnPipelineThreadAsync(() => ShouldProcess(path, "Write evidence")).ConfigureAwait(false)) return;
            var maker = new EvidenceMaker(services, context.Client)
            {
                OnProgress = what => output.WriteProgressAsync(new ProgressRecord(Activity, $"Evidence of {services.Site.Name}", what)),
            };
            var options = new EvidenceOptions(since!.Value, until ?? DateTimeOffset.UtcNow, Seed ?? Random.Shared.Next());
            await output.WriteObjectAsync(await maker.WriteAsync(options, path, ct).ConfigureAwait(false)).ConfigureAwait(false);
            await output.WriteProgressAsync(new ProgressRecord(Activity, $"Evidence of {services.Site.Name}", "Done")
            {
                RecordType = ProgressRecordType.Completed,
            }).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }
}
