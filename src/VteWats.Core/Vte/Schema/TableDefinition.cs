namespace VteWats.Core.Vte.Schema;

/// <summary>A column of the reference schema.</summary>
/// <param name="Name">Logical name, which is also the physical name unless a site's profile says otherwise.</param>
/// <param name="SqlType">SQL Server type as it stands in a create script.</param>
/// <param name="Traits">What is known of the column and whether the adapter can do without it.</param>
/// <param name="References">Logical name of the table whose key the column holds; null when it refers to none.</param>
internal sealed record ColumnDefinition(string Name, string SqlType, ColumnTraits Traits, string? References = null)
{
    public bool IsKey => Traits.HasFlag(ColumnTraits.Key);

    /// <summary>True when an existing reader of this database uses the column; false when name and type are assumed.</summary>
    public bool Known => Traits.HasFlag(ColumnTraits.Known);

    /// <summary>True when no report can be made without the column, as far as its table is there.</summary>
    public bool Needed => Traits.HasFlag(ColumnTraits.Needed);

    /// <summary>True when a report without the column would look complete and not be so: it must be there, or be switched off by
    /// name.</summary>
    public bool Expected => Traits.HasFlag(ColumnTraits.Expected);

    /// <summary>False only for keys and for the columns that order the runs.</summary>
    public bool Nullable => !Traits.HasFlag(ColumnTraits.NotNull);

    /// <summary>The type's name without its length.</summary>
    public string BaseType => SqlType.Split('(')[0];
}

[Flags]
internal enum ColumnTraits
{
    Assumed = 0,
    Known = 1,
    Needed = 2,
    NotNull = 4,
    Key = 8 | NotNull,
    Expected = 16,
}

/// <summary>A table of the reference schema.</summary>
/// <param name="Name">Logical name, which is also the physical name unless a site's profile says otherwise.</param>
/// <param name="Purpose">One sentence for the documentation.</param>
/// <param name="Needed">True when no report can be made without the table.</param>
/// <param name="Columns">In the order of the create script.</param>
internal sealed record TableDefinition(string Name, string Purpose, bool Needed, IReadOnlyList<ColumnDefinition> Columns)
{
    /// <summary>True when a report without the table would look complete and not be so: it must be there, or be switched off by
    /// name.</summary>
    public bool Expected { get; init; }

    /// <summary>Columns of the indexes that the adapter's statements want, beside the key.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Indexes { get; init; } = [];

    public IEnumerable<ColumnDefinition> Keys => Columns.Where(c => c.IsKey);

    public ColumnDefinition? Column(string name) => Columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A column that holds the key of another table's row. The database may or may not enforce it.</summary>
internal sealed record Relation(string FromTable, string FromColumn, string ToTable, string ToColumn);
