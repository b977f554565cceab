using System.Globalization;
using System.Runtime.InteropServices;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>
/// Where each row of a run stands in the report. WATS adds up statistics by that place, so it depends on numbers and names alone: never on
/// a value, on the order in which rows were read, or on a repetition.
/// </summary>
/// <remarks>
/// Rows of one step number with one name are repetitions of a step: <c>Name</c>, <c>Name (2)</c>. With different names they are a sequence
/// with one child a row. Repetitions take their names when all other steps have theirs, so that they move none.
/// </remarks>
internal sealed class StepPlaces
{
    private readonly StepScope _root = new();
    private StepRules _rules = null!;
    private bool _flat;

    /// <summary>The order in which the rows of a run are judged and placed. Rows without a number come last.</summary>
    public static ReadOnlySpan<VteStep> InOrder(IReadOnlyList<VteStep> rows)
    {
        ReadOnlySpan<VteStep> given = rows switch
        {
            List<VteStep> list => CollectionsMarshal.AsSpan(list),
            VteStep[] array => array,
            _ => rows.ToArray(),
        };
        for (var i = 1; i < given.Length; i++)
        {
            if (given[i - 1].StepNumber < given[i].StepNumber || ContentOrder.Steps.Compare(given[i - 1], given[i]) <= 0) continue;
            return rows.Order(ContentOrder.Steps).ToArray();
        }
        return given;
    }

    /// <summary>Places rows that are in order. What it gives is good until the next call.</summary>
    public StepScope Place(ReadOnlySpan<VteStep> rows, ReadOnlySpan<string?> verdicts, StepRules rules)
    {
        _rules = rules;
        // Most runs have the numbers and names of the run before, and with them the same places.
        if (_flat && !rules.Nests && _root.TryReuse(rows, verdicts)) return _root;
        _root.Reset(ReportPath.Root);
        _flat = !rules.Nests;
        for (int from = 0, to; from < rows.Length; from = to)
        {
            to = from + 1;
            while (to < rows.Length && rows[to].StepNumber is { } number && number == rows[from].StepNumber) to++;
            if (!rules.Nests && to - from == 1) _root.Add(rows[from], verdicts[from]!);
            else Spread(rows, verdicts, from, to);
        }
        _root.TakeNames();
        return _root;
    }

    // Rows of one number; some of them may be in another nested sequence than the rest.
    private void Spread(ReadOnlySpan<VteStep> rows, ReadOnlySpan<string?> verdicts, int from, int to)
    {
        _flat = false;
        if (!_rules.Nests)
        {
            Group(_root, rows, verdicts, [.. Enumerable.Range(from, to - from)]);
            return;
        }
        var parts = new List<(StepScope Scope, List<int> Rows)>();
        for (var i = from; i < to; i++)
        {
            var scope = _root;
            foreach (var level in _rules.LevelsOf(rows[i])) scope = scope.Nested(level);
            var part = parts.Find(p => p.Scope == scope);
            if (part.Rows is null) parts.Add(part = (scope, []));
            part.Rows.Add(i);
        }
        foreach (var (scope, indexes) in parts) Group(scope, rows, verdicts, indexes);
    }

    private static void Group(StepScope scope, ReadOnlySpan<VteStep> rows, ReadOnlySpan<string?> verdicts, List<int> indexes)
    {
        var firsts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var i in indexes) firsts.TryAdd(StepName.Of(rows[i]).Text!, -1);
        if (firsts.Count > 1)
            scope = scope.AddSequence(string.Create(CultureInfo.InvariantCulture, $"Step {rows[indexes[0]].StepNumber}"));
        foreach (var i in indexes)
        {
            var name = StepName.Of(rows[i]).Text!;
            var at = scope.Add(rows[i], verdicts[i]!, firsts[name]);
            if (firsts[name] < 0) firsts[name] = at;
        }
    }
}

/// <summary>The name that a row has of itself.</summary>
internal static class StepName
{
    /// <summary>The row's name, else its description, else its number; fitted to what WATS takes.</summary>
    public static FieldText Of(VteStep row) => FieldText.Fit(
        Source(row) ?? (row.StepNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $"Step {number}") : "Step"),
        WsjfLimits.StepName);

    /// <summary>The text that it is named by; null where it has none.</summary>
    public static string? Source(VteStep row) => Named(row.Name) ? row.Name : Named(row.Description) ? row.Description : null;

    private static bool Named(string? text) => LegalText.Clean(text) is not null;
}

