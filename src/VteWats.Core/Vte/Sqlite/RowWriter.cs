using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Vte.Sqlite;

/// <summary>Writes rows into a VTE database that was just made, in bulk. Columns and tables that the profile lacks are left out.</summary>
internal abstract class RowWriter : IDisposable
{
    private readonly Dictionary<string, (int[] Columns, object?[] Buffer)> _shapes;

    protected RowWriter(SchemaProfile profile)
    {
        Profile = profile;
        _shapes = ReferenceSchema.Tables.Where(t => profile.Table(t.Name) is not null).ToDictionary(
            t => t.Name,
            t =>
            {
                int[] columns = [.. Enumerable.Range(0, t.Columns.Count).Where(i => profile.Column(t.Name, t.Columns[i].Name) is not null)];
                return (columns, new object?[columns.Length]);
            },
            StringComparer.Ordinal);
    }

    protected SchemaProfile Profile { get; }

    /// <summary>The columns that are written, in the order of the reference schema.</summary>
    protected IEnumerable<ColumnDefinition> Columns(TableDefinition table) => _shapes[table.Name].Columns.Select(i => table.Columns[i]);

    /// <summary>One row; <paramref name="values"/> for all columns of the reference schema in its order.</summary>
    public void Write(string table, params object?[] values)
    {
        if (!_shapes.TryGetValue(table, out var shape)) return;
        for (var i = 0; i < shape.Columns.Length; i++) shape.Buffer[i] = values[shape.Columns[i]];
        WriteRow(table, shape.Buffer);
    }

    /// <summary>Makes everything written durable. Without it nothing of a SQLite file stays.</summary>
    public abstract void Complete();

    public abstract void Dispose();

    /// <summary>The buffer is used again for the next row.</summary>
    protected abstract void WriteRow(string table, object?[] values);
}
