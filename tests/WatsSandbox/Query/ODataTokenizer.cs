using System.Globalization;

namespace VteWats.WatsSandbox.Query;

/// <summary>A query that the server does not understand; the text goes into the 400 answer.</summary>
public sealed class QueryException(string message) : Exception(message);

internal enum TokenKind { Name, Text, Number, Guid, Time, Open, Close, Comma, Colon, End }

internal readonly record struct Token(TokenKind Kind, string Text, object? Value = null);

/// <summary>Cuts a filter into names, literals and marks.</summary>
internal static class ODataTokenizer
{
    public static List<Token> Tokens(string filter)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < filter.Length;)
        {
            var c = filter[i];
            if (char.IsWhiteSpace(c)) i++;
            else if (c == '\'') i = Quoted(filter, i, tokens);
            else if (Mark(c) is { } kind)
            {
                tokens.Add(new Token(kind, c.ToString()));
                i++;
            }
            else
            {
                var from = i;
                while (i < filter.Length && !char.IsWhiteSpace(filter[i]) && filter[i] != '\'' && !Ends(filter, from, i)) i++;
                if (i == from) throw new QueryException($"Syntax error: character '{c}' is not valid at position {from} in '{filter}'.");
                tokens.Add(Word(filter[from..i], filter));
            }
        }
        tokens.Add(new Token(TokenKind.End, ""));
        return tokens;
    }

    // A colon ends a name (the variable of a lambda) but belongs to a time.
    private static bool Ends(string filter, int from, int at) =>
        filter[at] is '(' or ')' or ',' || (filter[at] == ':' && !char.IsAsciiDigit(filter[from]));

    private static TokenKind? Mark(char c) => c switch
    {
        '(' => TokenKind.Open,
        ')' => TokenKind.Close,
        ',' => TokenKind.Comma,
        ':' => TokenKind.Colon,
        _ => null,
    };

    private static int Quoted(string filter, int from, List<Token> tokens)
    {
        var text = new System.Text.StringBuilder();
        for (var i = from + 1; i < filter.Length; i++)
        {
            if (filter[i] != '\'')
            {
                text.Append(filter[i]);
            }
            else if (i + 1 < filter.Length && filter[i + 1] == '\'')
            {
                text.Append('\'');
                i++;
            }
            else
            {
                tokens.Add(new Token(TokenKind.Text, text.ToString(), text.ToString()));
                return i + 1;
            }
        }
        throw new QueryException($"There is an unterminated string literal at position {filter.Length} in '{filter}'.");
    }

    private static Token Word(string word, string filter)
    {
        if (Guid.TryParseExact(word, "D", out var guid)) return new Token(TokenKind.Guid, word, guid);
        if (char.IsAsciiDigit(word[0]) || word[0] is '-' or '+' or '.')
        {
            if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                return new Token(TokenKind.Number, word, number);
            if (word.Length >= 10 && word[4] == '-' && HasOffset(word)
                && DateTimeOffset.TryParse(word, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return new Token(TokenKind.Time, word, time);
            throw new QueryException($"Unrecognized literal '{word}' in '{filter}'.");
        }
        return new Token(TokenKind.Name, word);
    }

    // OData times carry an offset; a date alone is a date.
    private static bool HasOffset(string word) =>
        word.Length == 10 || word.EndsWith('Z') || word.LastIndexOfAny(['+', '-']) > 10;
}
