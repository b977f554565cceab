using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Fetches reports from WATS.</summary>
[Cmdlet(VerbsCommon.Get, "WatsReport")]
[OutputType(typeof(WatsReport))]
public sealed class GetWatsReportCommand : WatsTargetCommand
{
    private WatsClient? _client;

    /// <summary>Ids of reports, which are the ids of their test runs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("RunId", "Uuid")]
    [AllowNull]
    [AllowEmptyCollection]
    [RunId]
    public Guid[] Id { get; set; } = [];

    protected override async Task BeginAsync(IPipelineWriter output, CancellationToken ct)
    {
        var target = await ResolveTargetAsync(output, ct).ConfigureAwait(false);
        _client = WatsClient.Create(target.Wats, target.Token, target.ProxyPassword);
    }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        foreach (var id in Id) await AttemptAsync(output, () => FetchAsync(id, output, ct)).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _client?.Dispose();
        base.Dispose(disposing);
    }

    private async Task FetchAsync(Guid id, IPipelineWriter output, CancellationToken ct)
    {
        var text = await _client!.GetReportAsync(id, ct).ConfigureAwait(false) ?? throw new VteWatsException(
            ErrorKind.WatsNotFound, $"WATS has no report {id}.",
            "A report that was just sent may take some seconds to show. Find-WatsReport lists what is there.", id);
        await output.WriteObjectAsync(ReportInput.Parse(id, text)).ConfigureAwait(false);
    }
}
