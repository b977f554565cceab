using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace VteWats.Core.Assistant;

/// <summary>Changes the text of a configuration file at one place, and leaves all else as it is, comments too.</summary>
internal static class JsonText
{
    private static readonly JsonReaderOptions Syntax = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Where the object at a path ends.</summary>
    /// <param name="Begin">Offset of its opening brace.</param>
    /// <param name="LastEnd">Offset behind its last member; behind the brace where it has none.</param>
    /// <param name="End">Offset of its closing brace.</param>
    private sealed record Place(int Begin, int LastEnd, int End);

    /// <summary>Adds members at the end of an object; a comma in front of them where one is needed.</summary>
    /// <param name="text">The file.</param>
    /// <param name="path">Keys that lead to the object.</param>
    /// <param name="members">Lines of members, each with a comma behind it.</param>
    public static string? Append(string text, IReadOnlyList<string> path, string members)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (Find(bytes, path) is not { } place) return null;
        var (last, rest) = (Text(bytes, 0, place.LastEnd), Text(bytes, place.LastEnd, place.End));
        var needsComma = place.LastEnd > place.Begin + 1 && !StripComments(rest).Contains(',', StringComparison.Ordinal);
        // The closing brace stays on its line.
        var cut = rest.LastIndexOf('\n') + 1;
        var (kept, indent) = cut > 0 && rest[cut..].Trim().Length == 0 ? (rest[..cut], rest[cut..]) : (rest + "\n", "");
        return last + (needsComma ? "," : "") + kept + members + indent + Text(bytes, place.End, bytes.Length);
    }

    /// <summary>Puts a value in the place of the one at a path; null where there is none.</summary>
    public static string? Replace(string text, IReadOnlyList<string> path, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (FindValue(bytes, path) is not var (begin, end)) return null;
        return Text(bytes, 0, begin) + value + Text(bytes, end, bytes.Length);
    }

    /// <summary>Puts a member in the place of the comment that left it open; null where there is none in the object at a path.</summary>
    public static string? Close(string text, IReadOnlyList<string> path, string name, string member)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (Find(bytes, path) is not { } place) return null;
        var within = Text(bytes, place.Begin, place.End);
        var key = Regex.Escape(name);
        var open = new Regex(
            $@"(?m)^[ \t]*// OPEN {key}:.*\n(?:[ \t]*// (?!OPEN ).*\n)*?[ \t]*// (?:""{key}"": |a line ).*\n");
        return open.IsMatch(within)
            ? Text(bytes, 0, place.Begin) + open.Replace(within, _ => member, 1) + Text(bytes, place.End, bytes.Length) : null;
    }

    private static Place? Find(byte[] json, IReadOnlyList<string> path)
    {
        if (FindValue(json, path) is not var (begin, end) || json[begin] != '{') return null;
        var reader = new Utf8JsonReader(json.AsSpan(begin, end - begin), Syntax);
        reader.Read();
        var last = begin + 1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            reader.Read();
            reader.Skip();
            last = begin + (int)reader.BytesConsumed;
        }
        return new Place(begin, last, end - 1);
    }

    private static (int Begin, int End)? FindValue(byte[] json, IReadOnlyList<string> path)
    {
        var start = json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var reader = new Utf8JsonReader(json.AsSpan(start), Syntax);
        if (!reader.Read()) return null;
        foreach (var key in path)
        {
            if (reader.TokenType != JsonTokenType.StartObject) return null;
            var found = false;
            while (!found && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                found = string.Equals(reader.GetString(), key, StringComparison.OrdinalIgnoreCase);
                reader.Read();
                if (!found) reader.Skip();
            }
            if (!found) return null;
        }
        var begin = start + (int)reader.TokenStartIndex;
        reader.Skip();
        return (begin, start + (int)reader.BytesConsumed);
    }

    private static string StripComments(string text) => Regex.Replace(text, @"//[^\n]*|/\*.*?\*/", "", RegexOptions.Singleline);

    private static string Text(byte[] bytes, int from, int to) => Encoding.UTF8.GetString(bytes, from, to - from);
}
