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
                form.Text(t.Text);
                break;
            case VteOtherStep o:
                form.Byte(3);
                form.Text(o.Text);
                form.Bytes(o.Bytes);
                break;
        }
    }

    /// <summary>A buffer that grows to the largest run and is used again.</summary>
    private sealed class Form
    {
        private byte[] _buffer = new byte[16 * 1024];
        private int _used;

        public void Clear()
        {
            // One run with megabytes of data must not keep them for the rest of the process's life.
            if (_buffer.Length > 1 << 20) _buffer = new byte[16 * 1024];
            _used = 0;
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
            var room = Room(4 + 3 * value!.Length);
            var length = Encoding.UTF8.GetBytes(value, room[4..]);
            BinaryPrimitives.WriteInt32LittleEndian(room, length);
            _used -= 3 * value.Length - length;
        }

        public void Bytes(byte[]? value)
        {
            if (!Present(value is not null)) return;
            BinaryPrimitives.WriteInt32LittleEndian(Room(4), value!.Length);
            value.CopyTo(Room(value.Length));
        }

        public string Hash()
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(_buffer.AsSpan(0, _used), hash);
            return Convert.ToHexString(hash).ToLowerInvariant();
        }

        private bool Present(bool present)
        {
            Byte(present ? (byte)1 : (byte)0);
            return present;
        }

        private Span<byte> Room(int bytes)
        {
            if (_used + bytes > _buffer.Length) Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _used + bytes));
            var room = _buffer.AsSpan(_used, bytes);
            _used += bytes;
            return room;
        }
    }
}
