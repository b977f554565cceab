using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Assistant.Schema;

/// <summary>The columns of one table by logical name: the best pairs of name, type and content, each column once.</summary>
internal sealed class ColumnMatch
{
    private const double Enough = 0.55, EnoughWhereNeeded = 0.15;

    private readonly Dictionary<string, (string Physical, double Score)> _found = new(StringComparer.OrdinalIgnoreCase);

    private ColumnMatch(TableDefinition table, CatalogueTable there) => (Table, There) = (table, there);

    public TableDefinition Table { get; }
    public CatalogueTable There { get; }

    public string? this[string logical] => _found.TryGetValue(logical, out var found) ? found.Physical : null;

    /// <summary>Takes a column that was found by other means.</summary>
    public void Take(string logical, string physical) => _found[logical] = (physical, 1.5);

    /// <summary>How well the table fits as a whole.</summary>
    public double Score => _found.Values.Sum(f => f.Score) / Table.Columns.Count
        - Table.Columns.Count(c => c.Needed && !_found.ContainsKey(c.Name));

    /// <summary>Columns that no report can do without and that were not found.</summary>
    public IEnumerable<ColumnDefinition> Lacking => Table.Columns.Where(c => c.Needed && !_found.ContainsKey(c.Name));

    /// <param name="table">What is looked for.</param>
    /// <param name="there">Where.</param>
    /// <param name="samples">What is in it.</param>
    /// <param name="known">Columns that are known by other means: by keys, or by the order of their values.</param>
    public static ColumnMatch Create(TableDefinition table, CatalogueTable there, TableSamples samples,
        IReadOnlyDictionary<string, string?> known)
    {
        var match = new ColumnMatch(table, there);
        foreach (var (logical, physical) in known)
            if (physical is not null && table.Column(logical) is not null) match._found[logical] = (physical, 1.5);
        var pairs = from column in table.Columns
                    where !known.ContainsKey(column.Name) && !NameHints.IsSecret(column.Name)
                    from physical in there.Columns
                    where SchemaCheck.Fits(column, physical) && !(physical.IsKey && !column.IsKey && column.Traits != ColumnTraits.NotNull)
                        && !NameHints.IsSecret(physical.Name)
                    let score = Score1(table, column, physical, samples.Values(there, physical.Name))
                    orderby score descending
                    select (column, physical, score);
        var list = pairs.ToList();
        Take(list.Where(p => p.score >= Enough));
        // What no report can do without may have a name that says little: what is left over with the right type will be it.
        Take(list.Where(p => p.column.Needed && p.score >= EnoughWhereNeeded));
        foreach (var column in table.Columns.Where(c => c.Needed && !match._found.ContainsKey(c.Name)).ToList())
        {
            var left = list.Where(p => p.column == column && IsFree(p.physical.Name) && p.score > -0.3).ToList();
            if (left.Count == 1) match._found[column.Name] = (left[0].physical.Name, 0.2);
        }
        return match;

        void Take(IEnumerable<(ColumnDefinition Column, CatalogueColumn Physical, double Score)> candidates)
        {
            foreach (var (column, physical, score) in candidates)
                if (!match._found.ContainsKey(column.Name) && IsFree(physical.Name)) match._found[column.Name] = (physical.Name, score);
        }

        bool IsFree(string physical) => !match._found.Values.Any(f => f.Physical.Equals(physical, StringComparison.OrdinalIgnoreCase));
    }

    private static double Score1(TableDefinition table, ColumnDefinition column, CatalogueColumn physical, IReadOnlyList<object?> values)
    {
        // A name of the reference schema is not an accident.
        if (physical.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase)) return 3;
        return NameHints.OfColumn(table.Name, column.Name, physical.Name) + ColumnContent.Of(column.Name, values);
    }
}
