namespace VteWats.Core.Operating.Alerts;

/// <summary>Which condition explains which others of the same site: who is told that WATS cannot be reached need not be told that nothing
/// gets through.</summary>
internal static class Inhibition
{
    private static readonly Dictionary<string, string[]> Explains = new(StringComparer.Ordinal)
    {
        ["Suspended"] = ["NoHeartbeat", "StageSilent", "NoProgress", "SyncFails", "ReadNothing", "Lag", "ComparisonOverdue", "Unconfirmed"],
        ["NoHeartbeat"] = ["NoProgress", "SyncFails", "ReadNothing", "Lag", "ComparisonOverdue", "Unconfirmed"],
        ["SyncFails"] = ["NoProgress", "ReadNothing", "Lag", "ComparisonOverdue", "Unconfirmed"],
        ["StageSilent"] = ["NoProgress", "ReadNothing", "Lag", "ComparisonOverdue"],
        ["NoProgress"] = ["ReadNothing", "Lag"],
        ["LettersFull"] = ["LettersGrow"],
    };

    /// <summary>Nobody is told of these: they are no trouble.</summary>
    public static bool IsNoAlert(string condition) => condition is "NeverSynced";

    /// <summary>What a suspended site is not judged by: such incidents neither begin nor end meanwhile.</summary>
    public static bool IsOpenWhileSuspended(string condition) => Explains["Suspended"].Contains(condition);

    /// <summary>Whether another open incident of the same site explains this one.</summary>
    public static bool IsExplained(Incident incident, IEnumerable<Incident> open) => open.Any(other =>
        other.Site == incident.Site && Explains.TryGetValue(other.Condition, out var explained)
        && explained.Contains(incident.Condition));
}
