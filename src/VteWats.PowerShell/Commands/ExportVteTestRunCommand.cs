using System.Globalization;
using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Inspection;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Copies chosen test runs with all they refer to into a SQLite database that every cmdlet can read.</summary>
[Cmdlet(VerbsData.Export, "VteTestRun", SupportsShouldProcess = true)]
[OutputType(typeof(ExportSummary))]
public sealed class ExportVteTestRunCommand : RunSelectionCommand
{
    private const int Activity = 7312;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    private readonly HashSet<Guid> _ids = [];
    private readonly HashSet<string> _sites = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The file to make.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    /// <inheritdoc/>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public override string? Site { get; set; }

    /// <summary>The runs with these ids; those of the runs that are piped in.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("RunId")]
    [RunId]
    public Guid[]? Id { get; set; }

    /// <summary>Replace serial numbers, names and operators by tokens, the same text by the same token.</summary>
    [Parameter]
    public SwitchParameter Anonymize { get; set; }

    /// <summary>Overwrite the file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        _ids.UnionWith(Id ?? []);
        if (Site is not null) _sites.Add(Site);
        return Task.CompletedTask;
    }

    protected override async Task EndAsync(IPipelineWriter output, CancellationToken ct)
    {
        if (_sites.Count > 1)
        {
            throw new VteWatsException(
                ErrorKind.InvalidArgument,
                $"The runs are of several sites: {string.Join(", ", _sites.Order(StringComparer.OrdinalIgnoreCase))}.",
                "Export each site into a file of its own.");
        }
        if (_ids.Count == 0 && MyInvocation.ExpectingInput)
        {
            await output.WriteWarningAsync("No test run was piped in: nothing is exported.").ConfigureAwait(false);
            return;
        }
        var path = await FilePathAsync(output, Path).ConfigureAwait(false);
        var resolved = await ResolveSiteAsync(output, ct).ConfigureAwait(false);
        using var log = OpenReadersLog(resolved.Configuration);
        var missing = new HashSet<Guid>(_ids);
        var query = Selection(resolved.Clock, output, missing) with { Ids = [.. _ids] };
        var what = $"Export test runs of "
            + $"{resolved.Site.Name}{(Anonymize ? " without serial numbers and names" : " with serial numbers and names")}";
        if (!await output.OnPipelineThreadAsync(() => ShouldProcess(path, what)).ConfigureAwait(false)) return;
        var shown = DateTime.UtcNow;
        var times = new LocalTimes(resolved.Clock);
        var summary = await TestRunExport.WriteAsync(
            Source(resolved, log), resolved.Clock, resolved.Password, query, path, Anonymize, Force, id => missing.Remove(id),
            async count =>
            {
                if (DateTime.UtcNow - shown < Interval) return;
                shown = DateTime.UtcNow;
                var record = new ProgressRecord(Activity, $"Exporting test runs of {resolved.Site.Name}",
                    string.Create(CultureInfo.CurrentCulture, $"{count:N0} runs"));
                if ((_ids.Count > 0 ? _ids.Count : First) is { } total) record.PercentComplete = (int)Math.Min(100, 100 * count / total);
                await output.WriteProgressAsync(record).ConfigureAwait(false);
            }, ct).ConfigureAwait(false);
        await output.WriteObjectAsync(summary).ConfigureAwait(false);
        await times.WarnAsync(resolved.Site.Name, output).ConfigureAwait(false);
        if (query.AsksForIdsOnly) await TellMissingAsync(missing, resolved.Site.Name, output).ConfigureAwait(false);
    }
}
