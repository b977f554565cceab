using System.Management.Automation;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Time;
using VteWats.Core.Wats.Client;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Lists the headers of test reports in WATS, the newest first.</summary>
[Cmdlet(VerbsCommon.Find, "WatsReport")]
[OutputType(typeof(WatsReportHeader))]
public sealed class FindWatsReportCommand : WatsTargetCommand
{
    private readonly List<Guid> _ids = [];
    private ResolvedTarget? _target;
    private WatsClient? _client;
    private SiteClock? _clock;

    /// <summary>Only units with serial numbers like this; of an object, with this very one.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string? SerialNumber { get; set; }

    /// <summary>Only part numbers like this.</summary>
    [Parameter]
    [SupportsWildcards]
    public string? PartNumber { get; set; }

    /// <summary>Only test stations like this.</summary>
    [Parameter]
    [SupportsWildcards]
    public string? StationName { get; set; }

    /// <summary>Only these results.</summary>
    [Parameter]
    [ValidateSet("Passed", "Failed", "Error", "Terminated")]
    public string[]? Result { get; set; }

    /// <summary>Only tests that started at this time or later: site-local time, or an instant with offset.</summary>
    [Parameter]
    [Alias("Since")]
    public object? From { get; set; }

    /// <summary>Only tests that started before this time, given as with -From.</summary>
    [Parameter]
    [Alias("Until")]
    public object? To { get; set; }

    /// <summary>Only the reports of these test runs.</summary>
    [Parameter(ValueFromPipeline = true)]
    [Alias("Id")]
    [RunId]
    public Guid[]? RunId { get; set; }

    /// <summary>At most this many; all without it.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    /// <summary>Name of the site whose local time is meant and shown. May be left out where there is one only.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    /// <summary>IANA or Windows id of the time zone that is meant and shown; the configured one of the site without it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public string? TimeZone { get; set; }

    protected override async Task BeginAsync(IPipelineWriter output, CancellationToken ct)
    {
        _target = await ResolveTargetAsync(output, ct).ConfigureAwait(false);
        var sites = _target.Configuration?.Sites;
        if (TimeZone is not null) _clock = SiteClock.For(TimeZone);
        else if (Site is not null || sites?.Count == 1 && _target.Configuration!.Faulty.Count == 0)
            _clock = SiteClock.For(SiteResolver.Choose(_target.Configuration, Site).TimeZone);
        _client = WatsClient.Create(_target.Wats, _target.Token, _target.ProxyPassword);
    }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        // Ids that come one by one are asked for together at the end: a request for each would be slow.
        if (RunId is not null && !IsGiven(nameof(RunId))) _ids.AddRange(RunId);
        else await FindAsync(RunId, output, ct).ConfigureAwait(false);
    }

    protected override Task EndAsync(IPipelineWriter output, CancellationToken ct) =>
        _ids.Count == 0 ? Task.CompletedTask : FindAsync(_ids, output, ct);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _client?.Dispose();
        base.Dispose(disposing);
    }

    private async Task FindAsync(IReadOnlyList<Guid>? ids, IPipelineWriter output, CancellationToken ct)
    {
        var (from, to) = (Instant(From), Instant(To));
        if (from > to) throw new VteWatsException(
            ErrorKind.InvalidArgument, FormattableString.Invariant(
                $"The stretch ends before it begins: -From is {from:yyyy-MM-dd HH:mm:ss zzz}, -To is {to:yyyy-MM-dd HH:mm:ss zzz}."),
            "Give -To a later time than -From, or leave it out.", From);
        var query = new HeaderQuery
        {
            // A serial number that comes with an object is one that exists: brackets and stars in it are its own.
            SerialNumber = SerialNumber is null || IsGiven(nameof(SerialNumber)) ? Like(SerialNumber) : HeaderText.Exactly(SerialNumber),
            PartNumber = Like(PartNumber), StationName = Like(StationName), Results = Result ?? [], From = from, To = to, Ids = ids,
            First = First,
        };
        await foreach (var header in query.RunAsync(_client!, ct).ConfigureAwait(false))
            await output.WriteObjectAsync(AtSite(header)).ConfigureAwait(false);
    }

    private static HeaderText? Like(string? pattern) => pattern is null ? null : HeaderText.Like(pattern);

    private WatsReportHeader AtSite(WatsReportHeader header) =>
        _clock is not null && header.Start is { } start ? header with { Start = _clock.AtSite(start) } : header;

    private DateTimeOffset? Instant(object? given)
    {
        if (GivenTime.Plain(given) is not { } time) return null;
        return _clock is not null || SiteTime.IsInstant(time) ? SiteTime.ToInstant(time, _clock ?? SiteClock.For("UTC"))
            : throw new VteWatsException(
                ErrorKind.InvalidArgument, "The time has no offset, and no site says whose local time it is.",
                "Name the site with -Site, or the time zone with -TimeZone; or give the time with its offset as "
                + "2026-11-01T06:00:00+01:00.", given);
    }
}
