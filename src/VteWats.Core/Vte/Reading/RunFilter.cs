using System.Data.Common;
using System.Globalization;
using VteWats.Core.Diagnostics;
using VteWats.Core.Time;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Vte.Reading;

/// <summary>
/// A query as SQL conditions with parameters, and as the exact test in memory where SQL can only be coarse: around clock changes, at the
/// rounding of a time column, and for sets in wildcards.
/// </summary>
internal sealed class RunFilter
{
    private readonly BoundSchema _schema;
    private readonly SqlDialect _dialect;
    private readonly TestRunQuery _query;
    private readonly SiteClock _clock;
    private readonly List<string> _conditions = [];
    private readonly List<(string Name, CatalogueColumn Column, object Value)> _values = [];
    private readonly List<Func<VteTestRun, bool>> _tests = [];

    private RunFilter(BoundSchema schema, SqlDialect dialect, TestRunQuery query, SiteClock clock)
    {
        _schema = schema;
        _dialect = dialect;
        _query = query;
        _clock = clock;
    }

    /// <summary>Conditions on the alias <c>i</c> of IndexData; they hold together.</summary>
    public IReadOnlyList<string> Conditions => _conditions;

    /// <param name="schema">The site's names.</param>
    /// <param name="dialect">The provider's SQL.</param>
    /// <param name="query">What is wanted.</param>
    /// <param name="meaning">What the site's result codes mean.</param>
    /// <param name="clock">The site's clock.</param>
    /// <param name="share">The runs that belong to the site.</param>
    /// <param name="settled">Only runs that started before this instant of the database's clock are complete for certain.</param>
    public static RunFilter Create(BoundSchema schema, SqlDialect dialect, TestRunQuery query, VteResultCodes meaning, SiteClock clock,
        RowShareOptions share, DateTimeOffset settled)
    {
        var filter = new RunFilter(schema, dialect, query, clock);
        filter.Period(settled);
        filter.Share(share);
        filter.Names();
        filter.Results(meaning);
        return filter;
    }

    /// <summary>The runs of a site, whenever they were.</summary>
    public static RunFilter OfShare(BoundSchema schema, SqlDialect dialect, SiteClock clock, RowShareOptions share)
    {
        var filter = new RunFilter(schema, dialect, new TestRunQuery(), clock);
        filter.Share(share);
        return filter;
    }

    /// <summary>One condition for each of several shares, instead of those that hold together.</summary>
    public static RunFilter OfShares(BoundSchema schema, SqlDialect dialect, SiteClock clock, IEnumerable<RowShareOptions> shares)
    {
        var filter = new RunFilter(schema, dialect, new TestRunQuery(), clock);
        var each = new List<string>();
        foreach (var share in shares)
        {
            filter.Share(share);
            each.Add(filter._conditions.Count == 0 ? "1 = 1" : string.Join(" AND ", filter._conditions));
            filter._conditions.Clear();
        }
        filter._conditions.AddRange(each);
        return filter;
    }

    /// <summary>The runs of a stretch of local time, whatever else is known of them.</summary>
    public static RunFilter Within(BoundSchema schema, SqlDialect dialect, SiteClock clock, RowShareOptions share, DateTime localFrom,
        DateTime localTo)
    {
        var filter = new RunFilter(schema, dialect, new TestRunQuery(), clock);
        var column = schema.Describe("IndexData", "Timestamp")!;
        var timestamp = filter.Column("IndexData", "Timestamp");
        filter._conditions.Add($"{timestamp} >= {filter.Value(column, dialect.Edge(column, localFrom))}");
        filter._conditions.Add($"{timestamp} < {filter.Value(column, dialect.Edge(column, localTo))}");
        filter.Share(share);
        return filter;
    }

    public DbParameter[] Parameters() => [.. _values.Select(v => _dialect.Parameter(v.Name, v.Column, v.Value))];

    public bool Matches(VteTestRun run) => _tests.TrueForAll(test => test(run));

