using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Inspection;

/// <summary>Which columns an anonymous export hides, and how. Names of steps, units of measure, codes, revisions and instrument models
/// stay: a mapping is made of them.</summary>
internal static class AnonymousColumns
{
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["UutData.Serial"] = "SN", ["UutData.BatchNumber"] = "LOT", ["AssemblyData.Serial"] = "SN", ["AssemblyData.PartNumber"] = "PART",
        ["AssemblyData.Name"] = "ASSEMBLY", ["TestsystemComponents.SerialNumber"] = "SN", ["Users.Name"] =
            "OPERATOR", ["IndexData.UserName"] = "OPERATOR",
        ["Products.Name"] = "PRODUCT", ["IndexData.ProductName"] = "PRODUCT", ["Testplans.Name"] = "PLAN", ["IndexData.TestplanName"] =
            "PLAN",
        ["TestSystems.Name"] = "STATION", ["TestSystems.Hostname"] = "HOST", ["IndexData.Hostname"] = "HOST", ["IndexData.Site"] = "SITE",
        ["IndexData.Info1"] = "INFO", ["IndexData.Info2"] = "INFO", ["IndexData.Info3"] = "INFO", ["Products.Notes"] = "TEXT",
        ["UutHistory.Comment"] = "TEXT", ["RepairData.Comment"] = "TEXT", ["RepairActions.Comment"] = "TEXT",
    };

    /// <summary>First part of a column's tokens; null for a column that is not hidden as a whole.</summary>
    public static string? Kind(string table, string column) => Kinds.GetValueOrDefault($"{table}.{column}");

    /// <summary>Hides what is to be hidden in a row. In other texts of a run, such as a text result, only what <paramref name="secrets"/>
    /// names.</summary>
    public static void Replace(Anonymizer anonymizer, string table, object?[] row, IReadOnlyList<(string Kind, string? Secret)> secrets)
    {
        var columns = ReferenceSchema.Table(table).Columns;
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] is byte[] bytes) row[i] = new byte[bytes.Length];
            if (row[i] is not string text) continue;
            row[i] = Kind(table, columns[i].Name) is { } kind ? anonymizer.Replace(kind, text) : anonymizer.Scrub(text, secrets);
        }
    }
}
