namespace VteWats.Core.Wats.Sending;

/// <summary>Where reports go that WATS refused, so that they cannot be lost.</summary>
public interface IRejectedReports
{
    /// <summary>Keeps a refused report before its receipt is given; false when there is no place for it: its run is then not
    /// acknowledged.</summary>
    /// <param name="report">The report.</param>
    /// <param name="findings">What WATS says, one finding a line.</param>
    /// <param name="attempts">How often it was posted.</param>
    Task<bool> KeepAsync(WatsReport report, string findings, int attempts);

    /// <summary>Removes what was kept of a report that got through.</summary>
    Task ForgetAsync(WatsReport report);

    /// <summary>True while an earlier failure of the report is kept: what WATS has of it is then out of date.</summary>
    bool Holds(WatsReport report);
}
