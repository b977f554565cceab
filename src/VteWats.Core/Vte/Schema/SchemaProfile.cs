using VteWats.Core.Diagnostics;

namespace VteWats.Core.Vte.Schema;

/// <summary>
/// Where a site's tables and columns are: physical names by logical name, and what the site does not have. The names come from a
/// configuration and are not trusted: statements take theirs from a <see cref="BoundSchema"/>, which has found them in the catalogue.
/// </summary>
public sealed class SchemaProfile
{
    private readonly Dictionary<string, string> _tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _missing = new(StringComparer.OrdinalIgnoreCase);

    private SchemaProfile(string? schema) => Schema = schema;

    /// <summary>The reference schema as it stands, in <c>dbo</c>.</summary>
    public static readonly SchemaProfile Default = new(null);

    /// <summary>Database schema of the tables; null for the default (<c>dbo</c>, or SQLite's only one).</summary>
    public string? Schema { get; }

    /// <exception cref="VteWatsException">ConfigurationInvalid, naming every wrong entry: an unknown logical name, a name no database can
    /// have, or something switched off that no report can do without.</exception>
    public static SchemaProfile From(SchemaProfileOptions configuration)
    {
        var findings = new List<string>();
        var profile = new SchemaProfile(string.IsNullOrWhiteSpace(configuration.Schema) ? null : configuration.Schema);
        if (profile.Schema is not null) CheckName("schemaProfile.schema", profile.Schema, findings);
        foreach (var (logical, physical) in configuration.Tables)
        {
            var path = $"schemaProfile.tables.{logical}";
            Note(path, WrongTable(logical), findings);
            CheckName(path, physical, findings);
            profile._tables[logical] = physical;
        }
        foreach (var (logical, physical) in configuration.Columns)
        {
            var path = $"schemaProfile.columns.{logical}";
            Note(path, WrongColumn(logical), findings);
            CheckName(path, physical, findings);
            profile._columns[logical] = physical;
        }
        foreach (var logical in configuration.Missing)
        {
            var path = $"schemaProfile.missing: {logical}";
            Note(path, WrongMissing(logical), findings);
            profile._missing.Add(logical);
        }
        if (findings.Count == 0) CheckSteps(profile, findings);
        if (findings.Count == 0) return profile;
        throw new VteWatsException(
            ErrorKind.ConfigurationInvalid,
            $"The schema profile is not valid:{Environment.NewLine}{string.Join(Environment.NewLine, findings)}",
            "Correct these entries of the site's schemaProfile; Test-VteSchema shows what the database has.");
    }

    /// <summary>Physical name of a table; null when the site does not have it.</summary>
    public string? Table(string logical)
    {
        var table = ReferenceSchema.Table(logical);
        return _missing.Contains(table.Name) ? null : _tables.GetValueOrDefault(table.Name, table.Name);
    }

    /// <summary>Physical name of a column; null when the site does not have it or its table.</summary>
    public string? Column(string table, string column)
    {
        var definition = ReferenceSchema.Table(table).Column(column)
            ?? throw new ArgumentException($"The reference schema has no column '{table}.{column}'.", nameof(column));
        var logical = $"{table}.{definition.Name}";
        return Table(table) is null || _missing.Contains(logical) ? null : _columns.GetValueOrDefault(logical, definition.Name);
    }

    /// <summary>True when the configuration names the table itself, so that it must be there.</summary>
    public bool IsOverridden(string table) => _tables.ContainsKey(table);

    /// <summary>True when the configuration names the column itself, so that it must be there.</summary>
    public bool IsOverridden(string table, string column) => _columns.ContainsKey($"{table}.{column}");

    // A limit that is read from the other one's column, or a step from another table, would look right and not be so. Elsewhere one column
    // may well serve for two.
    private static void CheckSteps(SchemaProfile profile, List<string> findings)
    {
        var steps = ReferenceSchema.Tables.Where(ReferenceSchema.HoldsSteps).ToList();
        Check("tables", steps.Select(t => (t.Name, profile.Table(t.Name))));
        foreach (var table in steps)
            Check("columns", table.Columns.Select(c => ($"{table.Name}.{c.Name}", profile.Column(table.Name, c.Name))));

        void Check(string section, IEnumerable<(string Logical, string? Physical)> names) => findings.AddRange(
            from name in names
            where name.Physical is not null
            group name.Logical by name.Physical.ToUpperInvariant() into same
            where same.Count() > 1
            select $"schemaProfile.{section}: {string.Join(" and ", same)} would both be read from '{same.Key}'. Give the one its own "
            + "name, or switch it off in schemaProfile.missing.");
    }

    /// <summary>What is wrong with a logical name of a table; null for nothing.</summary>
    internal static string? WrongTable(string logical) =>
        ReferenceSchema.Find(logical) is null ? "VTE has no table of that logical name." + NameSuggestions.Hint(logical, TableNames) : null;

    /// <summary>What is wrong with a logical name of a column; null for nothing.</summary>
    internal static string? WrongColumn(string logical) => FindColumn(logical) is null
        ? "VTE has no column of that logical name (Table.Column)." + NameSuggestions.Hint(logical, ColumnNames) : null;

    /// <summary>What is wrong with a logical name that is to be switched off; null for nothing.</summary>
    internal static string? WrongMissing(string logical)
    {
        var column = FindColumn(logical);
        var table = ReferenceSchema.Find(logical);
        if (column is null && table is null)
            return $"VTE has no table or column '{logical}'." + NameSuggestions.Hint(logical, [.. TableNames, .. ColumnNames]);
        return column?.Needed ?? table!.Needed ? $"No report can be made without '{logical}', so it cannot be switched off." : null;
    }

    private static ColumnDefinition? FindColumn(string logical) =>
        logical.Split('.') is [var table, var column] ? ReferenceSchema.Find(table)?.Column(column) : null;

    private static IEnumerable<string> TableNames => ReferenceSchema.Tables.Select(t => t.Name);

    private static IEnumerable<string> ColumnNames => from t in ReferenceSchema.Tables from c in t.Columns select $"{t.Name}.{c.Name}";

    private static void Note(string path, string? problem, List<string> findings)
    {
        if (problem is not null) findings.Add($"{path}: {problem}");
    }

    private static void CheckName(string path, string name, List<string> findings)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 128 || name.Any(char.IsControl))
            findings.Add($"{path}: '{new string([.. name.Select(c => char.IsControl(c) ? '?' : c)])}' cannot be a name in a database (1 "
                + "to 128 printable characters).");
    }
}
