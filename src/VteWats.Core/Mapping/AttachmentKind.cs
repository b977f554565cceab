using System.Buffers.Binary;
using System.Text;

namespace VteWats.Core.Mapping;

/// <summary>What a file is by its content: WATS and browsers show pictures, PDF and tables by their content type.</summary>
internal sealed record AttachmentKind(string Extension, string ContentType)
{
    private const int Seen = 64 * 1024;

    private static readonly AttachmentKind Binary = new("bin", "application/octet-stream");
    private static readonly AttachmentKind Text = new("txt", "text/plain; charset=utf-8");
    private static readonly AttachmentKind Csv = new("csv", "text/csv; charset=utf-8");

    private static readonly (byte[] Begin, AttachmentKind Kind)[] Known =
    [
        ([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], new("png", "image/png")),
        ([0xFF, 0xD8, 0xFF], new("jpg", "image/jpeg")),
        ([.. "GIF87a"u8], new("gif", "image/gif")),
        ([.. "GIF89a"u8], new("gif", "image/gif")),
        ([.. "%PDF-"u8], new("pdf", "application/pdf")),
        ([(byte)'I', (byte)'I', 0x2A, 0], new("tif", "image/tiff")),
        ([(byte)'M', (byte)'M', 0, 0x2A], new("tif", "image/tiff")),
    ];

    public static AttachmentKind OfBytes(ReadOnlySpan<byte> bytes)
    {
        foreach (var (begin, kind) in Known)
            if (bytes.StartsWith(begin)) return kind;
        // "BM" alone begins many a text; a bitmap also tells its own size.
        if (bytes.Length > 26 && bytes.StartsWith("BM"u8) && BinaryPrimitives.ReadUInt32LittleEndian(bytes[2..]) == (uint)bytes.Length)
            return new("bmp", "image/bmp");
        if (bytes.StartsWith("RIFF"u8) && bytes.Length > 12 && bytes[8..].StartsWith("WEBP"u8)) return new("webp", "image/webp");
        return System.Text.Unicode.Utf8.IsValid(bytes) && IsTable(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, Seen)])) ? Csv
            : Binary;
    }

    public static AttachmentKind OfText(string text) => IsTable(text.Length > Seen ? text[..Seen] : text) ? Csv : Text;

    // Two lines or more, and each has as many separators as the first.
    private static bool IsTable(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\0', '\u0008') >= 0) return false;
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // The last line may be cut.
        var whole = text.Length >= Seen ? lines.Length - 1 : lines.Length;
        if (whole < 2) return false;
        foreach (var separator in ",;\t")
        {
            var count = lines[0].AsSpan().Count(separator);
            if (count > 0 && lines.AsSpan(0, whole).ToArray().All(line => line.AsSpan().Count(separator) == count)) return true;
        }
        return false;
    }
}
