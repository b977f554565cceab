using System.Management.Automation;
using VteWats.Core.Wats.Client;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Lists the headers of test reports in WATS, the newest first.</summary>
[Cmdlet(VerbsCommon.Find, "WatsReport")]
[OutputType(typeof(WatsReportHeader))]
public sealed class FindWatsReportCommand : WatsTargetCommand
{
    /// <summary>Only units with this serial number.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? SerialNumber { get; set; }

    /// <summary>Only this part number.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PartNumber { get; set; }

    /// <summary>Only this test station.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StationName { get; set; }

    /// <summary>Only these results.</summary>
    [Parameter]
    [ValidateSet("Passed", "Failed", "Error", "Terminated")]
    public string[]? Result { get; set; }

    /// <summary>Only tests that started at this time or later.</summary>
    [Parameter]
    [Alias("Since")]
    public DateTimeOffset? From { get; set; }

    /// <summary>Only tests that started before this time.</summary>
    [Parameter]
    [Alias("Until")]
    public DateTimeOffset? To { get; set; }

    /// <summary>Only the reports of these test runs.</summary>
    [Parameter]
    [Alias("Id")]
    public Guid[]? RunId { get; set; }

    /// <summary>At most this many; all without it.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var target = await ResolveTargetAsync(output, ct).ConfigureAwait(false);
        using var client = WatsClient.Create(target.Wats, target.Token, target.ProxyPassword);
        var query = new HeaderQuery
        {
            SerialNumber = SerialNumber, PartNumber = PartNumber, StationName = StationName, Results = Result ?? [], From = From, To = To,
            Ids = RunId, First = First,
        };
        await foreach (var header in query.RunAsync(client, ct).ConfigureAwait(false))
            await output.WriteObjectAsync(header).ConfigureAwait(false);
    }
}
