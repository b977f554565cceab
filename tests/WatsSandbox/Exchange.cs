using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VteWats.WatsSandbox;

/// <summary>One request and its answer, with the fault that meets the answer.</summary>
internal sealed class Exchange
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private const int GzipFrom = 1024;

    public Exchange(HttpContext context) => Context = context;

    public HttpContext Context { get; }
    public SandboxFault? Fault { get; set; }
    public Guid? ReportId { get; set; }
    public string? SerialNumber { get; set; }
    public bool Stored => Hash is not null;

    /// <summary>Of the report that was stored.</summary>
    public string? Hash { get; set; }

    /// <summary>Number of the storing.</summary>
    public long Order { get; set; }

    public bool Cut { get; private set; }

    public async Task<byte[]> ReadBodyAsync()
    {
        var request = Context.Request;
        if (request.ContentLength is { } length)
        {
            var exact = new byte[length];
            await request.Body.ReadExactlyAsync(exact, Context.RequestAborted).ConfigureAwait(false);
            return exact;
        }
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy, Context.RequestAborted).ConfigureAwait(false);
        return copy.ToArray();
    }

    public Task WriteTextAsync(int status, string contentType, string text) =>
        WriteAsync(status, contentType, Encoding.UTF8.GetBytes(text));

    public Task WriteJsonAsync(int status, Action<Utf8JsonWriter> write, bool keepFault = true)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Plain)) write(writer);
        if (!keepFault) Fault = Fault is null ? null : Fault with { Kind = FaultKind.Status };
        return WriteAsync(status, "application/json; charset=utf-8", buffer.WrittenMemory);
    }

    public async Task WriteAsync(int status, string contentType, ReadOnlyMemory<byte> body)
    {
        if (Fault?.Kind == FaultKind.CutAfterStoring)
        {
            Abort();
            return;
        }
        var response = Context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        if (Fault?.Kind == FaultKind.TruncateAnswer)
        {
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body[..(body.Length / 2)]).ConfigureAwait(false);
            await response.Body.FlushAsync().ConfigureAwait(false);
            Abort();
            return;
        }
        if (body.Length >= GzipFrom
            && Context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            using var packed = new MemoryStream();
            await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(body)
                .ConfigureAwait(false);
            response.Headers.ContentEncoding = "gzip";
            body = packed.ToArray();
        }
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body).ConfigureAwait(false);
    }

    public void Abort()
    {
        Cut = true;
        Context.Abort();
    }
}
