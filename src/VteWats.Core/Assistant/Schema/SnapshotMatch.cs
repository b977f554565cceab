using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Assistant.Schema;

/// <summary>What a table is that runs refer to under a name that says nothing: runs keep a snapshot of its names, so the same values stand
/// in both.</summary>
internal static class SnapshotMatch
{
    private const double Alike = 0.5;

    private static readonly (string Column, string Snapshot)[] Snapshots =
    [
        ("Product_GUID", "ProductName"), ("Testplan_GUID", "TestplanName"), ("TestplanRevision_GUID", "TestplanRevision"),
        ("Testsystem_GUID", "Hostname"),
    ];

    /// <summary>The column of the runs that a reference is, by the snapshot that agrees best; null for none.</summary>
    /// <param name="runs">The runs, with the columns that are known.</param>
    /// <param name="target">The table that is referred to.</param>
    /// <param name="samples">What is in both.</param>
    /// <param name="taken">Columns that other references are.</param>
    public static string? Find(ColumnMatch runs, CatalogueTable target, TableSamples samples, IEnumerable<string> taken)
    {
        var best = (Column: (string?)null, Share: Alike);
        foreach (var (column, snapshot) in Snapshots.Where(s => !taken.Contains(s.Column)))
        {
            if (runs[snapshot] is not { } physical) continue;
            var share = Share(Texts(samples, runs.There, physical), target, samples);
            if (share > best.Share) best = (column, share);
        }
        return best.Column;
    }

    private static double Share(HashSet<string> values, CatalogueTable target, TableSamples samples) => values.Count == 0 ? 0
        : target.Columns.Where(c => TableSamples.IsText(c.Type)).Select(c => Texts(samples, target, c.Name))
            .Select(texts => (double)values.Count(texts.Contains) / values.Count).DefaultIfEmpty(0).Max();

    private static HashSet<string> Texts(TableSamples samples, CatalogueTable table, string column) =>
        [.. samples.Values(table, column).OfType<string>().Select(t => t.Trim()).Where(t => t.Length > 0)];
}
