using System.Globalization;

namespace VteWats.WatsSandbox.Query;

/// <summary>
/// The part of OData's <c>$filter</c> that WATS documents: comparisons, <c>in</c>, <c>and</c>, <c>or</c>, <c>not</c>, parentheses,
/// functions on text,
/// and <c>any</c> over a list of the header.
/// </summary>
internal sealed class ODataFilter
{
    private delegate object? Reader(HeaderRow row);

    private readonly List<Token> _tokens;
    private readonly string _text;
    private readonly bool _refuseIn;
    private int _at;
    private (string Variable, string List)? _lambda;

    private ODataFilter(string text, bool refuseIn)
    {
        _text = text;
        _refuseIn = refuseIn;
        _tokens = ODataTokenizer.Tokens(text);
    }

    /// <summary>The condition, and the only ids that can meet it where the filter names ids.</summary>
    /// <exception cref="QueryException">The filter is not understood.</exception>
    public static (Func<HeaderRow, bool> Matches, IReadOnlyCollection<Guid>? Ids) Parse(string text, bool refuseIn)
    {
        var parser = new ODataFilter(text, refuseIn);
        var condition = parser.Or();
        if (parser.Peek.Kind != TokenKind.End) throw parser.Unexpected();
        return (condition.Matches, condition.Ids);
    }

    private Token Peek => _tokens[_at];
    private bool PeekIs(string word) => Peek.Kind == TokenKind.Name && Peek.Text == word;

    private sealed record Condition(Func<HeaderRow, bool> Matches, IReadOnlyCollection<Guid>? Ids = null);

    private Condition Or()
    {
        var left = And();
        while (PeekIs("or"))
        {
            _at++;
            var (a, b) = (left, And());
            left = new Condition(r => a.Matches(r) || b.Matches(r), a.Ids is null || b.Ids is null ? null : [.. a.Ids.Union(b.Ids)]);
        }
        return left;
    }

    private Condition And()
    {
        var left = Unary();
        while (PeekIs("and"))
        {
            _at++;
            var (a, b) = (left, Unary());
            left = new Condition(r => a.Matches(r) && b.Matches(r), a.Ids is not null && b.Ids is not null ? [.. a.Ids.Intersect(b.Ids)]
                : a.Ids ?? b.Ids);
        }
        return left;
    }

    private Condition Unary()
    {
        if (PeekIs("not"))
        {
            _at++;
            var inner = Unary();
            return new Condition(r => !inner.Matches(r));
        }
        if (Peek.Kind == TokenKind.Open)
        {
            _at++;
            var inner = Or();
            Take(TokenKind.Close);
            return inner;
        }
        return Comparison();
    }

    private Condition Comparison()
    {
        if (Any() is { } any) return any;
        var (left, type, name) = Operand();
        if (Peek.Kind != TokenKind.Name)
            return type == typeof(bool) ? new Condition(r => left(r) is true) : throw Unexpected();
        var op = Peek.Text;
        if (op == "in") return In(left, type, name);
        if (op is not ("eq" or "ne" or "gt" or "ge" or "lt" or "le"))
            return type == typeof(bool) ? new Condition(r => left(r) is true) : throw Unexpected();
        _at++;
        var literal = Peek;
        var (right, rightType, _) = Operand();
        Compatible(type, rightType, op);
        IReadOnlyCollection<Guid>? ids = op == "eq" && name == "uuid" && literal.Value is Guid id ? [id] : null;
        return op switch
        {
            "eq" => new Condition(r => Compare(left(r), right(r)) == 0, ids),
            "ne" => new Condition(r => Compare(left(r), right(r)) != 0),
            "gt" => new Condition(r => Ordered(left(r), right(r)) is > 0),
            "ge" => new Condition(r => Ordered(left(r), right(r)) is >= 0),
            "lt" => new Condition(r => Ordered(left(r), right(r)) is < 0),
            _ => new Condition(r => Ordered(left(r), right(r)) is <= 0),
        };
    }

    private Condition In(Reader left, Type? type, string? name)
    {
        if (_refuseIn) throw new QueryException(
            $"The query specified in the URI is not valid. Syntax error at position {_at} in '{_text}'.");
        _at++;
        Take(TokenKind.Open);
        var values = new List<object?>();
        do
        {
            var (value, valueType, _) = Operand();
            Compatible(type, valueType, "in");
            values.Add(value(default!));
        }
        while (TryTake(TokenKind.Comma));
        Take(TokenKind.Close);
        var set = values.ToHashSet();
        return new Condition(r => set.Contains(left(r)), name == "uuid" ? [.. values.OfType<Guid>()] : null);
    }

    // subUnits/any(s: s/partNumber eq 'X')
    private Condition? Any()
    {
        if (Peek.Kind != TokenKind.Name || !Peek.Text.EndsWith("/any", StringComparison.Ordinal)) return null;
        var list = Peek.Text[..^"/any".Length];
        if (!HeaderRow.Lists.ContainsKey(list))
            throw new QueryException($"Could not find a property named '{list}' on type 'Virinco.WATS.Web.Api.Models.OData.ReportHeader'.");
        _at++;
        Take(TokenKind.Open);
        if (TryTake(TokenKind.Close)) return new Condition(r => HeaderRow.Lists[list](r).Any());
        var variable = Take(TokenKind.Name).Text;
        Take(TokenKind.Colon);
        var outer = _lambda;
        _lambda = (variable, list);
        var inner = Or();
        _lambda = outer;
        Take(TokenKind.Close);
        return new Condition(r => HeaderRow.Lists[list](r).Any(item => inner.Matches(r with { Item = item })));
    }

