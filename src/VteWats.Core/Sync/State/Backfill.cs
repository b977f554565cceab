using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;

namespace VteWats.Core.Sync.State;

/// <summary>A backfill on its way.</summary>
internal sealed record Backfill(
    string Site, string Source, string Target, DateTimeOffset Since, DateTimeOffset Until, bool NewestFirst, RunPosition? Place);

/// <summary>How far a backfill has come. It is named by what is asked for: the same question goes on where it stopped, another one has its
/// own place.</summary>
internal sealed class BackfillStore(StateDatabase database, string site, string key)
{
    private readonly string _site = Ids.Site(site);

    /// <summary>Null where none is on its way, and where its row is damaged: it begins anew then, and finds in WATS what it has
    /// sent.</summary>
    public Backfill? Load() => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>(StateSql.GetBackfill, new { site = _site, key }) is { IsSealed: true } row
        ? row.ToBackfill(site) : null);

    public void Save(SyncLease? lease, Backfill backfill) => database.Write(lease, (connection, transaction) =>
        connection.Execute(StateSql.PutBackfill, Row.From(_site, key, backfill), transaction));

    public void Remove(SyncLease? lease) => database.Write(lease, (connection, transaction) =>
        connection.Execute(StateSql.RemoveBackfill, new { site = _site, key }, transaction));

    /// <summary>The error for a backfill of another source or server.</summary>
    public VteWatsException Foreign(Backfill found, string source, string target) => new(
        ErrorKind.StateForeign,
        $"The unfinished backfill of '{site}' in {database.Path} counts for {found.Source} and {found.Target}, not for {source} and "
        + $"{target}.",
        "Use the state folder that belongs to it, or name another stretch: another -Since or -Until is a backfill of its own.",
        database.Path);

    private sealed class Row
    {
        public string Site { get; set; } = "";
        public string BackfillKey { get; set; } = "";
        public string Source { get; set; } = "";
        public string Target { get; set; } = "";
        public long Since { get; set; }
        public long Until { get; set; }
        public long NewestFirst { get; set; }
        public long? PlaceTimestamp { get; set; }
        public byte[]? PlaceRunId { get; set; }
        public byte[] Seal { get; set; } = [];

        public bool IsSealed => Seal.AsSpan().SequenceEqual(Hash());

        public static Row From(string site, string key, Backfill backfill)
        {
            var row = Plain(site, key, backfill);
            row.Seal = row.Hash();
            return row;
        }

        private byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{Site}\n{BackfillKey}\n{Source}\n{Target}\n{Since} {Until} {NewestFirst} {PlaceTimestamp} "
            + $"{Convert.ToHexString(PlaceRunId ?? [])}")));

        private static Row Plain(string site, string key, Backfill backfill) => new()
        {
            Site = site, BackfillKey = key, Source = backfill.Source, Target = backfill.Target, Since = backfill.Since.UtcTicks,
            Until = backfill.Until.UtcTicks, NewestFirst = backfill.NewestFirst ? 1 : 0, PlaceTimestamp = backfill.Place?.Timestamp.Ticks,
            PlaceRunId = backfill.Place is { } place ? Ids.Bytes(place.Id) : null,
        };

        public Backfill ToBackfill(string name) => new(
            name, Source, Target, Ids.Instant(Since), Ids.Instant(Until), NewestFirst != 0,
            PlaceTimestamp is { } timestamp ? new RunPosition(Ids.Local(timestamp), Ids.Guid(PlaceRunId!)) : null);
    }
}
