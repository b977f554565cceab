using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Sending;

/// <summary>
/// Remembers from one sending to the next the reports that did not get through with no other one to compare them with. Without it such a
/// report stops every sending.
/// </summary>
internal interface ISuspectHistory
{
    /// <summary>How many sendings in a row ended at this report while the server was well; 0 once it got through, or once the server was
    /// not well.</summary>
    int FailuresInARow(Guid runId);

    /// <summary>A sending ends at reports that were alone. Called once a sending.</summary>
    Task UndecidedAsync(UndecidedReport undecided);

    /// <summary>A report got through. Called for each one: to be cheap where nothing is remembered of it.</summary>
    void GotThrough(Guid runId);
}

/// <summary>A report that did not get through, with no other one to compare it with: it may be the report, it may be the
/// server.</summary>
/// <param name="Report">The report.</param>
/// <param name="Runs">Those that are in doubt, itself among them: others may have failed beside it.</param>
/// <param name="ServerIsWell">True when the server answered a query of headers right after.</param>
/// <param name="Failure">What the sending ends with.</param>
internal sealed record UndecidedReport(WatsReport Report, IReadOnlyList<Guid> Runs, bool ServerIsWell, VteWatsException Failure);
