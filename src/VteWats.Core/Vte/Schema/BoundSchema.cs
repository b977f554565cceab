using VteWats.Core.Diagnostics;

namespace VteWats.Core.Vte.Schema;

/// <summary>
/// A profile tied to a live catalogue: the only source of names for SQL text. Every name in it was found in the catalogue, is spelt as
/// there, and comes quoted.
/// </summary>
public sealed class BoundSchema
{
    private readonly Dictionary<string, CatalogueTable> _tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, CatalogueColumn> _columns = new(StringComparer.OrdinalIgnoreCase);

    private BoundSchema(Catalogue catalogue, SchemaProfile profile)
    {
        Provider = catalogue.Provider;
        foreach (var table in ReferenceSchema.Tables)
        {
            if (profile.Table(table.Name) is not { } name || catalogue.Find(profile.Schema, name) is not { } found) continue;
            _tables[table.Name] = found;
            foreach (var column in table.Columns)
            {
                if (profile.Column(table.Name, column.Name) is { } physical && found.Find(physical) is { } there)
                    _columns[$"{table.Name}.{column.Name}"] = there;
            }
        }
    }

    public DatabaseProvider Provider { get; }

    /// <summary>Ties the profile to the catalogue.</summary>
    /// <exception cref="VteWatsException">SchemaUnsupported, with the list of differences: something needed, or something the profile
    /// names, is not there.</exception>
    public static BoundSchema Bind(Catalogue catalogue, SchemaProfile profile)
    {
        var errors = SchemaCheck.Compare(catalogue, profile).Where(f => f.Severity == FindingSeverity.Error).ToList();
        if (errors.Count == 0) return new BoundSchema(catalogue, profile);
        throw new VteWatsException(
            ErrorKind.SchemaUnsupported,
            $"The database is not what the schema profile "
            + $"says:{Environment.NewLine}{string.Join(Environment.NewLine, errors.Select(e => e.Message))}",
            $"{string.Join(" ", errors.Select(e => e.Fix).Distinct(StringComparer.Ordinal).Take(3))} Test-VteSchema lists every "
            + "difference.");
    }

    /// <summary>True when the site has the table.</summary>
    public bool Has(string table) => _tables.ContainsKey(ReferenceSchema.Table(table).Name);

    /// <summary>True when the site has the column.</summary>
    public bool Has(string table, string column) => _columns.ContainsKey($"{table}.{column}");

    /// <summary>The table for SQL text: quoted, with its schema on SQL Server.</summary>
    /// <exception cref="InvalidOperationException">The site does not have it: ask <see cref="Has(string)"/> first.</exception>
    public string Table(string table)
    {
        var found = _tables.GetValueOrDefault(table) ?? throw new InvalidOperationException($"The site has no table {table}.");
        return Provider == DatabaseProvider.Sqlite ? SqlName.Sqlite(found.Name)
            : $"{SqlName.SqlServer(found.Schema)}.{SqlName.SqlServer(found.Name)}";
    }

    /// <summary>The column for SQL text, quoted; null when the site does not have it.</summary>
    public string? Column(string table, string column) =>
        _columns.GetValueOrDefault($"{table}.{column}") is { } found
            ? Provider == DatabaseProvider.Sqlite ? SqlName.Sqlite(found.Name) : SqlName.SqlServer(found.Name)
            : null;

    /// <summary>Type and length of the column as the catalogue has them: parameters that are compared with it must be of this type. Null
    /// when the site does not have it.</summary>
    public CatalogueColumn? Describe(string table, string column) => _columns.GetValueOrDefault($"{table}.{column}");

    /// <summary>The table as the catalogue has it; null when the site does not have it.</summary>
    public CatalogueTable? Describe(string table) => _tables.GetValueOrDefault(table);
}

/// <summary>Quotes names. Nothing but names found in a catalogue, or of the reference schema, may come here.</summary>
internal static class SqlName
{
    public static string SqlServer(string name) => $"[{name.Replace("]", "]]", StringComparison.Ordinal)}]";

    public static string Sqlite(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
