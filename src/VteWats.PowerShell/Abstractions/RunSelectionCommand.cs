using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte.Reading;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>A cmdlet that reads chosen test runs of a VTE database.</summary>
public abstract class RunSelectionCommand : VteSourceCommand
{
    /// <summary>Runs from this time on: a DateTime without kind (or text without offset) is the site's local time, one with a kind or an
    /// offset that instant.</summary>
    [Parameter(Position = 1)]
    public object? Since { get; set; }

    /// <summary>Runs before this time, given as with -Since.</summary>
    [Parameter(Position = 2)]
    public object? Until { get; set; }

    /// <summary>Serial numbers; wildcards are allowed, blanks around a stored number do not count.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] SerialNumber { get; set; } = [];

    /// <summary>Names of products; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] ProductName { get; set; } = [];

    /// <summary>Names of test plans; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] TestplanName { get; set; } = [];

    /// <summary>Names or host names of test stations; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] StationName { get; set; } = [];

    /// <summary>Passed, Failed, Error or Terminated by the site's mapping, or integer codes of IndexData.Result.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ResultCompleter))]
    public string[] Result { get; set; } = [];

    /// <summary>At most this many runs.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    /// <summary>What these parameters ask for, at a site with this clock. A run that cannot be read is an error of its own.</summary>
    /// <param name="clock">The site's clock.</param>
    /// <param name="output">Where such an error goes.</param>
    /// <param name="missing">Ids that were asked for and not found yet: such a run is not missing.</param>
    internal TestRunQuery Selection(SiteClock clock, IPipelineWriter output, HashSet<Guid>? missing = null)
    {
        var (since, until) = SiteTime.Stretch(GivenTime.Plain(Since), GivenTime.Plain(Until), clock);
        return new TestRunQuery
        {
            Since = since, Until = until, SerialNumbers = SerialNumber, ProductNames = ProductName, TestplanNames = TestplanName,
            StationNames = StationName, Results = Result, First = First,
            OnUnreadable = run =>
            {
                missing?.Remove(run.Id);
                return output.WriteErrorAsync(Failures.From(run.ToError()));
            },
        };
    }

    /// <summary>The site's database, its readings' retries logged.</summary>
    internal static VteSourceOptions Source(ResolvedSite resolved, VteWatsLog log) => resolved.Site.ToSource() with
    {
        OnAttempt = attempt => SyncLog.Write(log, attempt),
        OnRetry = failure => log.For<VteSource>().Warning(failure, "Reading a page of {Site} again", resolved.Site.Name),
    };

    /// <summary>An error for each run that was asked for by its id and is not there.</summary>
    internal static async Task TellMissingAsync(IEnumerable<Guid> missing, string site, IPipelineWriter output)
    {
        foreach (var id in missing)
        {
            await output.WriteErrorAsync(Failures.From(new VteWatsException(
                ErrorKind.TestRunNotFound, $"There is no settled test run {id} at site '{site}'.",
                "Check the id and the site. A run that has just begun is found when the settle time is over; -SettleSeconds 0 shows it "
                + "now.", id))).ConfigureAwait(false);
        }
    }
}
