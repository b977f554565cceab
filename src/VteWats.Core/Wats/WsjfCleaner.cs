using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VteWats.Core.Wats;

/// <summary>
/// Takes out of a report that was read what must not be sent back: nulls, which a server writes for what is absent and refuses where it
/// wants a text, and the properties that only the server writes.
/// </summary>
internal static class WsjfCleaner
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        using var document = JsonDocument.ParseValue(ref reader);
        if (reader.Read()) throw new JsonException("There is something behind the report.");
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !HasIdleMember(root, "")) return utf8;
        var buffer = new ArrayBufferWriter<byte>(utf8.Length);
        using (var writer = new Utf8JsonWriter(buffer, Plain)) Write(writer, root, "");
        return buffer.WrittenSpan;
    }

    private static bool HasIdleMember(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(m => IsIdle(m, place) || HasIdleMember(m.Value, m.Name)),
        JsonValueKind.Array => value.EnumerateArray().Any(item => HasIdleMember(item, place)),
        _ => false,
    };

    private static bool IsIdle(JsonProperty member, string place) =>
        member.Value.ValueKind == JsonValueKind.Null || (place, member.Name) is ("", "assetStats" or "origin" or "productName")
            or ("uut", "stepIdCausedUUTFailure" or "refUURs" or "referencedByUURs") or ("uur", "children") or ("failures", "refStepName");

    private static void Write(Utf8JsonWriter writer, JsonElement value, string place)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    if (IsIdle(member, place)) continue;
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, member.Name);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item, place);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
