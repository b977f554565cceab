using System.Text.Json;
using System.Text.Json.Nodes;
using VteWats.Core.Diagnostics;
using VteWats.Core.IO;

namespace VteWats.Core.Sync.State;

/// <summary>
/// The readable copy of a watermark, written after each move: what people look at, and the last resort from which a position is restored
/// when the
/// database is lost.
/// </summary>
internal sealed record WatermarkFile
{
    public string Note { get; init; } =
        "Readable copy of a watermark. Changing it changes nothing; Set-VteWatermark -FromFile restores the position from it.";
    public required string Site { get; init; }
    public WatermarkPosition? Position { get; init; }
    public string Source { get; init; } = "";
    public string Target { get; init; } = "";
    public DateTimeOffset? BeginsAt { get; init; }
    public DateTimeOffset WrittenAt { get; init; }

    public static void Write(string path, Watermark watermark, DateTimeOffset now) =>
        AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(
        new WatermarkFile
        {
            Site = watermark.Site, Position = watermark.Position, Source = watermark.Source, Target = watermark.Target,
            BeginsAt = watermark.BeginsAt,
            WrittenAt = now,
        },
        StateJson.Readable.WatermarkFile), ownerOnly: true);

    /// <summary>The copy, also in the form that releases before the database wrote.</summary>
    /// <exception cref="VteWatsException"><c>StateUnreadable</c>: it is not such a file, or holds no position.</exception>
    public static WatermarkFile Read(string path)
    {
        try
        {
            var json = JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject;
            var content = json?["format"]?.GetValue<string>() == "VteWats.Watermark" ? json["content"] : json;
            if (content?["site"] is not null && content.Deserialize(StateJson.Default.WatermarkFile) is { Position: not null } file)
                return file;
            throw Unusable(path, "It holds no position.", null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException
            or FormatException)
        {
            throw Unusable(path, e.Message, e);
        }
    }

    private static VteWatsException Unusable(string path, string why, Exception? e) => new(
        ErrorKind.StateUnreadable, $"The file {path} is not a usable copy of a watermark: {why}",
        "Give another copy, or set a position by hand with Set-VteWatermark -Timestamp ... -Reason ...", path, e);
}
