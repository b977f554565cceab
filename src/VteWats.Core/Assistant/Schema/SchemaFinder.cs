using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Assistant.Schema;

/// <summary>What the tables of a database are: found by keys, types and content, with the names as a hint.</summary>
/// <param name="Profile">What the site's profile has to say.</param>
/// <param name="Lacking">Logical names without which no report can be made, and that were not found.</param>
/// <param name="ByName">True where every table that was found bears a name of the reference schema.</param>
/// <param name="Evidence">In words.</param>
internal sealed record SchemaProposal(SchemaProfileOptions Profile, IReadOnlyList<string> Lacking, bool ByName, string Evidence);

/// <summary>Finds the tables of a VTE database whatever they are called: the runs are what the step results refer to; what the runs refer
/// to are units, products and the rest.</summary>
internal sealed class SchemaFinder
{
    private const double KeysFound = 0.5;

    private readonly IReadOnlyList<CatalogueTable> _tables;
    private readonly TableSamples _samples;
    private readonly Catalogue _catalogue;
    private readonly Dictionary<string, ColumnMatch> _found = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<CatalogueTable> _used = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _evidence = [];

    private SchemaFinder(Catalogue catalogue, TableSamples samples)
    {
        (_catalogue, _samples) = (catalogue, samples);
        // Empty tables are of no use for content, and are found by name alone.
        _tables = catalogue.Tables;
    }

    public static SchemaProposal Find(Catalogue catalogue, TableSamples samples) => new SchemaFinder(catalogue, samples).Find();

    private SchemaProposal Find()
    {
        if (Runs() is not { } runs) return new SchemaProposal(new SchemaProfileOptions(), ["IndexData", "TestDataNumeric"], false,
            "No table has a key, a time and result codes and is referred to by a table of numbers: nothing here looks like test runs.");
        _used.Add(runs.Table);
        var guids = References(runs);
        Take("IndexData", runs.Table, new Dictionary<string, string?>(guids.ToDictionary(g => g.Column, g => (string?)g.Physical))
        {
            ["Index_GUID"] = runs.Key,
        });
        foreach (var (logical, table, key) in guids.Where(g => g.Target is not null)
            .Select(g => (ReferenceSchema.Table("IndexData").Column(g.Column)!.References!, g.Target!, g.TargetKey!)))
        {
            if (_found.ContainsKey(logical) || !_used.Add(table)) continue;
            Take(logical, table, new Dictionary<string, string?> { [ReferenceSchema.Table(logical).Keys.First().Name] = key });
        }
        BySnapshot(runs, guids.ConvertAll(g => g.Physical));
        Steps(runs);
        foreach (var table in ReferenceSchema.Tables.Where(t => !_found.ContainsKey(t.Name))) ByKeyOrName(table, runs);
        return Proposal(runs.Table.Schema);
    }

    private sealed record RunTable(CatalogueTable Table, string Key, IReadOnlyList<(CatalogueTable Table, string Column)> Referring);

    private RunTable? Runs() =>
        (from table in _tables
         where table.Columns.Any(c => TableSamples.IsTime(c.Type)) && table.Columns.Any(c => TableSamples.IsInteger(c.Type))
         from key in KeysOf(table)
         let referring = _tables.Where(t => t != table).Select(t => (Table: t, Column: Reference(t, table, key)))
             .Where(r => r.Column is not null && LooksLikeSteps(r.Table)).Select(r => (r.Table, r.Column!)).ToList()
         where referring.Count > 0
         let name = table.Name.Equals("IndexData", StringComparison.OrdinalIgnoreCase) ? 2 : NameHints.OfTable("IndexData", table.Name)
         orderby 2 * Math.Min(3, referring.Count) + name + 0.2 * table.Columns.Count(IsGuid) descending
         select new RunTable(table, key, referring)).FirstOrDefault();

    private static IEnumerable<string> KeysOf(CatalogueTable table)
    {
        var keys = table.Columns.Where(c => c.IsKey && IsGuid(c)).Select(c => c.Name).ToList();
        if (keys.Count > 0) return keys;
        return table.Indexes.Where(i => i.Unique && i.Columns.Count == 1).Select(i => i.Columns[0])
            .Where(name => table.Find(name) is { } c && IsGuid(c))
            .DefaultIfEmpty(table.Columns.FirstOrDefault(IsGuid)?.Name).OfType<string>();
    }

    private static bool IsGuid(CatalogueColumn column) => column.Type == "uniqueidentifier";

    private static bool LooksLikeSteps(CatalogueTable table) =>
        table.Columns.Any(c => TableSamples.IsInteger(c.Type)) && table.Columns.Any(c => TableSamples.IsText(c.Type))
        && !table.Columns.Any(c => TableSamples.IsTime(c.Type));

