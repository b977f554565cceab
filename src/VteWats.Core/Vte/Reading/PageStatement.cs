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
    private readonly IReadOnlyList<string> _sets;
    private readonly bool _newestFirst;
    private readonly bool _keepsStation;

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
        sets.Add((PageSet.Twins, ""));
        if (_schema.Has("AssemblyData")) sets.Add((PageSet.Assembly, Assemblies()));
        if (_schema.Has("TestsystemComponents") && _schema.Describe("IndexData", "Testsystem_GUID") is { } station)
        {
            _keepsStation = _dialect.FitsPage(station);
            sets.Add((PageSet.Component, Components()));
        }
        Sets = [.. sets.Select(s => s.Item1)];
        _sets = [.. sets.Select(s => s.Item2)];
    }

    /// <summary>What the result sets hold, in their order.</summary>
    public IReadOnlyList<PageSet> Sets { get; }

    /// <summary>Makes <paramref name="command"/> read a page.</summary>
    public void Prepare(DbCommand command, PageRequest page)
    {
        var (boundary, conditions) = Conditions(command, page.After, page.Ids);
        command.Parameters.Add(_dialect.Number("@Take", page.Take));
        var (begin, end) = page.OneTransaction ? _dialect.Transaction : ("", "");
        command.CommandText = _dialect.MakePage(_schema.Describe("IndexData", "Timestamp")!) + begin + boundary + Keys(conditions)
            + string.Join("\n", _sets.Select((text, n) => Sets[n] == PageSet.Twins ? Twins(page.KnowsTwins) : text)) + end;
    }

    /// <summary>Makes <paramref name="command"/> give time and id of the first run of the page as they are stored, and nothing
    /// else.</summary>
    public void PrepareKey(DbCommand command, PageRequest page)
    {
        var (boundary, conditions) = Conditions(command, page.After, page.Ids);
        command.Parameters.Add(_dialect.Number("@Take", 1));
        command.CommandText = $"{boundary}SELECT {_dialect.Take.Head}{I("Timestamp")}, {I("Index_GUID")}\n{First(conditions)}";
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
            var bound = _dialect.After;
            statements = _dialect.Boundary(timestampColumn, _schema.Table("IndexData"), _schema.Column("IndexData", "Timestamp")!,
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

    private string Order => $"{I("Timestamp")}{(_newestFirst ? " DESC" : "")}, {I("Index_GUID")}{(_newestFirst ? " DESC" : "")}";

    private string Keys(List<string> conditions) => $"""
        INSERT INTO {_dialect.PageTable} ({Q("Position")}, {Q("Id")}, {Q("Timestamp")}, {Q("Station")})
        SELECT {_dialect.Take.Head}ROW_NUMBER() OVER (ORDER BY {Order}), {I("Index_GUID")}, {I("Timestamp")},
            {(_keepsStation ? Station : "NULL")}
        {First(conditions)}

        """;

    private string First(List<string> conditions) => $"""
        FROM {_schema.Table("IndexData")} AS i
        WHERE {string.Join("\n  AND ", conditions)}
        ORDER BY {Order}{_dialect.Take.Tail};
        """;

    // A run that was deleted since its key was taken has a row too, so that paging goes on behind it.
    private string Header()
    {
        var text = new StringBuilder("SELECT p.").Append(Q("Position")).Append(", p.").Append(Q("Timestamp")).Append(", p.").Append(Q("Id"))
            .Append(", ").Append(I("Index_GUID"));
        foreach (var column in PageColumns.Own)
            text.Append(", ").Append(column == "Product_GUID" ? Product() ?? "NULL" : Or("IndexData", column, "i"));
        var joins = new StringBuilder();
        var joined = new HashSet<string>(StringComparer.Ordinal);
        Join("UutData", "Uut_GUID", Foreign("Uut_GUID"), "u");
        Join("Products", "Product_GUID", Product(), "pr");
        Join("Testplans", "Testplan_GUID", Foreign("Testplan_GUID"), "tp");
        Join("TestplanRevisions", "TestplanRevision_GUID", Foreign("TestplanRevision_GUID"), "tr");
        Join("TestSystems", "Testsystem_GUID", Foreign("Testsystem_GUID"), "ts");
        Join("Users", "User_GUID", Foreign("User_GUID"), "us");
        // A run may name a product that is gone, while its unit names one that is there.
        var ofUnit = joined.Contains("u") && joined.Contains("pr") && _schema.Has("IndexData", "Product_GUID")
            && _schema.Has("UutData", "Product_GUID");
        if (ofUnit) Join("Products", "Product_GUID", $"u.{_schema.Column("UutData", "Product_GUID")}", "pu");
        foreach (var (table, column, alias) in PageColumns.Joined)
        {
            var value = joined.Contains(alias) ? Or(table, column, alias) : "NULL";
            if (alias == "pr" && ofUnit && value != "NULL")
                value = $"CASE WHEN pr.{_schema.Column("Products", "Product_GUID")} IS NULL THEN {Or(table, column, "pu")} "
                    + $"ELSE {value} END";
            text.Append(", ").Append(value);
        }
        return text.Append("\nFROM ").Append(_dialect.PageTable).Append(" AS p\nLEFT JOIN ").Append(_schema.Table("IndexData"))
            .Append(" AS i ON ")
            .Append(I("Index_GUID")).Append(" = p.").Append(Q("Id"))
            .Append(joins).Append(";\n").ToString();

        void Join(string table, string key, string? value, string alias)
        {
            if (value is null || !_schema.Has(table) || !_schema.Has(table, key)) return;
            joined.Add(alias);
            joins.Append("\nLEFT JOIN ").Append(_schema.Table(table)).Append(" AS ").Append(alias).Append(" ON ")
                .Append(alias).Append('.').Append(_schema.Column(table, key)).Append(" = ").Append(value);
        }

        string? Foreign(string column) => _schema.Has("IndexData", column) ? I(column) : null;
    }

    // Older stations note the product with the unit only.
    private string? Product() => (_schema.Has("IndexData", "Product_GUID"), _schema.Has("UutData", "Product_GUID")) switch
    {
        (true, true) => $"COALESCE({I("Product_GUID")}, u.{_schema.Column("UutData", "Product_GUID")})",
        (true, false) => I("Product_GUID"),
        (false, true) => $"u.{_schema.Column("UutData", "Product_GUID")}",
        _ => null,
    };

    // Every run that shares its time with another, as far as the page has such times: of which unit it is, so that twins can be numbered.
    private string Twins(bool knowsLast)
    {
        var (table, time, id, unit) = (_schema.Table("IndexData"), _schema.Column("IndexData", "Timestamp"),
            _schema.Column("IndexData", "Index_GUID"), _schema.Column("IndexData", "Uut_GUID"));
        var page = $"SELECT p.{Q("Timestamp")} FROM {_dialect.PageTable} AS "
            + $"p{(knowsLast ? $" WHERE p.{Q("Timestamp")} <> {_dialect.After}" : "")}";
        return $"""
            SELECT o.{time}, o.{id}, o.{unit}, ou.{_schema.Column("UutData", "Serial")}
            FROM (SELECT r.{time} AS {Q("Shared")} FROM {table} AS r WHERE r.{time} IN ({page}) GROUP BY r.{time} HAVING COUNT(*) > 1) AS t
            INNER JOIN {table} AS o ON o.{time} = t.{Q("Shared")}
            LEFT JOIN {_schema.Table("UutData")} AS ou ON ou.{_schema.Column("UutData", "Uut_GUID")} = o.{unit};

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

    // Looked up with the keys, the stations of a page need no second way to its runs.
    private string Components() =>
        $"SELECT c.{_schema.Column("TestsystemComponents", "Testsystem_GUID")}, "
        + $"{string.Join(", ", PageColumns.Component.Select(c => Or("TestsystemComponents", c, "c")))}\n"
        + $"FROM {_schema.Table("TestsystemComponents")} AS c WHERE c.{_schema.Column("TestsystemComponents", "Testsystem_GUID")} IN\n"
        + (_keepsStation ? $"    (SELECT p.{Q("Station")} FROM {_dialect.PageTable} AS p);\n"
            : $"    (SELECT {Station} FROM {_dialect.PageTable} AS p INNER JOIN {_schema.Table("IndexData")} AS i ON "
            + $"{I("Index_GUID")} = p.{Q("Id")});\n");

    private string Station => I("Testsystem_GUID");

    // A column that the site lacks keeps its place, so that the reader's ordinals never move.
    private string Or(string table, string column, string alias) =>
        _schema.Has(table) && _schema.Column(table, column) is { } name ? $"{alias}.{name}" : "NULL";

    private string I(string column) => $"i.{_schema.Column("IndexData", column)}";

    private static string Q(string name) => $"[{name}]";
}

/// <summary>One page that is asked for.</summary>
/// <param name="After">Where it begins; null for the first one.</param>
/// <param name="Take">At most so many runs.</param>
/// <param name="Ids">Only these runs; empty for all.</param>
internal sealed record PageRequest(PageCursor? After, int Take, IReadOnlyList<Guid> Ids)
{
    /// <summary>The twins of the last page's last timestamp are known already.</summary>
    public bool KnowsTwins { get; init; }

    /// <summary>The statement makes one transaction of the page, so that all of it is of one moment.</summary>
    public bool OneTransaction { get; init; }
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
    Twins,
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
