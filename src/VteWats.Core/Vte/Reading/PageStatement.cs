using System.Data.Common;
using System.Globalization;
using System.Text;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Vte.Reading;

/// <summary>The last run of a page as the database itself gave it, so that it goes back unchanged.</summary>
internal sealed record PageCursor(object Timestamp, object Id);

/// <summary>
/// The statement of a page: one batch, one round trip. The keys of the page go into a temp table, then the headers and each table of
/// results come as result sets of their own, each row with the position of its run in the page.
/// </summary>
internal sealed class PageStatement
{
    private readonly BoundSchema _schema;
    private readonly SqlDialect _dialect;
    private readonly RunFilter _filter;
    private readonly string _sets;
    private readonly bool _newestFirst;

    public PageStatement(BoundSchema schema, SqlDialect dialect, RunFilter filter, bool headerOnly, bool newestFirst)
    {
        _schema = schema;
        _dialect = dialect;
        _filter = filter;
        _newestFirst = newestFirst;
        var sets = new List<(PageSet, string)> { (PageSet.Header, Header()) };
        if (!headerOnly)
        {
            AddSteps(sets, PageSet.Numeric, "TestDataNumeric", ["LowLimit", "HighLimit"]);
            AddSteps(sets, PageSet.Text, "TestDataText", []);
            AddSteps(sets, PageSet.Other, "TestDataOther", []);
        }
        if (_schema.Has("AssemblyData")) sets.Add((PageSet.Assembly, Assemblies()));
        if (_schema.Has("TestsystemComponents") && _schema.Has("IndexData", "Testsystem_GUID")) sets.Add((PageSet.Component, Components()));
        Sets = [.. sets.Select(s => s.Item1)];
        _sets = string.Join("\n", sets.Select(s => s.Item2));
    }

    /// <summary>What the result sets hold, in their order.</summary>
    public IReadOnlyList<PageSet> Sets { get; }

    /// <summary>Makes <paramref name="command"/> read the page of at most <paramref name="take"/> runs after <paramref name="cursor"/>.</summary>
    public void Prepare(DbCommand command, PageCursor? cursor, int take, IReadOnlyList<Guid> ids)
    {
        var (boundary, conditions) = Conditions(command, cursor, ids);
        command.Parameters.Add(_dialect.Number("@Take", take));
        command.CommandText = boundary + Text(conditions);
    }

    /// <summary>Makes <paramref name="command"/> count what <see cref="Prepare"/> would read in all.</summary>
    public void PrepareCount(DbCommand command, PageCursor? cursor, IReadOnlyList<Guid> ids)
    {
        var (boundary, conditions) = Conditions(command, cursor, ids);
        command.CommandText = $"{boundary}SELECT {_dialect.Count} FROM {_schema.Table("IndexData")} AS i\nWHERE "
            + $"{string.Join("\n  AND ", conditions)};";
    }

    private (string Boundary, List<string> Conditions) Conditions(DbCommand command, PageCursor? cursor, IReadOnlyList<Guid> ids)
    {
        command.Parameters.Clear();
        var conditions = _filter.Conditions.ToList();
        foreach (var parameter in _filter.Parameters()) command.Parameters.Add(parameter);
        var timestampColumn = _schema.Describe("IndexData", "Timestamp")!;
        var idColumn = _schema.Describe("IndexData", "Index_GUID")!;
        var (timestamp, id) = (I("Timestamp"), I("Index_GUID"));
        var statements = "";
        if (cursor is not null)
        {
            var beyond = _newestFirst ? "<" : ">";
            // The first condition lets the server seek; the pair in the second decides.
            (statements, var bound) = _dialect.Boundary(
                timestampColumn, _schema.Table("IndexData"), _schema.Column("IndexData", "Timestamp")!,
                _schema.Column("IndexData", "Index_GUID")!);
            conditions.Add($"{timestamp} {beyond}= {bound}");
            conditions.Add($"({timestamp} {beyond} {bound} OR ({timestamp} = {bound} AND {id} {beyond} @AfterId))");
            command.Parameters.Add(_dialect.Parameter("@AfterTimestamp", timestampColumn, cursor.Timestamp));
            command.Parameters.Add(_dialect.Parameter("@AfterId", idColumn, cursor.Id));
        }
        if (ids.Count > 0)
        {
            var names = ids.Select((_, n) => string.Create(CultureInfo.InvariantCulture, $"@Id{n}")).ToList();
            conditions.Add($"{id} IN ({string.Join(", ", names)})");
            for (var n = 0; n < ids.Count; n++) command.Parameters.Add(_dialect.Parameter(names[n], idColumn, _dialect.Key(ids[n])));
        }
        return (statements, conditions);
    }

