using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VteWats.Core.Wats;

/// <summary>Reads and writes the WSJF text of a report: UTF-8 without byte order mark, no nulls, numbers that round-trip.</summary>
public static class Wsjf
{
    // Text in any alphabet goes as it is: the receiver is a JSON parser, never a web page.
    private static readonly JsonWriterOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonWriterOptions Indented = Plain with { Indented = true };

    private const int LargestKeptBuffer = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>UTF-8 bytes of the report as they go to WATS.</summary>
    public static byte[] ToUtf8(WatsReport report, bool indented = false)
    {
        // One buffer a thread, but none kept that a single report with attachments has blown up.
        if (_buffer is not { Capacity: <= LargestKeptBuffer } buffer) _buffer = buffer = new ArrayBufferWriter<byte>(16 * 1024);
        buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(buffer, indented ? Indented : Plain))
            WsjfWriter.Write(writer, report);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a report. What this model does not know is kept; explicit nulls and properties that only the server writes are passed
    /// over.</summary>
    /// <exception cref="JsonException">The text is not a WSJF report.</exception>
    public static WatsReport Parse(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(WsjfCleaner.Clean(utf8), WsjfJsonContext.Default.WatsReport)
        ?? throw new JsonException("The text is null, not a report.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WatsReport))]
internal sealed partial class WsjfJsonContext : JsonSerializerContext;

internal sealed class WsjfLocalTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture));
}

internal sealed class WsjfUtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
}
