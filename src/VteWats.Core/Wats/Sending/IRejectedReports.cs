namespace VteWats.Core.Wats.Sending;

/// <summary>Where reports go that do not get into WATS, so that they cannot be lost.</summary>
public interface IRejectedReports
{
    /// <summary>Keeps a report before its receipt is given; false when there is no place for it: its run is then not
    /// acknowledged.</summary>
    Task<bool> KeepAsync(WatsReport report, WatsRejection rejection);

    /// <summary>Removes what was kept of a report that got through.</summary>
    Task ForgetAsync(WatsReport report);

    /// <summary>True while an earlier failure of the report is kept: what WATS has of it is then out of date.</summary>
    bool Holds(WatsReport report);

    /// <summary>True while it is kept because it alone did not get through: it is tried again by itself, and when it fails once more
    /// that is no news of the server.</summary>
    bool HoldsSuspect(WatsReport report) => false;
}
