namespace VteWats.Core.Vte.Sample;

/// <summary>
/// Random numbers for samples: SplitMix64. <see cref="Random"/> does not promise the same numbers on the next runtime, and the same seed
/// must
/// give the same bytes of data there too. No logarithms and no sines, whose last bit may differ from machine to machine.
/// </summary>
internal sealed class SampleRandom(int seed)
{
    private ulong _state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL + 0x632BE59BD9B4E019UL);

    public ulong NextBits()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>From 0 up to but not <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)(NextBits() % (ulong)bound);

    /// <summary>From 0 up to but not 1.</summary>
    public double Share() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double share) => Share() < share;

    public T Of<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    /// <summary>About normal, mean 0 and deviation 1, never beyond 6: the sum of four uniform numbers.</summary>
    public double Spread() => (Share() + Share() + Share() + Share() - 2) * 1.7320508075688772;

    /// <summary>A version 4 GUID.</summary>
    public Guid Guid()
    {
        var (a, b) = (NextBits(), NextBits());
        return new Guid(
            (uint)a, (ushort)(a >> 32), (ushort)(((a >> 48) & 0x0FFF) | 0x4000), (byte)((b & 0x3F) | 0x80), (byte)(b >> 8), (byte)(b >> 16),
            (byte)(b >> 24), (byte)(b >> 32), (byte)(b >> 40), (byte)(b >> 48), (byte)(b >> 56));
    }

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = (byte)NextBits();
        return bytes;
    }
}
