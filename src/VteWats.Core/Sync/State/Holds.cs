using Dapper;

namespace VteWats.Core.Sync.State;

/// <summary>A run that a person holds back.</summary>
public sealed record HeldRun
{
    public required string Site { get; init; }

    /// <summary><c>IndexData.Index_GUID</c>.</summary>
    public required Guid RunId { get; init; }

    /// <summary>When it was held.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Account and machine.</summary>
    public required string Who { get; init; }

    public required string Reason { get; init; }
}

/// <summary>The runs of a site that a person holds back: no path sends them until they are let go.</summary>
public sealed class Holds(StateDatabase database, string site)
{
    private readonly string _site = Ids.Site(site);

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<HeldRun> All() => database.Read(connection => connection.Query<Row>(StateSql.GetHolds, new { site = _site })
        .Select(row => new HeldRun
        {
            Site = site, RunId = Ids.Guid(row.RunId), At = Ids.Instant(row.At), Who = row.Who,
            Reason = row.Reason
        }).ToList()) ?? [];

    /// <summary>Which of these runs are held, and why.</summary>
    internal IReadOnlyDictionary<Guid, string> Find(IReadOnlyCollection<Guid> ids) => ids.Count == 0 ? new Dictionary<Guid, string>()
        : database.Read(connection => ids.Chunk(500)
            .SelectMany(chunk => connection.Query<(byte[] RunId, string Reason)>(StateSql.FindHolds,
            new { site = _site, ids = chunk.Select(Ids.Bytes) }))
            .ToDictionary(row => Ids.Guid(row.RunId), row => row.Reason)) ?? [];

    /// <summary>Which of these runs a person put aside as dead letters, with which content, and at which place among its twins.</summary>
    internal IReadOnlyDictionary<Guid, (byte[] Hash, int Place)> FindPutAside(IReadOnlyCollection<Guid> ids) => ids.Count == 0
        ? new Dictionary<Guid, (byte[], int)>()
        : database.Read(connection => ids.Chunk(500)
            .SelectMany(chunk => connection.Query<(byte[] RunId, byte[]? ContentHash, long Place)>(StateSql.FindPutAside,
            new { site = _site, ids = chunk.Select(Ids.Bytes) }))
            .ToDictionary(row => Ids.Guid(row.RunId), row => (row.ContentHash ?? [], (int)row.Place))) ?? [];

    /// <summary>Why a person holds this run; null where nobody does.</summary>
    internal string? ReasonOf(Guid id) => Find([id]).GetValueOrDefault(id);

    /// <summary>Holds a run back.</summary>
    public void Put(Guid id, string who, string reason, DateTimeOffset at) => database.Write(null, (connection, transaction) =>
        connection.Execute(StateSql.PutHold, new { site = _site, id = Ids.Bytes(id), at = at.UtcTicks, who, reason }, transaction));

    /// <summary>Lets a run go; false when nobody held it.</summary>
    public bool Remove(Guid id) => database.Write(null, (connection, transaction) =>
        connection.Execute(StateSql.RemoveHold, new { site = _site, id = Ids.Bytes(id) }, transaction)) > 0;

    private sealed class Row
    {
        public byte[] RunId { get; set; } = [];
        public long At { get; set; }
        public string Who { get; set; } = "";
        public string Reason { get; set; } = "";
    }
}
