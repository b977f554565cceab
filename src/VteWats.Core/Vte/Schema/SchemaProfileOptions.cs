namespace VteWats.Core.Vte.Schema;

/// <summary>Overrides of the reference schema: names by logical name, and columns that the site lacks.</summary>
public sealed record SchemaProfileOptions
{
    /// <summary>Database schema of the tables; <c>dbo</c> when absent.</summary>
    public string? Schema { get; init; }

    /// <summary>Physical table name by logical table name.</summary>
    public IReadOnlyDictionary<string, string> Tables { get; init; } = new Dictionary<string, string>();

    /// <summary>Physical column name by <c>Table.Column</c> in logical names.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>Logical <c>Table</c> or <c>Table.Column</c> names that the site does not have. What depends on them is left out.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}
