namespace VteWats.Core.Vte.Reading;

/// <summary>How many test runs the database holds of one hour.</summary>
/// <param name="LocalHour">Begin of the hour, in the stations' local time.</param>
/// <param name="Runs">Rows of <c>IndexData</c> whose timestamp lies in it.</param>
public readonly record struct HourCount(DateTime LocalHour, long Runs);

/// <summary>A test run by as much as tells whether its header changed.</summary>
/// <param name="Id"><c>IndexData.Index_GUID</c>.</param>
/// <param name="Timestamp"><c>IndexData.Timestamp</c> as stored: site-local time.</param>
/// <param name="HeaderHash">The same as <see cref="VteTestRun.HeaderHash"/> of a run that was read in full.</param>
public sealed record RunKey(Guid Id, DateTime Timestamp, string HeaderHash);

/// <summary>The runs of a stretch, by their number and its ends.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Oldest">Timestamp of the first of them, as site-local time; null where there is none.</param>
/// <param name="Newest">Timestamp of the last of them.</param>
public sealed record RunsWaiting(long Count, DateTime? Oldest, DateTime? Newest);

/// <summary>The runs whose timestamp the database's own clock has not reached yet.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="First">The first of them in the order of (timestamp, id), as many as were asked for.</param>
public sealed record RunsAhead(long Count, IReadOnlyList<RunPosition> First);