    private void Period(DateTimeOffset settled)
    {
        var column = _schema.Describe("IndexData", "Timestamp")!;
        var timestamp = Column("IndexData", "Timestamp");
        if (_query.Since is { } since)
        {
            _conditions.Add($"{timestamp} >= {Value(column, _dialect.From(column, _clock.SmallestLocalFrom(since)))}");
            // A run in the hour that occurs twice may be the later of its two instants.
            _tests.Add(run => run.Start >= since || _clock.ToLatestInstant(run.Timestamp) >= since);
        }
        // In the hour that occurs twice, the clock's own time is the bound: what it has not shown yet this time round may still be written.
        var bound = _clock.ToLocal(settled);
        if (_query.Until is { } until)
        {
            var wanted = _clock.LargestLocalBefore(until);
            _tests.Add(run => run.Start < until);
            if (wanted < bound) bound = wanted;
        }
        _conditions.Add($"{timestamp} < {Value(column, _dialect.Before(column, bound))}");
        _tests.Add(run => run.Timestamp < bound);
    }

    private void Names()
    {
        Add(_query.SerialNumbers, run => run.SerialNumber, pattern => Exists("UutData", "Uut_GUID", ["Serial"], pattern, seek: true));
        Add(_query.ProductNames, run => run.ProductName, pattern => Snapshot("ProductName", Product(pattern), pattern));
        Add(_query.TestplanNames, run => run.TestplanName,
            pattern => Snapshot("TestplanName", Exists("Testplans", "Testplan_GUID", ["Name"], pattern, seek: false), pattern));
        Add(_query.StationNames, run => run.StationName, Station, run => run.Station.Hostname);
    }

    // Judged by the database alone, so that counting and reading cannot differ.
    private void Share(RowShareOptions share)
    {
        Of(share.Sites, "rows.sites", [("IndexData", "Site")],
            p => Like(Column("IndexData", "Site"), _schema.Describe("IndexData", "Site")!, p));
        Of(share.Stations, "rows.stations", [("IndexData", "Hostname"), ("TestSystems", "Name")], Station);
        Of(share.Products, "rows.products", [("IndexData", "ProductName")], p => Snapshot("ProductName", Product(p), p));

        void Of(IReadOnlyList<string> patterns, string key, (string Table, string Column)[] needed, Func<Wildcard, string> condition)
        {
            if (patterns.Count == 0 || patterns.Any(p => p.Trim() == "*")) return;
            // A condition that no run can meet would lose all of them.
            if (!needed.Any(n => Has(n.Table, n.Column)))
                throw new VteWatsException(ErrorKind.SchemaUnsupported,
                    $"The site has {key}, but the database has no column "
                    + $"{string.Join(" or ", needed.Select(n => $"{n.Table}.{n.Column}"))}.",
                    "Say in another way which runs belong to the site, or name the column in its schemaProfile.");
            _conditions.Add(AnyOf([.. patterns.Select(p => condition(Wildcard.Parse(p)))]));
        }
    }

    private string Station(Wildcard pattern) => AnyOf(
        Has("IndexData", "Hostname") ? Like(Column("IndexData", "Hostname"), _schema.Describe("IndexData", "Hostname")!, pattern) : null,
        Exists("TestSystems", "Testsystem_GUID", ["Name", "Hostname"], pattern, seek: false));

    private void Results(VteResultCodes meaning)
    {
        if (_query.Results.Count == 0) return;
        var codes = _query.Results.SelectMany(word => Codes(word, meaning)).Distinct().Order().ToList();
        var column = _schema.Describe("IndexData", "Result")!;
        _conditions.Add(codes.Count == 0 ? "1 = 0"
            : $"{Column("IndexData", "Result")} IN ({string.Join(", ", codes.Select(c => Value(column, c)))})");
    }