    // The column of a table that holds keys of another: by its name, or because its values are found there.
    private string? Reference(CatalogueTable from, CatalogueTable to, string key)
    {
        if (from.Columns.FirstOrDefault(c => IsGuid(c) && c.Name.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } same)
            return same.Name;
        return from.Columns.Where(c => IsGuid(c) && !(c.IsKey && from.Columns.Count(o => o.IsKey) == 1))
            .Select(c => (c.Name, Share: _samples.Found(from, c.Name, to, key) ?? 0))
            .Where(c => c.Share >= KeysFound).OrderByDescending(c => c.Share).FirstOrDefault().Name;
    }

    private List<(string Column, string Physical, CatalogueTable? Target, string? TargetKey)> References(RunTable runs)
    {
        var wanted = ReferenceSchema.Table("IndexData").Columns.Where(c => c.References is not null).ToList();
        var pairs = from physical in runs.Table.Columns
                    where IsGuid(physical) && physical.Name != runs.Key
                    let target = Target(runs.Table, physical.Name)
                    from column in wanted
                    let score = Fit(column, physical.Name, target)
                    where score >= 0.4
                    orderby score descending
                    select (column.Name, physical.Name, target.Table, target.Key, score);
        var taken = new List<(string Column, string Physical, CatalogueTable? Target, string? TargetKey)>();
        foreach (var (column, physical, target, key, _) in pairs)
        {
            if (taken.Any(t => t.Column == column || t.Physical == physical)) continue;
            taken.Add((column, physical, target, key));
        }
        // A unit is what most runs have one of their own.
        if (taken.All(t => t.Column != "Uut_GUID"))
        {
            var left = runs.Table.Columns.Where(c => IsGuid(c) && c.Name != runs.Key && taken.All(t => t.Physical != c.Name))
                .OrderByDescending(c => _samples.Values(runs.Table, c.Name).Distinct().Count()).FirstOrDefault();
            if (left is not null)
            {
                var (table, key) = Target(runs.Table, left.Name);
                taken.Add(("Uut_GUID", left.Name, table, key));
            }
        }
        return taken;
    }

    private static double Fit(ColumnDefinition column, string physical, (CatalogueTable? Table, string? Key) target)
    {
        if (physical.Equals(column.Name, StringComparison.OrdinalIgnoreCase)) return 3;
        var name = NameHints.OfColumn("IndexData", column.Name, physical);
        return name + (target.Table is { } table ? 0.6 * NameHints.OfTable(column.References!, table.Name) : 0);
    }

    private (CatalogueTable? Table, string? Key) Target(CatalogueTable from, string column)
    {
        var best = (Table: (CatalogueTable?)null, Key: (string?)null, Share: 0.0);
        foreach (var table in _tables.Where(t => t != from))
        {
            foreach (var key in KeysOf(table).Where(key => IsUnique(table, key)))
            {
                var share = _samples.Found(from, column, table, key) ?? 0;
                if (share > best.Share) best = (table, key, share);
            }
        }
        return best.Share >= KeysFound ? (best.Table, best.Key) : (null, null);
    }

    private void BySnapshot(RunTable runs, List<string> known)
    {
        var match = _found["IndexData"];
        foreach (var column in runs.Table.Columns.Where(c => IsGuid(c) && c.Name != runs.Key && !known.Contains(c.Name)))
        {
            if (Target(runs.Table, column.Name) is not ({ } table, { } key) || _used.Contains(table)) continue;
            var taken = ReferenceSchema.Table("IndexData").Columns.Select(c => c.Name).Where(name => match[name] is not null);
            if (SnapshotMatch.Find(match, table, _samples, taken.ToList()) is not { } logical) continue;
            match.Take(logical, column.Name);
            var target = ReferenceSchema.Table("IndexData").Column(logical)!.References!;
            if (_found.ContainsKey(target)) continue;
            _used.Add(table);
            Take(target, table, new Dictionary<string, string?> { [ReferenceSchema.Table(target).Keys.First().Name] = key });
        }
    }

    private bool IsUnique(CatalogueTable table, string key)
    {
        var values = _samples.Values(table, key);
        return values.Count == values.Distinct().Count();
    }

