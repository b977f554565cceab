using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace VteWats.Core.Vte.Reading;

/// <summary>
/// SHA-256 over a canonical form of a run's content. The form is the same whichever database holds the run: times in 1/300 s as SQL Server
/// keeps them, the duration in the 4 bytes that VTE gives it, one zero and one NaN, texts as UTF-8 with their length.
/// </summary>
internal static class ContentHash
{
    private const byte Version = 1;

    [ThreadStatic]
    private static Form? t_form;

    /// <summary>Lower-case hexadecimal. Covers everything but the site's name, the meaning of codes, and the station's
    /// components.</summary>
    public static string From(VteTestRun run) => Steps(Header(run), run);

    /// <summary>The same, without the steps.</summary>
    public static string OfHeader(VteTestRun run) => Header(run).Hash();

    /// <summary>The run with its hashes: of the content only where its steps were read.</summary>
    public static VteTestRun Mark(VteTestRun run)
    {
        var form = Header(run);
        var header = form.Hash();
        return run with { HeaderHash = header, ContentHash = run.Steps is null ? null : Steps(form, run) };
    }

    private static string Steps(Form form, VteTestRun run)
    {
        form.Integer(run.Steps!.Count);
        foreach (var step in run.Steps) Step(form, step);
        return form.Hash();
    }

    private static Form Header(VteTestRun run)
    {
        var form = t_form ??= new Form();
        form.Clear();
        form.Byte(Version);
        form.Guid(run.Id);
        form.Time(run.Timestamp);
        form.Integer(run.ResultCode);
        form.Integer(run.ExitCode);
        form.Single(run.TestTime);
        form.Guid(run.Unit.Id);
        form.Text(run.Unit.SerialNumber);
        form.Text(run.Unit.BatchNumber);
        form.Guid(run.Product.Id);
        form.Text(run.Product.Name);
        form.Text(run.Product.Type);
        form.Text(run.Product.Version);
        form.Guid(run.Testplan.Id);
        form.Text(run.Testplan.Name);
        form.Text(run.Testplan.Variant);
        form.Text(run.Testplan.Revision);
        form.Guid(run.Station.Id);
        form.Text(run.Station.Name);
        form.Text(run.Station.Hostname);
        form.Text(run.Station.Location);
        form.Text(run.Operator);
        form.Text(run.Info1);
        form.Text(run.Info2);
        form.Text(run.Info3);
        form.Integer(run.DuplicateIndex);
        form.Integer(run.Assemblies.Count);
        foreach (var a in run.Assemblies)
        {
            form.Text(a.Name);
            form.Text(a.PartNumber);
            form.Text(a.SerialNumber);
            form.Text(a.Revision);
        }
        return form;
    }

    private static void Step(Form form, VteStep step)
    {
        form.Integer(step.StepNumber);
        form.Text(step.Name);
        form.Text(step.Description);
        form.Text(step.Number);
        form.Text(step.Units);
        form.Integer(step.ResultCode);
        switch (step)
        {
            case VteNumericStep n:
                form.Byte(1);
                form.Double(n.Value);
                form.Double(n.LowLimit);
                form.Double(n.HighLimit);
                break;
            case VteTextStep t:
                form.Byte(2);
                Value(form, t.Text, t.Cut);
                break;
            case VteOtherStep o:
                form.Byte(3);
                var binary = o.Text is null;
                Value(form, o.Text, binary ? null : o.Cut);
                if (LargeValue.DigestOf(o.Bytes, binary ? o.Cut : null) is { } large) form.Digest(large);
                else form.Bytes(o.Bytes);
                break;
        }
    }

    private static void Value(Form form, string? text, VteCutValue? cut)
    {
        if (LargeValue.DigestOf(text, cut) is { } large) form.Digest(large);
        else form.Text(text);
    }

    /// <summary>What was written so far, hashed as it overflows: it never grows with the run.</summary>
    private sealed class Form
    {
        private const int Size = 32 * 1024;

        private readonly byte[] _buffer = new byte[Size];
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private bool _overflown;
        private int _used;

        public void Clear()
        {
            if (_overflown) _hash.GetHashAndReset();
            (_overflown, _used) = (false, 0);
        }

        public void Byte(byte value) => Room(1)[0] = value;

        public void Guid(Guid? value)
        {
            if (!Present(value.HasValue)) return;
            value!.Value.TryWriteBytes(Room(16), bigEndian: true, out _);
        }

        public void Time(DateTime value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(Room(4), (int)(value.Date.Ticks / TimeSpan.TicksPerDay));
            BinaryPrimitives.WriteInt64LittleEndian(Room(8), (value.TimeOfDay.Ticks * 300 + TimeSpan.TicksPerSecond / 2)
                / TimeSpan.TicksPerSecond);
        }

        public void Integer(int? value)
        {
            if (Present(value.HasValue)) BinaryPrimitives.WriteInt32LittleEndian(Room(4), value!.Value);
        }

        public void Single(double? value)
        {
            if (Present(value.HasValue))
                BinaryPrimitives.WriteSingleLittleEndian(Room(4), value!.Value is 0 ? 0f : double.IsNaN(value.Value) ? float.NaN
                    : (float)value.Value);
        }

        public void Double(double? value)
        {
            if (Present(value.HasValue))
                BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value!.Value is 0 ? 0d : double.IsNaN(value.Value) ? double.NaN
                    : value.Value);
        }

        public void Text(string? value)
        {
            if (!Present(value is not null)) return;
            if (value!.Length > Size / 4)
            {
                Long(Encoding.UTF8.GetBytes(value));
                return;
            }
            var room = Room(4 + 3 * value.Length);
            var length = Encoding.UTF8.GetBytes(value, room[4..]);
            BinaryPrimitives.WriteInt32LittleEndian(room, length);
            _used -= 3 * value.Length - length;
        }

        public void Bytes(byte[]? value)
        {
            if (Present(value is not null)) Long(value);
        }

        /// <summary>A large value by its own hash.</summary>
        public void Digest(VteCutValue value)
        {
            Byte(2);
            BinaryPrimitives.WriteInt64LittleEndian(Room(8), value.Length);
            Convert.FromHexString(value.Sha256).CopyTo(Room(SHA256.HashSizeInBytes));
        }

        /// <summary>The hash of what was written so far; more may follow.</summary>
        public string Hash()
        {
            if (!_overflown) return LargeValue.Hex(SHA256.HashData(_buffer.AsSpan(0, _used)));
            Spill();
            return LargeValue.Hex(_hash.GetCurrentHash());
        }

        private void Long(ReadOnlySpan<byte> value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(Room(4), value.Length);
            for (; value.Length > 0; value = value[Math.Min(Size, value.Length)..])
            {
                var piece = value[..Math.Min(Size, value.Length)];
                piece.CopyTo(Room(piece.Length));
            }
        }

        private bool Present(bool present)
        {
            Byte(present ? (byte)1 : (byte)0);
            return present;
        }

        private Span<byte> Room(int bytes)
        {
            if (_used + bytes > Size) Spill();
            var room = _buffer.AsSpan(_used, bytes);
            _used += bytes;
            return room;
        }

        private void Spill()
        {
            _hash.AppendData(_buffer, 0, _used);
            (_overflown, _used) = (true, 0);
        }
    }
}