    private (Reader Read, Type? Type, string? Name) Operand()
    {
        var token = _tokens[_at++];
        switch (token.Kind)
        {
            case TokenKind.Text or TokenKind.Guid or TokenKind.Number or TokenKind.Time:
                return (_ => token.Value, token.Value!.GetType(), null);
            case TokenKind.Name when token.Text == "null":
                return (_ => null, null, null);
            case TokenKind.Name when token.Text is "true" or "false":
                return (_ => token.Text == "true", typeof(bool), null);
            case TokenKind.Name when Peek.Kind == TokenKind.Open:
                return Function(token.Text);
            case TokenKind.Name when _lambda is { } lambda && token.Text.StartsWith(lambda.Variable + "/", StringComparison.Ordinal):
                var field = token.Text[(lambda.Variable.Length + 1)..];
                return (r => r.Item!.GetValueOrDefault(field), typeof(string), null);
            case TokenKind.Name when HeaderRow.Fields.TryGetValue(token.Text, out var property):
                return (r => property.Read(r), property.Type, token.Text);
            case TokenKind.Name:
                throw new QueryException(
                    $"The query specified in the URI is not valid. Could not find a property named '{token.Text}' on type "
                    + "'Virinco.WATS.Web.Api.Models.OData.ReportHeader'.");
            default:
                _at--;
                throw Unexpected();
        }
    }

    private (Reader, Type?, string?) Function(string name)
    {
        Take(TokenKind.Open);
        var arguments = new List<Reader>();
        do arguments.Add(Operand().Read);
        while (TryTake(TokenKind.Comma));
        Take(TokenKind.Close);
        string? Text(int i, HeaderRow r) => arguments[i](r) as string;
        return (name, arguments.Count) switch
        {
            ("contains", 2) => (r => Text(0, r) is { } t && Text(1, r) is { } part && t.Contains(part, StringComparison.OrdinalIgnoreCase),
                typeof(bool), null),
            ("startswith", 2) => (r => Text(0, r) is { } t && Text(1, r) is { } part
                && t.StartsWith(part, StringComparison.OrdinalIgnoreCase), typeof(bool), null),
            ("endswith", 2) => (r => Text(0, r) is { } t && Text(1, r) is { } part && t.EndsWith(part, StringComparison.OrdinalIgnoreCase),
                typeof(bool), null),
            ("tolower", 1) => (r => Text(0, r)?.ToLowerInvariant(), typeof(string), null),
            ("toupper", 1) => (r => Text(0, r)?.ToUpperInvariant(), typeof(string), null),
            ("trim", 1) => (r => Text(0, r)?.Trim(), typeof(string), null),
            ("concat", 2) => (r => Text(0, r) + Text(1, r), typeof(string), null),
            ("length", 1) => (r => (double?)Text(0, r)?.Length, typeof(double), null),
            ("indexof", 2) => (r => Text(0, r) is { } t && Text(1, r) is { } part
                ? (double?)t.IndexOf(part, StringComparison.OrdinalIgnoreCase) : null, typeof(double), null),
            ("substring", 2) => (r => Text(0, r) is { } t && arguments[1](r) is double from ? t[Math.Clamp((int)from, 0, t.Length)..]
                : null, typeof(string), null),
            _ => throw new QueryException(string.Create(CultureInfo.InvariantCulture,
                $"The query specified in the URI is not valid. An unknown function with name '{name}' and {arguments.Count} arguments "
                + $"was found.")),
        };
    }

    private static void Compatible(Type? left, Type? right, string op)
    {
        if (left is null || right is null || left == right) return;
        throw new QueryException(
            $"The query specified in the URI is not valid. A binary operator with incompatible types was detected. Found operand types "
            + $"'{Edm(left)}' and '{Edm(right)}' for operator kind '{op}'.");
    }

    private static string Edm(Type type) => type == typeof(DateTimeOffset) ? "Edm.DateTimeOffset" : "Edm." + type.Name;

    // SQL Server compares text without regard to case.
    private static int Compare(object? a, object? b) => (a, b) switch
    {
        (null, null) => 0,
        (string x, string y) => string.Compare(x, y, StringComparison.OrdinalIgnoreCase),
        (DateTimeOffset x, DateTimeOffset y) => x.CompareTo(y),
        (IComparable x, not null) => x.CompareTo(b),
        _ => -1,
    };

    private static int? Ordered(object? a, object? b) => a is null || b is null ? null : Compare(a, b);

    private Token Take(TokenKind kind) => Peek.Kind == kind ? _tokens[_at++] : throw Unexpected();

    private bool TryTake(TokenKind kind)
    {
        if (Peek.Kind != kind) return false;
        _at++;
        return true;
    }

    private QueryException Unexpected() =>
        new($"The query specified in the URI is not valid. Syntax error: unexpected '{Peek.Text}' in '{_text}'.");
}
