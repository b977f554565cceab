using System.Globalization;
using System.Text;

namespace VteWats.Core.Vte.Schema;

/// <summary>Pages and diagrams for people: of the reference schema (<c>docs/vte-schema.md</c>) and of a live catalogue.</summary>
public static class SchemaDocument
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>The page <c>docs/vte-schema.md</c>.</summary>
    public static string Reference()
    {
        var page = new StringBuilder();
        page.Append("# The VTE database\n\n")
            .Append("This page is generated from `ReferenceSchema`; a test fails when it is not up to date. The names are those of the "
            + "reference\n")
            .Append("schema: where a site differs, its `schemaProfile` gives the physical names, and `Test-VteSchema` says what to "
            + "write there.\n\n")
            .Append("*Known* columns are used by an existing reader of this database; *assumed* ones are not confirmed by a public "
            + "source. A *needed*\n")
            .Append("column must be there as far as its table is. What a report would look complete without has to be switched off by "
            + "name\n")
            .Append("(`schemaProfile.missing`) where a site lacks it; any other may be missing, and what depends on it is left out.\n\n")
            .Append("## Diagram\n\n```mermaid\n").Append(ReferenceDiagram()).Append("```\n");
        Section(page, "Results and repair", ReferenceSchema.Results);
        Section(page, "Configuration", ReferenceSchema.Configuration);
        page.Append("\n## Relations\n\n| from | to |\n|---|---|\n");
        foreach (var r in ReferenceSchema.Relations)
            page.Append(Invariant, $"| `{r.FromTable}.{r.FromColumn}` | `{r.ToTable}.{r.ToColumn}` |\n");
        page.Append("\nThe adapter relies on no foreign key: a row that refers to nothing is read with what is there.\n");
        page.Append("\n## Sample databases and extracts (SQLite)\n\n")
            .Append("The same tables, with GUIDs as upper-case text with dashes, times as text `yyyy-MM-dd HH:mm:ss.fff` (rounded to "
            + "the 1/300 s of\n")
            .Append("SQL Server's `datetime`), and `TestDataOther.TestResult` as text or bytes.\n");
        return page.ToString();
    }

    /// <summary>A Mermaid diagram of the VTE tables that a catalogue has; other tables are left out.</summary>
    public static string Mermaid(Catalogue catalogue, SchemaProfile profile)
    {
        var diagram = new MermaidDiagram();
        var tables = Mapped(catalogue, profile).ToDictionary(t => t.Definition.Name, t => t.Table);
        foreach (var r in ReferenceSchema.Relations)
        {
            if (tables.TryGetValue(r.ToTable, out var parent) && tables.TryGetValue(r.FromTable, out var child)
                && profile.Column(r.FromTable, r.FromColumn) is { } column && child.Find(column) is { } there)
                diagram.Relation(parent.Name, child.Name, there.Name);
        }
        foreach (var (definition, table) in Mapped(catalogue, profile))
        {
            var foreign = definition.Columns.Where(c => c.References is not null).Select(c => profile.Column(definition.Name, c.Name))
                .ToHashSet(StringComparer.OrdinalIgnoreCase);
            diagram.Table(table.Name, table.Columns.Select(c => (c.SqlType, c.Name, c.IsKey, foreign.Contains(c.Name))));
        }
        return diagram.ToString();
    }

    /// <summary>A Markdown page of everything a catalogue has, with the diagram of its VTE tables.</summary>
    public static string Markdown(Catalogue catalogue, SchemaProfile profile)
    {
        var page = new StringBuilder("# Database schema\n\n```mermaid\n").Append(Mermaid(catalogue, profile)).Append("```\n");
        var logical = Mapped(catalogue, profile).ToDictionary(t => (t.Table.Schema, t.Table.Name), t => t.Definition.Name);
        foreach (var table in catalogue.Tables)
        {
            page.Append(Invariant, $"\n## {Cell($"{table.Schema}.{table.Name}")}\n\n")
                .Append(logical.TryGetValue((table.Schema, table.Name), out var name) ? $"VTE's `{name}`. "
                : "Not part of VTE as the adapter knows it. ")
                .Append(table.IsView ? "A view.\n" : FormattableString.Invariant($"About {table.Rows ?? 0} rows.\n"))
                .Append("\n| column | type | NULL | key |\n|---|---|---|---|\n");
            foreach (var c in table.Columns)
                page.Append(Invariant, $"| {Cell(c.Name)} | {c.SqlType} | {(c.Nullable ? "yes" : "no")} | {(c.IsKey ? "yes" : "")} |\n");
            if (table.Indexes.Count == 0) continue;
            page.Append("\n| index | columns | unique |\n|---|---|---|\n");
            foreach (var i in table.Indexes)
                page.Append(Invariant, $"| {Cell(i.Name)} | {Cell(string.Join(", ", i.Columns))} | {(i.Unique ? "yes" : "no")} |\n");
        }
        return page.ToString();
    }

    private static string ReferenceDiagram()
    {
        var diagram = new MermaidDiagram();
        foreach (var r in ReferenceSchema.Relations) diagram.Relation(r.ToTable, r.FromTable, r.FromColumn);
        foreach (var table in ReferenceSchema.Tables)
            diagram.Table(table.Name, table.Columns.Select(c => (c.SqlType, c.Name, c.IsKey, c.References is not null)));
        return diagram.ToString();
    }

    private static void Section(StringBuilder page, string title, IReadOnlyList<TableDefinition> tables)
    {
        page.Append(Invariant, $"\n## {title}\n");
        foreach (var table in tables)
        {
            page.Append(Invariant, $"\n### {table.Name}\n\n{table.Purpose} "
                + $"{(table.Needed ? "Needed." : table.Expected ? "Needed unless switched off." : "Optional.")}\n")
                .Append("\n| column | type | NULL | key | source | needed |\n|---|---|---|---|---|---|\n");
            foreach (var c in table.Columns)
            {
                var key = c.IsKey ? "primary" : c.References is null ? "" : $"of `{c.References}`";
                page.Append(Invariant, $"| `{c.Name}` | {c.SqlType} | {(c.Nullable ? "yes" : "no")} | {key} | "
                    + $"{(c.Known ? "known" : "assumed")} | {(c.Needed ? "yes" : c.Expected ? "unless switched off" : "")} |\n");
            }
            if (table.Indexes.Count > 0)
                page.Append(Invariant, $"\nIndexes: "
                    + $"{string.Join("; ", table.Indexes.Select(i => $"({string.Join(", ", i.Select(c => $"`{c}`"))})"))}.\n");
        }
    }

    private static IEnumerable<(TableDefinition Definition, CatalogueTable Table)> Mapped(Catalogue catalogue, SchemaProfile profile) =>
        from definition in ReferenceSchema.Tables
        let name = profile.Table(definition.Name)
        where name is not null
        let table = catalogue.Find(profile.Schema, name)
        where table is not null
        select (definition, table);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
