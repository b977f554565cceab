using System.Text.Json;
using System.Text.Json.Serialization;
using VteWats.Core.Vte;

namespace VteWats.Core.Wats;

/// <summary>
/// The report text of a step: a text, or the row of VTE whose number and description are all there is to say. Most steps are such, and
/// their text is written without having been put together before.
/// </summary>
/// <param name="Content">A <see cref="string"/>, a <see cref="VteStep"/>, or null for no text.</param>
internal readonly record struct RowText(object? Content)
{
    private const string NumberLabel = "Number: ", DescriptionLabel = "Description: ";

    /// <summary>The longest text that a row can have: its two texts with their labels and a line feed.</summary>
    public static int LengthOf(VteStep row) =>
        (row.Number?.Length ?? 0) + (row.Description?.Length ?? 0) + NumberLabel.Length + DescriptionLabel.Length + 1;

    /// <summary>True where number and description of a row can be its text as they are: it has a name, something to tell, and no character
    /// that WATS cannot keep.</summary>
    public static bool IsAll(VteStep row) =>
        row.Name is [> ' ', ..] && (row.Number is [> ' ', ..] || row.Description is [> ' ', ..] && row.Description != row.Name)
        && LengthOf(row) <= WsjfLimits.ReportText && WsjfText.IndexOfForbidden(row.Number ?? "") < 0
        && WsjfText.IndexOfForbidden(row.Description ?? "") < 0;

    /// <summary>The text of a row; null for none.</summary>
    public static string? Of(VteStep? row)
    {
        if (row is null) return null;
        Span<char> room = LengthOf(row) <= 512 ? stackalloc char[512] : new char[LengthOf(row)];
        var length = Write(row, room);
        return length == 0 ? null : room[..length].ToString();
    }

    /// <summary>Writes the text of a row, and gives its length.</summary>
    public static int Write(VteStep row, Span<char> room)
    {
        var at = 0;
        if (row.Number.AsSpan().Trim() is { Length: > 0 } number) Line(NumberLabel, number, room, ref at);
        if (!ReferenceEquals(row.Description, row.Name) && row.Description.AsSpan().Trim() is { Length: > 0 } description
            && row.Description != row.Name) Line(DescriptionLabel, description, room, ref at);
        return at;
    }

    /// <summary>Writes the text as a member; nothing where there is none.</summary>
    public void Write(Utf8JsonWriter to, JsonEncodedText name)
    {
        if (Content is string text)
        {
            to.WriteString(name, text);
            return;
        }
        if (Content is not VteStep row) return;
        Span<char> room = LengthOf(row) <= 512 ? stackalloc char[512] : new char[LengthOf(row)];
        to.WriteString(name, room[..Write(row, room)]);
    }

    private static void Line(string label, ReadOnlySpan<char> text, Span<char> room, ref int at)
    {
        if (at > 0) room[at++] = '\n';
        label.CopyTo(room[at..]);
        at += label.Length;
        text.CopyTo(room[at..]);
        at += text.Length;
    }
}

internal sealed class RowTextConverter : JsonConverter<RowText>
{
    public override RowText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString());

    public override void Write(Utf8JsonWriter writer, RowText value, JsonSerializerOptions options)
    {
        writer.WriteStringValue(value.Content as string ?? RowText.Of(value.Content as VteStep));
    }
}
