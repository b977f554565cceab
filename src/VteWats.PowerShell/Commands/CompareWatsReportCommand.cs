using System.Management.Automation;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Comparison;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Fetches the reports of test runs from WATS and lists every difference to what the runs map to. Emits nothing for a run that is
/// equal.</summary>
[Cmdlet(VerbsData.Compare, "WatsReport")]
[OutputType(typeof(ReportDifference))]
public sealed class CompareWatsReportCommand : WatsTargetCommand
{
    private readonly Dictionary<string, ReportMapper> _mappers = new(StringComparer.OrdinalIgnoreCase);
    private VteWatsConfiguration? _configuration;
    private WatsClient? _client;
    private int _equal;
    private int _different;

    /// <summary>Test runs with their steps, as Get-VteTestRun emits them, or reports.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject[] InputObject { get; set; } = [];

    protected override async Task BeginAsync(IPipelineWriter output, CancellationToken ct)
    {
        var target = await ResolveTargetAsync(output, ct).ConfigureAwait(false);
        _configuration = target.Configuration;
        _client = WatsClient.Create(target.Wats, target.Token, target.ProxyPassword);
    }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        foreach (var input in InputObject)
            await AttemptAsync(output, () => CompareAsync(input, output, ct)).ConfigureAwait(false);
    }

    protected override Task EndAsync(IPipelineWriter output, CancellationToken ct) =>
        output.WriteVerboseAsync(FormattableString.Invariant($"{_equal} report(s) equal, {_different} different."));

    protected override void Dispose(bool disposing)
    {
        if (disposing) _client?.Dispose();
        base.Dispose(disposing);
    }

    private async Task CompareAsync(PSObject input, IPipelineWriter output, CancellationToken ct)
    {
        var expected = Expected(input);
        var id = expected.Id ?? throw new VteWatsException(
            ErrorKind.InvalidArgument, "A report without an id cannot be found in WATS.",
            "Pipe what ConvertTo-WatsReport or Import-WatsReport emits.", expected.Sn);
        var text = await _client!.GetReportAsync(id, ct).ConfigureAwait(false);
        var differences = ReportComparer.Compare(expected, text is null ? null : ReportInput.Parse(id, text));
        if (differences.Count == 0) _equal++;
        else _different++;
        foreach (var difference in differences) await output.WriteObjectAsync(difference).ConfigureAwait(false);
    }

    private WatsReport Expected(PSObject input)
    {
        switch (input.BaseObject)
        {
            case WatsReport report:
                return report;
            case VteTestRun run:
                if (!_mappers.TryGetValue(run.Site, out var mapper))
                {
                    var site = _configuration?.Find(run.Site);
                    _mappers[run.Site] = mapper = new ReportMapper(
                        site?.Mapping ?? new MappingOptions(), run.Site, site is null ? null : SiteClock.For(site.TimeZone));
                }
                return mapper.Map(run);
            default:
                throw new VteWatsException(
                    ErrorKind.InvalidArgument,
                    $"The input is a {input.BaseObject.GetType().FullName}, neither a test run nor a report.",
                    "Pipe what Get-VteTestRun or ConvertTo-WatsReport emits.", input.BaseObject);
        }
    }
}