    private string Text(List<string> conditions)
    {
        var direction = _newestFirst ? " DESC" : "";
        var order = $"{I("Timestamp")}{direction}, {I("Index_GUID")}{direction}";
        return new StringBuilder(_dialect.MakePage(_schema.Describe("IndexData", "Timestamp")!))
            .Append("INSERT INTO ").Append(_dialect.PageTable).Append(" (").Append(Q("Position")).Append(", ").Append(Q("Id")).Append(", ")
            .Append(Q("Timestamp")).Append(")\n")
            .Append("SELECT ").Append(_dialect.Take.Head).Append("ROW_NUMBER() OVER (ORDER BY ").Append(order).Append("), ")
            .Append(I("Index_GUID")).Append(", ").Append(I("Timestamp"))
            .Append("\nFROM ").Append(_schema.Table("IndexData")).Append(" AS i\nWHERE ").AppendJoin("\n  AND ", conditions)
            .Append("\nORDER BY ").Append(order).Append(_dialect.Take.Tail).Append(";\n")
            .Append(_sets)
            .ToString();
    }

    // A run that was deleted since its key was taken has a row too, so that paging goes on behind it.
    private string Header()
    {
        var text = new StringBuilder("SELECT p.").Append(Q("Position")).Append(", p.").Append(Q("Timestamp")).Append(", p.").Append(Q("Id"))
            .Append(", ").Append(I("Index_GUID"));
        foreach (var column in PageColumns.Own) text.Append(", ").Append(Or("IndexData", column, "i"));
        var joins = new StringBuilder();
        var joined = new HashSet<string>(StringComparer.Ordinal);
        Join("UutData", "Uut_GUID", "Uut_GUID", "i", "u");
        // Older stations note the product with the unit only.
        Join("Products", "Product_GUID", "Product_GUID", _schema.Has("IndexData", "Product_GUID") ? "i" : "u", "pr");
        Join("Testplans", "Testplan_GUID", "Testplan_GUID", "i", "tp");
        Join("TestplanRevisions", "TestplanRevision_GUID", "TestplanRevision_GUID", "i", "tr");
        Join("TestSystems", "Testsystem_GUID", "Testsystem_GUID", "i", "ts");
        Join("Users", "User_GUID", "User_GUID", "i", "us");
        foreach (var (table, column, alias) in PageColumns.Joined)
            text.Append(", ").Append(joined.Contains(alias) ? Or(table, column, alias) : "NULL");
        return text.Append(", ").Append(Ordinal())
            .Append("\nFROM ").Append(_dialect.PageTable).Append(" AS p\nLEFT JOIN ").Append(_schema.Table("IndexData")).Append(" AS i ON ")
            .Append(I("Index_GUID")).Append(" = p.").Append(Q("Id"))
            .Append(joins).Append(";\n").ToString();

        void Join(string table, string key, string foreign, string from, string alias)
        {
            var owner = from == "i" ? "IndexData" : "UutData";
            if (!_schema.Has(table) || !_schema.Has(table, key) || !_schema.Has(owner, foreign)) return;
            joined.Add(alias);
            joins.Append("\nLEFT JOIN ").Append(_schema.Table(table)).Append(" AS ").Append(alias).Append(" ON ")
                .Append(alias).Append('.').Append(_schema.Column(table, key)).Append(" = ").Append(from).Append('.')
                .Append(_schema.Column(owner, foreign));
        }
    }

    // How many runs of the same unit began at the same moment and come before this one; by the text of the id, so that every provider
    // agrees.
    private string Ordinal()
    {
        var (id, time, unit, serial) = (_schema.Column("IndexData", "Index_GUID"), _schema.Column("IndexData", "Timestamp"),
            _schema.Column("IndexData", "Uut_GUID"), _schema.Column("UutData", "Serial"));
        var (mine, other) = (_dialect.Folded(_dialect.Trim($"u.{serial}")), _dialect.Folded(_dialect.Trim($"ou.{serial}")));
        var blank = $"(u.{serial} IS NULL OR {_dialect.Trim($"u.{serial}")} = '')";
        return $"""
            (SELECT COUNT(*) FROM {_schema.Table("IndexData")} AS o LEFT JOIN {_schema.Table("UutData")} AS ou ON ou.{_schema.Column("UutData", "Uut_GUID")} = o.{unit}
             WHERE o.{time} = i.{time} AND {_dialect.GuidText($"o.{id}")} < {_dialect.GuidText($"i.{id}")}
               AND (o.{unit} = i.{unit} OR (NOT {blank} AND {other} = {mine})))
            """;
    }

