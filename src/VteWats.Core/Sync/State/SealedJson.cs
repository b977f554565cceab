using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VteWats.Core.Sync.State;

/// <summary>
/// JSON text that knows what it is: format name, format version and a SHA-256 over both and the content as it stands in the file. Meant to
/// be read by people, not edited: an edit breaks the seal, because nobody checked what it does to the promises.
/// </summary>
internal static class SealedJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Seal<T>(string format, int version, T content, JsonTypeInfo<T> type)
    {
        var inner = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(inner, Indented)) JsonSerializer.Serialize(writer, content, type);
        var outer = new ArrayBufferWriter<byte>(inner.WrittenCount + 256);
        using (var writer = new Utf8JsonWriter(outer, Indented))
        {
            writer.WriteStartObject();
            writer.WriteString("format", format);
            writer.WriteNumber("version", version);
            writer.WriteString("sha256", Hash(format, version, inner.WrittenSpan));
            writer.WritePropertyName("content");
            writer.WriteRawValue(inner.WrittenSpan, skipInputValidation: true);
            writer.WriteEndObject();
        }
        return [.. outer.WrittenSpan, (byte)'\n'];
    }

    /// <exception cref="BrokenSealException">Not this format, a newer version of it, cut, or changed.</exception>
    public static T Open<T>(string format, int version, ReadOnlyMemory<byte> text, JsonTypeInfo<T> type)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var name) || name.GetString() != format)
                throw new BrokenSealException($"It is not a file of the kind {format}.");
            var written = root.GetProperty("version").GetInt32();
            if (written > version) throw new BrokenSealException(
                $"It has format version {written}; this release knows versions up to {version}.") { Newer = true };
            var content = root.GetProperty("content").GetRawText();
            if (!string.Equals(root.GetProperty("sha256").GetString(), Hash(format, written, Encoding.UTF8.GetBytes(content)),
                StringComparison.Ordinal))
                throw new BrokenSealException("Its checksum does not agree with its content: it is damaged, or was edited.");
            return JsonSerializer.Deserialize(content, type) ?? throw new BrokenSealException("It has no content.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BrokenSealException(text.IsEmpty ? "It is empty." : "It is not a complete JSON text of this kind.", e);
        }
    }

    private static string Hash(string format, int version, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{format} {version}\n")));
        hash.AppendData(content);
        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }
}

/// <summary>A state file or a dead letter that must not be taken for true.</summary>
internal sealed class BrokenSealException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Written by a newer release: not damaged.</summary>
    public bool Newer { get; init; }
}
