using System.Security.Cryptography;
using System.Text;

namespace VteWats.Core.Vte.Reading;

/// <summary>
/// A text or binary result that may be of any size. A long one goes into the content hash by its own hash, whether it was kept or not: so
/// the
/// content hash of a run does not depend on how much was kept.
/// </summary>
internal static class LargeValue
{
    /// <summary>Bytes (of a text, as UTF-8) from which on a value counts by its hash. A <c>sql_variant</c> never holds more.</summary>
    public const int DigestOver = 8000;

    /// <summary>Bytes up to which a value is kept, whatever the site says: so many hold more characters than the text of a step in a report
    /// takes.</summary>
    public const int AlwaysKept = 16_000;

    /// <summary>Characters that are kept of a text that is too long: more than any field of a report shows of it.</summary>
    public const int Beginning = 4000;

    public static VteCutValue Cut(ReadOnlySpan<byte> value) => new(value.Length, Hex(SHA256.HashData(value)));

    public static string Hex(ReadOnlySpan<byte> hash) => Convert.ToHexString(hash).ToLowerInvariant();

    /// <summary>The value's own hash, where it is so long that it counts by that; null for a shorter one.</summary>
    public static VteCutValue? DigestOf(string? text, VteCutValue? cut)
    {
        if (cut is not null || text is null || text.Length <= DigestOver / 3) return cut;
        return Encoding.UTF8.GetByteCount(text) <= DigestOver ? null : Cut(Encoding.UTF8.GetBytes(text));
    }

    /// <inheritdoc cref="DigestOf(string, VteCutValue)"/>
    public static VteCutValue? DigestOf(byte[]? bytes, VteCutValue? cut) =>
        cut ?? (bytes is { Length: > DigestOver } ? Cut(bytes) : null);

    /// <summary>The first characters of a text, one less where that would split a surrogate pair.</summary>
    public static string BeginningOf(ReadOnlySpan<char> text)
    {
        var length = Math.Min(text.Length, Beginning);
        if (length > 0 && length < text.Length && char.IsHighSurrogate(text[length - 1])) length--;
        return new string(text[..length]);
    }

    /// <summary>The first characters of a text in UTF-8.</summary>
    public static string BeginningOf(ReadOnlySpan<byte> utf8)
    {
        var bytes = utf8[..Math.Min(utf8.Length, 4 * Beginning)];
        // A character that this would cut in two is not among the first ones anyway.
        return BeginningOf(Encoding.UTF8.GetString(bytes).AsSpan());
    }
}

/// <summary>Takes a text in pieces. Keeps it whole up to a limit; beyond that its beginning, length and hash. To be used again.</summary>
internal sealed class TextKeeper
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();
    private readonly StringBuilder _kept = new();
    private readonly byte[] _utf8 = new byte[Encoding.UTF8.GetMaxByteCount(Piece)];
    private int _limit;
    private long _length;

    /// <summary>Most characters that are worked on at once.</summary>
    public const int Piece = 4096;

    /// <param name="limit">Bytes as UTF-8 that are kept.</param>
    public void Begin(int limit)
    {
        if (_length > 0) _hash.GetHashAndReset(stackalloc byte[SHA256.HashSizeInBytes]);
        _encoder.Reset();
        _kept.Clear();
        (_limit, _length) = (limit, 0);
    }

    public void Add(ReadOnlySpan<char> text)
    {
        for (; text.Length > 0; text = text[Math.Min(Piece, text.Length)..])
        {
            var piece = text[..Math.Min(Piece, text.Length)];
            Take(_encoder.GetBytes(piece, _utf8, flush: false));
            if (_length <= _limit || _kept.Length <= LargeValue.Beginning) _kept.Append(piece);
            else if (_kept.Length > LargeValue.Beginning + Piece) Shorten();
        }
    }

    /// <summary>The text, or its beginning and what is known of the rest.</summary>
    public (string Text, VteCutValue? Cut) End()
    {
        Take(_encoder.GetBytes([], _utf8, flush: true));
        var hash = _hash.GetHashAndReset();
        var cut = _length <= _limit ? null : new VteCutValue(_length, LargeValue.Hex(hash));
        _length = 0;
        return cut is null ? (_kept.ToString(), null) : (LargeValue.BeginningOf(_kept.ToString().AsSpan()), cut);
    }

    private void Take(int bytes)
    {
        _hash.AppendData(_utf8, 0, bytes);
        _length += bytes;
    }

    // One more than the beginning, so that it can be seen whether that ends in the middle of a pair. What the builder held goes.
    private void Shorten()
    {
        var beginning = _kept.ToString(0, LargeValue.Beginning + 1);
        _kept.Clear();
        _kept.Capacity = beginning.Length;
        _kept.Append(beginning);
    }
}