    private void AddSteps(List<(PageSet, string)> sets, PageSet set, string table, string[] limits)
    {
        if (!_schema.Has(table)) return;
        string[] columns = ["TestStepNumber", "TestName", "TestNumber", "TestUnits", "TestResultType", "TestDescription", .. limits,
            "TestResult"];
        sets.Add((set, $"SELECT p.{Q("Position")}, {string.Join(", ", columns.Select(c => Or(table, c, "s")))}\n"
            + $"FROM {_dialect.PageTable} AS p INNER JOIN {_schema.Table(table)} AS s ON s.{_schema.Column(table, "Index_GUID")} = "
            + $"p.{Q("Id")};\n"));
    }

    private string Assemblies() =>
        $"SELECT p.{Q("Position")}, {string.Join(", ", PageColumns.Assembly.Select(c => Or("AssemblyData", c, "a")))}\n"
        + $"FROM {_dialect.PageTable} AS p INNER JOIN {_schema.Table("IndexData")} AS i ON {I("Index_GUID")} = p.{Q("Id")}\n"
        + $"INNER JOIN {_schema.Table("AssemblyData")} AS a ON a.{_schema.Column("AssemblyData", "Uut_GUID")} = {I("Uut_GUID")};\n";

    private string Components() =>
        $"SELECT c.{_schema.Column("TestsystemComponents", "Testsystem_GUID")}, "
        + $"{string.Join(", ", PageColumns.Component.Select(c => Or("TestsystemComponents", c, "c")))}\n"
        + $"FROM {_schema.Table("TestsystemComponents")} AS c WHERE c.{_schema.Column("TestsystemComponents", "Testsystem_GUID")} IN\n"
        + $"    (SELECT {I("Testsystem_GUID")} FROM {_dialect.PageTable} AS p INNER JOIN {_schema.Table("IndexData")} AS i ON "
        + $"{I("Index_GUID")} = p.{Q("Id")});\n";

    // A column that the site lacks keeps its place, so that the reader's ordinals never move.
    private string Or(string table, string column, string alias) =>
        _schema.Has(table) && _schema.Column(table, column) is { } name ? $"{alias}.{name}" : "NULL";

    private string I(string column) => $"i.{_schema.Column("IndexData", column)}";

    private static string Q(string name) => $"[{name}]";
}

/// <summary>What a result set of the page statement holds.</summary>
internal enum PageSet
{
    Header,
    Numeric,
    Text,
    Other,
    Assembly,
    Component,
}

/// <summary>The columns of the header set, behind position, timestamp, id and presence, and of the smaller sets. <c>Users.Password</c> is
/// not among them and never will be.</summary>
internal static class PageColumns
{
    public static readonly string[] Own =
    [
        "Result", "ExitCode", "TestTime", "Hostname", "Site", "UserName", "ProductName", "TestplanName", "TestplanVariant",
        "TestplanRevision",
        "Info1", "Info2", "Info3", "Uut_GUID", "Product_GUID", "Testplan_GUID", "Testsystem_GUID",
    ];

    public static readonly string[] Assembly = ["Name", "PartNumber", "Serial", "Revision"];
    public static readonly string[] Component = ["Name", "SerialNumber", "CalibrationDate", "NextCalibrationDate"];

    public static readonly (string Table, string Column, string Alias)[] Joined =
    [
        ("UutData", "Serial", "u"), ("UutData", "BatchNumber", "u"), ("Products", "Name", "pr"), ("Products", "Type", "pr"), ("Products",
            "Version", "pr"),
        ("Testplans", "Name", "tp"), ("Testplans", "Variant", "tp"), ("TestplanRevisions", "Revision", "tr"), ("TestSystems", "Name", "ts"),
        ("TestSystems", "Hostname", "ts"), ("Users", "Name", "us"),
    ];
}