    private static IEnumerable<int> Codes(string word, VteResultCodes meaning)
    {
        var text = word.Trim();
        var digits = text.StartsWith("Code ", StringComparison.OrdinalIgnoreCase) ? text[5..] : text;
        if (int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code)) return [code];
        if (VteResultCodes.Verdicts.TryGetValue(text, out var letter)) return meaning.CodesOf(letter);
        throw new VteWatsException(
            ErrorKind.InvalidArgument, $"'{word}' is not a valid result.",
            "Use Passed, Failed, Error, Terminated, or the integer code as IndexData holds it.", word);
    }

    private void Add(IReadOnlyList<string> patterns, Func<VteTestRun, string?> field, Func<Wildcard, string> condition,
        Func<VteTestRun, string?>? otherField = null)
    {
        if (patterns.Count == 0) return;
        var wildcards = patterns.Select(Wildcard.Parse).ToList();
        _conditions.Add(AnyOf([.. wildcards.Select(condition)]));
        if (wildcards.Exists(w => w.NeedsMemory)) _tests.Add(run => wildcards.Exists(w => Hits(w, run)));
        bool Hits(Wildcard w, VteTestRun run) =>
            !w.NeedsMemory ? true : w.Matches(field(run)) || (otherField is not null && w.Matches(otherField(run)));
    }

    // The run's own snapshot of a name counts; the row it refers to only where the snapshot is empty.
    private string Snapshot(string snapshot, string referred, Wildcard pattern)
    {
        if (!Has("IndexData", snapshot)) return referred;
        var own = Column("IndexData", snapshot);
        return AnyOf(Like(own, _schema.Describe("IndexData", snapshot)!, pattern),
            $"({own} IS NULL OR {_dialect.Trim(own)} = '') AND {referred}");
    }

    // The run's product, or that of its unit where the run has none.
    private string Product(Wildcard pattern)
    {
        var own = Exists("Products", "Product_GUID", ["Name"], pattern, seek: false);
        if (!Has("UutData", "Product_GUID") || !Has("Products", "Product_GUID") || !Has("Products", "Name")) return own;
        var none = Has("IndexData", "Product_GUID") ? $"{Column("IndexData", "Product_GUID")} IS NULL AND " : "";
        return AnyOf(own, $"({none}EXISTS (SELECT 1 FROM {_schema.Table("UutData")} AS uu INNER JOIN {_schema.Table("Products")} AS x "
            + $"ON x.{_schema.Column("Products", "Product_GUID")} = uu.{_schema.Column("UutData", "Product_GUID")} "
            + $"WHERE uu.{_schema.Column("UutData", "Uut_GUID")} = {Column("IndexData", "Uut_GUID")} AND "
            + $"{Like($"x.{_schema.Column("Products", "Name")}", _schema.Describe("Products", "Name")!, pattern)}))");
    }

    // EXISTS, not a join: a key that occurs twice in the other table must not bring a run twice.
    private string Exists(string table, string key, string[] columns, Wildcard pattern, bool seek)
    {
        if (!Has("IndexData", key) || !Has(table, key)) return "1 = 0";
        var likes = columns.Where(c => Has(table, c))
            .Select(c => Like($"x.{_schema.Column(table, c)}", _schema.Describe(table, c)!, pattern, seek)).ToArray();
        return likes.Length == 0
            ? "1 = 0"
            : $"EXISTS (SELECT 1 FROM {_schema.Table(table)} AS x WHERE x.{_schema.Column(table, key)} = {Column("IndexData", key)} AND "
            + $"{AnyOf(likes)})";
    }

    private string Like(string expression, CatalogueColumn column, Wildcard pattern, bool seek = false) => pattern.Literal is { } literal
        ? seek ? _dialect.EqualsTrimmed(expression, Value(column, literal))
        : $"{_dialect.Trim(expression)} LIKE {Value(column, pattern.Like.Trim())} ESCAPE '{Wildcard.LikeEscape}'"
        : $"{_dialect.Trim(expression)} LIKE {Value(column, pattern.Like)} ESCAPE '{Wildcard.LikeEscape}'";

    private string Value(CatalogueColumn column, object value)
    {
        var known = _values.Find(v => v.Column == column && v.Value.Equals(value));
        if (known.Name is not null) return known.Name;
        var name = string.Create(CultureInfo.InvariantCulture, $"@P{_values.Count}");
        _values.Add((name, column, value));
        return name;
    }

    private bool Has(string table, string column) => _schema.Has(table) && _schema.Has(table, column);

    private string Column(string table, string column) => $"i.{_schema.Column(table, column)}";

    private static string AnyOf(params string?[] conditions)
    {
        var given = conditions.Where(c => c is not null && c != "1 = 0").ToList();
        return given.Count == 0 ? "1 = 0" : given.Count == 1 ? given[0]! : $"({string.Join(" OR ", given)})";
    }
}
