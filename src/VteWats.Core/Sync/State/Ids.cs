using System.Security.Cryptography;
using System.Text;

namespace VteWats.Core.Sync.State;

/// <summary>How ids, hashes and times stand in the state.</summary>
internal static class Ids
{
    /// <summary>The 16 bytes of an id in the order of its text, whichever database keeps them.</summary>
    public static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    public static Guid Guid(byte[] bytes) => new(bytes, bigEndian: true);

    /// <summary>128 bits of a hash are enough to tell two contents of one run apart; nothing of a run that was not read in full.</summary>
    public static byte[] Hash(string? hash) => hash switch
    {
        null or "" => [],
        { Length: 64 } => Convert.FromHexString(hash)[..16],
        _ => SHA256.HashData(Encoding.UTF8.GetBytes(hash))[..16],
    };

    /// <summary>64 bits of a header's hash; 0 where it is not known.</summary>
    public static long Number(string? hash) => hash is null ? 0 : BitConverter.ToInt64(Hash(hash));

    public static long Ticks(DateTimeOffset instant) => instant.UtcTicks;

    public static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateTime Local(long ticks) => new(ticks, DateTimeKind.Unspecified);

    /// <summary>The key of a site: sites that differ in case only are one.</summary>
    public static string Site(string name) => name.ToUpperInvariant();
}
