using VteWats.Core.Diagnostics;

namespace VteWats.Core.Vte.Schema;

/// <summary>Compares a database with what a site's profile says of it.</summary>
public static class SchemaCheck
{
    // Types that hold the same values for the reader, whatever the column was declared as.
    private static readonly string[][] Families =
    [
        ["uniqueidentifier"],
        ["datetime", "datetime2", "smalldatetime"],
        ["int", "smallint", "tinyint", "bigint", "bit"],
        ["real", "float", "decimal", "numeric", "int", "smallint", "tinyint", "bigint", "money", "smallmoney"],
        ["nvarchar", "varchar", "nchar", "char", "ntext", "text", "sysname"],
        ["sql_variant", "nvarchar", "varchar", "nchar", "char", "ntext", "text", "varbinary", "binary", "image"],
    ];

    /// <summary>All differences, the worst first, then in the order of the reference schema.</summary>
    public static IReadOnlyList<SchemaFinding> Compare(Catalogue catalogue, SchemaProfile profile)
    {
        var findings = new List<SchemaFinding>();
        var used = new HashSet<CatalogueTable>(ReferenceEqualityComparer.Instance);
        foreach (var table in ReferenceSchema.Tables)
        {
            if (profile.Table(table.Name) is not { } name) continue;
            if (catalogue.Find(profile.Schema, name) is not { } found)
            {
                findings.Add(MissingTable(catalogue, profile, table, name));
                continue;
            }
            used.Add(found);
            foreach (var column in table.Columns) CompareColumn(profile, table, column, found, findings);
            if (table.Name == "IndexData")
                CheckIndex(
                    profile, table, found, SchemaFindingKind.NoPagingIndex, "IX_VteWats_Paging", ReferenceSchema.PagingKey, findings);
            else if (ReferenceSchema.HoldsSteps(table))
                CheckIndex(profile, table, found, SchemaFindingKind.NoRunIndex, $"IX_VteWats_{table.Name}", ["Index_GUID"], findings);
            FindExtraColumns(profile, table, found, findings);
        }
        findings.AddRange(catalogue.Tables.Where(t => !used.Contains(t)).Select(t => new SchemaFinding(
            FindingSeverity.Information, SchemaFindingKind.Extra, null, Full(t),
            $"{(t.IsView ? "View" : "Table")} {Full(t)} is not part of VTE as the adapter knows it; it is not read.", "")));
        return [.. findings.OrderBy(f => f.Severity switch { FindingSeverity.Error => 0, FindingSeverity.Warning => 1, _ => 2 })];
    }