    private void Steps(RunTable runs)
    {
        var left = runs.Referring.Where(r => !_used.Contains(r.Table)).ToList();
        var exact = new[] { "TestDataNumeric", "TestDataText", "TestDataOther" };
        foreach (var logical in exact)
        {
            var named = left.FirstOrDefault(r => r.Table.Name.Equals(logical, StringComparison.OrdinalIgnoreCase));
            if (named.Table is not null) TakeSteps(logical, named);
        }
        TakeBest("TestDataNumeric", t => t.Columns.Any(c => TableSamples.IsReal(c.Type))
            ? 1 + 0.3 * Math.Min(3, t.Columns.Count(c => TableSamples.IsReal(c.Type))) + NameHints.OfTable("TestDataNumeric", t.Name) : 0);
        TakeBest("TestDataOther", t => (t.Columns.Any(c => TableSamples.IsOpaque(c.Type)) ? 1 : 0)
            + (NameHints.OfTable("TestDataOther", t.Name) > 0.6 ? 0.5 : 0));
        TakeBest("TestDataText", t => t.Columns.Count(c => TableSamples.IsText(c.Type)) >= 2
            && !t.Columns.Any(c => TableSamples.IsReal(c.Type)) ? 1 : 0);

        void TakeBest(string logical, Func<CatalogueTable, double> score)
        {
            if (_found.ContainsKey(logical)) return;
            var best = left.Where(r => !_used.Contains(r.Table)).Select(r => (r, Score: score(r.Table))).Where(r => r.Score >= 0.5)
                .OrderByDescending(r => r.Score).FirstOrDefault();
            if (best.r.Table is not null) TakeSteps(logical, best.r);
        }

        void TakeSteps(string logical, (CatalogueTable Table, string Column) steps)
        {
            _used.Add(steps.Table);
            var known = new Dictionary<string, string?> { ["Index_GUID"] = steps.Column };
            if (logical == "TestDataNumeric" && !HasAll(steps.Table, ["TestResult", "LowLimit", "HighLimit"])
                && ColumnContent.Limits(steps.Table, _samples) is var (value, low, high, share))
            {
                (known["TestResult"], known["LowLimit"], known["HighLimit"]) = (value, low, high);
                if (low is not null) _evidence.Add(FormattableString.Invariant(
                    $"{value} lies between {low} and {high} in {share:P0} of the rows that were looked at."));
            }
            Take(logical, steps.Table, known);
        }
    }

    private static bool HasAll(CatalogueTable table, string[] names) => names.All(n => table.Find(n) is not null);

    // Tables that the runs do not refer to: by name, and by the keys that they hold.
    private void ByKeyOrName(TableDefinition table, RunTable runs)
    {
        var free = _tables.Where(t => !_used.Contains(t) && t.Schema == runs.Table.Schema).ToList();
        var best = free.Select(t => (Table: t, Score: t.Name.Equals(table.Name, StringComparison.OrdinalIgnoreCase) ? 3
                : NameHints.OfTable(table.Name, t.Name)))
            .Where(t => t.Score > 0.8).OrderByDescending(t => t.Score).FirstOrDefault().Table;
        if (best is null) return;
        var match = ColumnMatch.Create(table, best, _samples, KnownKeys(table, best));
        if (match.Lacking.Any() || match.Score < 0.2) return;
        _used.Add(best);
        _found[table.Name] = match;
    }

    private Dictionary<string, string?> KnownKeys(TableDefinition table, CatalogueTable there)
    {
        var known = new Dictionary<string, string?>();
        foreach (var column in table.Columns.Where(c => c.References is not null && there.Find(c.Name) is null))
        {
            if (_found.GetValueOrDefault(column.References!) is not { } target) continue;
            var key = target[target.Table.Keys.First().Name];
            if (key is not null && Reference(there, target.There, key) is { } physical) known[column.Name] = physical;
        }
        return known;
    }

    private void Take(string logical, CatalogueTable table, Dictionary<string, string?> known)
    {
        var definition = ReferenceSchema.Table(logical);
        foreach (var (column, physical) in KnownKeys(definition, table)) known.TryAdd(column, physical);
        _found[logical] = ColumnMatch.Create(definition, table, _samples, known);
    }

    private SchemaProposal Proposal(string schema)
    {
        var tables = new Dictionary<string, string>();
        var columns = new Dictionary<string, string>();
        var (missing, lacking) = (new List<string>(), new List<string>());
        foreach (var table in ReferenceSchema.Tables)
        {
            if (_found.GetValueOrDefault(table.Name) is not { } match)
            {
                (table.Needed ? lacking : missing).Add(table.Name);
                continue;
            }
            if (!match.There.Name.Equals(table.Name, StringComparison.OrdinalIgnoreCase)) tables[table.Name] = match.There.Name;
            foreach (var column in table.Columns)
            {
                var logical = $"{table.Name}.{column.Name}";
                var physical = match[column.Name];
                // The password is never read; what it is called is nobody's business.
                if (NameHints.IsSecret(column.Name)) continue;
                if (physical is null && column.Needed) lacking.Add(logical);
                else if (physical is null) missing.Add(logical);
                else if (!physical.Equals(column.Name, StringComparison.OrdinalIgnoreCase)) columns[logical] = physical;
            }
        }
        var named = string.Join(", ", _found.Where(f => tables.ContainsKey(f.Key)).Select(f => $"{f.Key} is {f.Value.There.Name}"));
        _evidence.Insert(0, named.Length == 0
            ? $"{_found.Count} of {ReferenceSchema.Tables.Count} tables have the names that VteWats expects."
            : $"By keys, types and content: {named}.");
        return new SchemaProposal(new SchemaProfileOptions
        {
            Schema = schema.Equals(_catalogue.DefaultSchema, StringComparison.OrdinalIgnoreCase) ? null : schema,
            Tables = tables, Columns = columns, Missing = missing,
        }, lacking, tables.Count == 0, string.Join(" ", _evidence));
    }
}