/// <summary>The root or a nested sequence, with the places in it.</summary>
internal sealed class StepScope
{
    private readonly List<StepPlace> _places = [];
    private readonly UniqueNames _names = new(WsjfLimits.StepName);
    private Dictionary<string, StepScope>? _nested;
    private bool _repeats;

    /// <summary>The places in the order of the report; their names are there after <see cref="TakeNames"/>.</summary>
    public IReadOnlyList<StepPlace> Places => _places;

    public int Count => _places.Count;

    public ReportPath Path { get; private set; } = ReportPath.Root;

    public ref readonly StepPlace this[int index] => ref CollectionsMarshal.AsSpan(_places)[index];

    public void Reset(ReportPath path)
    {
        Path = path;
        _places.Clear();
        _names.Clear();
        (_nested, _repeats) = (null, false);
    }

    /// <summary>Puts rows into the places of others with the same numbers and names; false where there are none such.</summary>
    public bool TryReuse(ReadOnlySpan<VteStep> rows, ReadOnlySpan<string?> verdicts)
    {
        var places = CollectionsMarshal.AsSpan(_places);
        if (places.Length != rows.Length) return false;
        for (var i = 0; i < places.Length; i++)
        {
            var row = rows[i];
            ref var place = ref places[i];
            if (row.StepNumber is not { } number || place.Number != number || row.Name is not [> ' ', ..] || row.Name != place.Field.Raw)
                return false;
            (place.Row, place.Verdict) = (row, verdicts[i]);
        }
        return true;
    }

    /// <summary>Lets go of the rows; names and numbers stay for the next run.</summary>
    public void Forget()
    {
        foreach (ref var place in CollectionsMarshal.AsSpan(_places)) place.Row = null;
    }

    /// <summary>Adds a row, and gives its index.</summary>
    /// <param name="row">The row.</param>
    /// <param name="verdict">Its verdict.</param>
    /// <param name="first">Index of the place that it repeats; -1 for none.</param>
    public int Add(VteStep row, string verdict, int first = -1)
    {
        _repeats |= first >= 0;
        _places.Add(new StepPlace { Row = row, Number = row.StepNumber, Verdict = verdict, First = first });
        return _places.Count - 1;
    }

    /// <summary>Adds the sequence of a step number that has several names.</summary>
    public StepScope AddSequence(string name)
    {
        var scope = new StepScope();
        _places.Add(new StepPlace { Sequence = scope, Name = name, First = -1 });
        return scope;
    }

    /// <summary>The nested sequence of a name, which may be there.</summary>
    public StepScope Nested(string name)
    {
        _nested ??= new Dictionary<string, StepScope>(StringComparer.OrdinalIgnoreCase);
        name = LegalText.Cut(name, WsjfLimits.StepName);
        if (!_nested.TryGetValue(name, out var scope)) _nested[name] = scope = AddSequence(name);
        return scope;
    }

    /// <summary>Gives every place its name: first to those that repeat none.</summary>
    public void TakeNames()
    {
        var places = CollectionsMarshal.AsSpan(_places);
        foreach (ref var place in places)
        {
            if (place.First >= 0) continue;
            place.Field = place.Row is null ? new FieldText(place.Name, place.Name, 0, 0) : StepName.Of(place.Row);
            place.Name = _names.Take(place.Field.Text!);
        }
        if (_repeats)
        {
            foreach (ref var place in places)
            {
                if (place.First < 0) continue;
                place.Field = StepName.Of(place.Row!);
                place.Name = _names.Repeat(place.Field.Text!, places[place.First].Name);
            }
        }
        foreach (ref var place in places)
        {
            if (place.Sequence is not { } scope) continue;
            scope.Path = Path.Child($"step {place.Name}");
            scope.TakeNames();
        }
    }

    /// <summary>The rows in the order of the report, each with its path's beginning and name.</summary>
    public IEnumerable<(StepScope Scope, StepPlace Place)> Rows()
    {
        foreach (var place in _places)
        {
            if (place.Sequence is null) yield return (this, place);
            else
                foreach (var inner in place.Sequence.Rows()) yield return inner;
        }
    }
}

/// <summary>A row, or a nested sequence, with the name that it has among its siblings.</summary>
internal struct StepPlace
{
    public VteStep? Row;
    public StepScope? Sequence;
    public string? Verdict;
    public int? Number;

    /// <summary>Index of the place in the same scope that it repeats; -1 for none.</summary>
    public int First;

    /// <summary>The name it has of itself.</summary>
    public FieldText Field;

    public string Name;
}
