using VteWats.Core.Vte.Schema;

namespace VteWats.Unit.Vte;

/// <summary>Two sites that are as unlike the reference schema as a site can be.</summary>
internal static class SampleProfiles
{
    /// <summary>Every table and column has another name, with all the signs that quoting must survive.</summary>
    public static readonly SchemaProfileOptions Renamed = new()
    {
        Tables = ReferenceSchema.Tables.ToDictionary(t => t.Name, t => $"t\"{t.Name}"),
        Columns = (from t in ReferenceSchema.Tables
                   from c in t.Columns
                   select (t, c)).ToDictionary(p => $"{p.t.Name}.{p.c.Name}", p => $"x {p.c.Name}]"),
    };

    /// <summary>Nothing but what a report cannot do without.</summary>
    public static readonly SchemaProfileOptions Bare = new()
    {
        Missing =
        [
            .. ReferenceSchema.Tables.Where(t => !t.Needed).Select(t => t.Name),
            .. from t in ReferenceSchema.Tables where t.Needed from c in t.Columns where !c.Needed select $"{t.Name}.{c.Name}",
        ],
    };
}
