using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VteWats.Core.Sync.State;

/// <summary>A watermark as it stands in the table, sealed: a bit that turned over on the disk would move it unseen.</summary>
internal sealed class WatermarkRow
{
    public string Site { get; set; } = "";
    public string Name { get; set; } = "";
    public string Source { get; set; } = "";
    public string Target { get; set; } = "";
    public long? PositionTimestamp { get; set; }
    public byte[]? PositionRunId { get; set; }
    public long? PositionInstant { get; set; }
    public long? PositionOffset { get; set; }
    public long Generation { get; set; }
    public long? BeginsAt { get; set; }
    public long? AskedAt { get; set; }
    public long? AskAfter { get; set; }
    public long? DoubtFrom { get; set; }
    public long? DoubtBy { get; set; }
    public byte[] Seal { get; set; } = [];

    public bool IsSealed => Seal.AsSpan().SequenceEqual(Hash());

    public static WatermarkRow From(Watermark watermark)
    {
        var row = new WatermarkRow
        {
            Site = Ids.Site(watermark.Site), Name = watermark.Site, Source = watermark.Source, Target = watermark.Target,
            PositionTimestamp = watermark.Position?.Timestamp.Ticks,
            PositionRunId = watermark.Position is { } position ? Ids.Bytes(position.RunId) : null,
            PositionInstant = watermark.Position?.Instant.UtcTicks, PositionOffset = watermark.Position?.Instant.Offset.Ticks,
            Generation = watermark.Generation, BeginsAt = watermark.BeginsAt?.UtcTicks, AskedAt = watermark.AskedAt?.UtcTicks,
            AskAfter = watermark.AskAfter?.Ticks, DoubtFrom = watermark.DoubtFrom?.UtcTicks, DoubtBy = watermark.DoubtBy?.Ticks,
        };
        row.Seal = row.Hash();
        return row;
    }

    public Watermark ToWatermark(IReadOnlyList<WatermarkChange> history) => new()
    {
        Site = Name, Source = Source, Target = Target, Generation = (int)Generation, History = history,
        Position = PositionTimestamp is { } timestamp
            ? new WatermarkPosition(Ids.Local(timestamp), Ids.Guid(PositionRunId!),
            Ids.Instant(PositionInstant!.Value).ToOffset(new TimeSpan(PositionOffset!.Value)))
            : null,
        BeginsAt = BeginsAt is { } begin ? Ids.Instant(begin) : null,
        AskedAt = AskedAt is { } asked ? Ids.Instant(asked) : null,
        AskAfter = AskAfter is { } after ? Ids.Local(after) : null,
        DoubtFrom = DoubtFrom is { } from ? Ids.Instant(from) : null,
        DoubtBy = DoubtBy is { } by ? new TimeSpan(by) : null,
    };

    private byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{Site}\n{Name}\n{Source}\n{Target}\n{PositionTimestamp} {Convert.ToHexString(PositionRunId ?? [])} {PositionInstant} "
        + $"{PositionOffset}\n{Generation} {BeginsAt} {AskedAt} {AskAfter} {DoubtFrom} {DoubtBy}")));
}

/// <summary>A change of a watermark as it stands in the table.</summary>
internal sealed class ChangeRow
{
    public long Id { get; set; }
    public string Site { get; set; } = "";
    public long At { get; set; }
    public string Who { get; set; } = "";
    public string? FromPosition { get; set; }
    public string? ToPosition { get; set; }
    public string Why { get; set; } = "";
    public byte[]? Session { get; set; }
    public long Undo { get; set; }

    // In the column Undo: 0 a change, 1 one that took another back, 2 a note.
    private const long NoteMark = 2;

    public static ChangeRow From(string site, WatermarkChange change) => new()
    {
        Site = Ids.Site(site), At = change.At.UtcTicks, Who = change.Who, FromPosition = Text(change.From), ToPosition = Text(change.To),
        Why = change.Why, Session = change.Session is { } session ? Ids.Bytes(session) : null, Undo = change.IsNote ? NoteMark
            : change.Undo ? 1 : 0,
    };

    public WatermarkChange ToChange() => new(
        Ids.Instant(At), Who, Position(FromPosition), Position(ToPosition), Why, Session is null ? null
        : Ids.Guid(Session), Undo == 1)
    { IsNote = Undo == NoteMark };

    private static string? Text(WatermarkPosition? position) =>
        position is null ? null : JsonSerializer.Serialize(position, StateJson.Default.WatermarkPosition);

    private static WatermarkPosition? Position(string? text) =>
        text is null ? null : JsonSerializer.Deserialize(text, StateJson.Default.WatermarkPosition);
}