    private static SchemaFinding MissingTable(Catalogue catalogue, SchemaProfile profile, TableDefinition table, string name)
    {
        var others = ReferenceSchema.Tables.Where(t => t != table).Select(t => profile.Table(t.Name))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var near = NameSuggestions.To(name, catalogue.Tables.Select(t => t.Name).Where(t => !others.Contains(t)));
        var schema = profile.Schema ?? catalogue.DefaultSchema;
        var elsewhere = catalogue.Tables.FirstOrDefault(t => t.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Schema;
        var needed = table.Needed || table.Expected || profile.IsOverridden(table.Name);
        var fix = elsewhere is not null
            ? $"Write \"schemaProfile\": {{ \"schema\": \"{elsewhere}\" }}: the table is in that schema."
            : Fix("tables", table.Name, near, table.Needed);
        return new SchemaFinding(
            needed ? FindingSeverity.Error : FindingSeverity.Warning,
            needed ? SchemaFindingKind.MissingNeeded : SchemaFindingKind.MissingOptional,
            table.Name, $"{schema}.{name}",
            $"Table '{schema}.{name}' ({table.Name}) is not in the database, or the login may not see "
            + $"it.{(needed ? "" : " What depends on it is left out.")}",
            fix)
        { Suggestions = near };
    }

    private static void CompareColumn(SchemaProfile profile, TableDefinition table, ColumnDefinition column, CatalogueTable found,
        List<SchemaFinding> findings)
    {
        if (profile.Column(table.Name, column.Name) is not { } name) return;
        var logical = $"{table.Name}.{column.Name}";
        if (found.Find(name) is not { } there)
        {
            // The name of something else is not a suggestion: a limit that is read from the other one looks right and is not.
            var others = table.Columns.Where(c => c != column).Select(c => profile.Column(table.Name, c.Name))
                .ToHashSet(StringComparer.OrdinalIgnoreCase);
            var near = NameSuggestions.To(name, found.Columns.Where(c => !others.Contains(c.Name) && Fits(column, c)).Select(c => c.Name));
            var needed = column.Needed || column.Expected || profile.IsOverridden(table.Name, column.Name);
            findings.Add(new SchemaFinding(
                needed ? FindingSeverity.Error : FindingSeverity.Warning,
                needed ? SchemaFindingKind.MissingNeeded : SchemaFindingKind.MissingOptional,
                logical, $"{Full(found)}.{name}",
                $"Column '{name}' ({logical}) is not in {Full(found)}.{(needed ? "" : " What depends on it is left out.")}",
                Fix("columns", logical, near, column.Needed))
            { Suggestions = near });
        }
        else if (!Fits(column, there))
        {
            findings.Add(new SchemaFinding(
                column.Needed || column.Expected ? FindingSeverity.Error
                : FindingSeverity.Warning, SchemaFindingKind.OtherType, logical, $"{Full(found)}.{there.Name}",
                $"Column '{there.Name}' ({logical}) of {Full(found)} is {there.SqlType}; expected {column.SqlType}.",
                column.Needed
                    ? $"Name the column that holds it: \"schemaProfile\": {{ \"columns\": {{ \"{logical}\": \"...\" }} }}."
                    : $"Name the column that holds it, or switch it off: {SwitchOff(logical)}"));
        }
    }

    /// <summary>True where the reader can take what the column holds.</summary>
    internal static bool Fits(ColumnDefinition column, CatalogueColumn there) =>
        Families.Any(f => f[0] == Head(column.BaseType) && f.Contains(there.Type));

    // The first name of a family stands for it.
    private static string Head(string baseType) => baseType is "float" ? "real" : baseType;

    private static void CheckIndex(
        SchemaProfile profile, TableDefinition table, CatalogueTable found, SchemaFindingKind kind, string name,
        IEnumerable<string> logical, List<SchemaFinding> findings)
    {
        var key = logical.Select(c => profile.Column(table.Name, c)).OfType<string>().ToArray();
        // A clustered key on Index_GUID rides along in every other index, so what stands in front is what counts. A view or a missing
        // column is told elsewhere.
        if (found.IsView || found.Find(key[0]) is null) return;
        if (found.Indexes.Any(i => i.Columns.Count > 0 && i.Columns[0].Equals(key[0], StringComparison.OrdinalIgnoreCase))) return;
        var columns = string.Join(", ", key.Select(SqlName.SqlServer));
        findings.Add(new SchemaFinding(
            FindingSeverity.Warning, kind, table.Name, Full(found),
            $"{Full(found)} has no index that begins with {key[0]}: each page reads the whole table, which is slow and burdens the server.",
            $"Ask the database administrator for: CREATE INDEX {name} ON "
            + $"{SqlName.SqlServer(found.Schema)}.{SqlName.SqlServer(found.Name)} ({columns}); The adapter never changes the database "
            + "itself."));
    }

    private static void FindExtraColumns(SchemaProfile profile, TableDefinition table, CatalogueTable found, List<SchemaFinding> findings)
    {
        var mapped = table.Columns.Select(c => profile.Column(table.Name, c.Name)).OfType<string>()
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        findings.AddRange(found.Columns.Where(c => !mapped.Contains(c.Name)).Select(c => new SchemaFinding(
            FindingSeverity.Information, SchemaFindingKind.Extra, null, $"{Full(found)}.{c.Name}",
            $"Column '{c.Name}' ({c.SqlType}) of {Full(found)} is not part of VTE as the adapter knows it; it is not read.", "")));
    }

    private static string Fix(string section, string logical, IReadOnlyList<string> near, bool needed)
    {
        var rename = $"\"schemaProfile\": {{ \"{section}\": {{ \"{logical}\": \"{(near.Count > 0 ? near[0] : "<its name here>")}\" }} }}";
        return needed
            ? $"Write {rename}, or let the login see it."
            : $"Write {rename}, or switch it off: {SwitchOff(logical)}";
    }

    private static string SwitchOff(string logical) => $"\"schemaProfile\": {{ \"missing\": [ \"{logical}\" ] }}."
        + (logical.EndsWith(".TestResultType", StringComparison.Ordinal)
        ? " Its steps have no verdict then: set mapping.missingStepResult to D or limits." : "");

    private static string Full(CatalogueTable table) => $"{table.Schema}.{table.Name}";
}
