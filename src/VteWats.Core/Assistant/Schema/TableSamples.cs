using System.Data.Common;
using System.Globalization;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Assistant.Schema;

/// <summary>A look at the first rows of tables, to tell columns by what they hold. Nothing that may be a secret is selected: no column
/// with such a name, and no text of a table of users.</summary>
internal sealed class TableSamples(DbConnection connection, DatabaseProvider provider, int timeoutSeconds)
{
    private const int Most = 400, LongestText = 60, MostKeys = 20;

    private readonly Dictionary<CatalogueTable, IReadOnlyDictionary<string, IReadOnlyList<object?>>> _read = [];

    /// <summary>Values of a column in the first rows; nothing for one that is not looked into.</summary>
    public IReadOnlyList<object?> Values(CatalogueTable table, string column)
    {
        if (!_read.TryGetValue(table, out var read)) _read[table] = read = Read(table);
        return read.GetValueOrDefault(column) ?? [];
    }

    /// <summary>Share of a column's values that are keys of another table; null where there is none to look at.</summary>
    public double? Found(CatalogueTable table, string column, CatalogueTable target, string key)
    {
        var values = Values(table, column).Where(v => v is not null).Distinct().Take(MostKeys).ToList();
        if (values.Count == 0) return null;
        using var command = connection.CreateCommand();
        command.CommandTimeout = timeoutSeconds;
        var names = values.Select((value, i) =>
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (string.Create(CultureInfo.InvariantCulture, $"@k{i}"), value);
            command.Parameters.Add(parameter);
            return parameter.ParameterName;
        }).ToList();
        command.CommandText =
            $"SELECT COUNT(DISTINCT {Quote(key)}) FROM {Quote(target)} WHERE {Quote(key)} IN ({string.Join(", ", names)});";
        try
        {
            return Convert.ToDouble(command.ExecuteScalar(), CultureInfo.InvariantCulture) / values.Count;
        }
        catch (DbException) when (connection.State == System.Data.ConnectionState.Open)
        {
            // It may not be read.
            return null;
        }
    }

    private Dictionary<string, IReadOnlyList<object?>> Read(CatalogueTable table)
    {
        var ofUsers = NameHints.OfTable("Users", table.Name) > 0.6 || table.Columns.Any(c => NameHints.IsSecret(c.Name));
        var columns = table.Columns.Where(c => !NameHints.IsSecret(c.Name) && !IsOpaque(c.Type) && !(ofUsers && IsText(c.Type))).ToList();
        var values = columns.ToDictionary(c => c.Name, _ => new List<object?>());
        try
        {
            if (columns.Count > 0) Read(table, columns, values);
        }
        catch (DbException) when (connection.State == System.Data.ConnectionState.Open)
        {
            // A table that the login may see and not read: its names are all that is known of it.
        }
        return values.ToDictionary(v => v.Key, v => (IReadOnlyList<object?>)v.Value);
    }

    private void Read(CatalogueTable table, List<CatalogueColumn> columns, Dictionary<string, List<object?>> values)
    {
        using var command = connection.CreateCommand();
        command.CommandTimeout = timeoutSeconds;
        var (head, tail) = provider == DatabaseProvider.Sqlite ? ("", $" LIMIT {Most}") : ($"TOP ({Most}) ", "");
        command.CommandText = $"SELECT {head}{string.Join(", ", columns.Select(Expression))} FROM {Quote(table)}{tail};";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            for (var i = 0; i < columns.Count; i++)
                values[columns[i].Name].Add(reader.IsDBNull(i) ? null : reader.GetValue(i));
    }

    private string Expression(CatalogueColumn column) => !IsText(column.Type) ? Quote(column.Name)
        : provider == DatabaseProvider.Sqlite ? $"substr({Quote(column.Name)}, 1, {LongestText})"
        : $"LEFT(CAST({Quote(column.Name)} AS nvarchar(max)), {LongestText})";

    private string Quote(string name) => provider == DatabaseProvider.Sqlite ? SqlName.Sqlite(name) : SqlName.SqlServer(name);

    private string Quote(CatalogueTable table) =>
        provider == DatabaseProvider.Sqlite ? Quote(table.Name) : $"{Quote(table.Schema)}.{Quote(table.Name)}";

    internal static bool IsText(string type) => type is "nvarchar" or "varchar" or "nchar" or "char" or "ntext" or "text" or "sysname";

    internal static bool IsOpaque(string type) => type is "sql_variant" or "varbinary" or "binary" or "image" or "xml" or "blob";

    internal static bool IsTime(string type) => type is "datetime" or "datetime2" or "smalldatetime";

    internal static bool IsInteger(string type) => type is "int" or "smallint" or "tinyint" or "bigint" or "bit";

    internal static bool IsReal(string type) => type is "real" or "float" or "decimal" or "numeric" or "money" or "smallmoney";
}
