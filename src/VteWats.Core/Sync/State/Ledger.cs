using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Vte;

namespace VteWats.Core.Sync.State;

/// <summary>
/// What became of every run of a site: one row a run. It makes reading again cheap and finds what is late or changed; it is never the
/// reason for a
/// loss: a run that is not in it is looked for in WATS.
/// </summary>
internal sealed class Ledger(StateDatabase database, string site)
{
    private const int IdsAtOnce = 500;
    private readonly string _site = Ids.Site(site);

    /// <summary>What is known of these runs.</summary>
    public IReadOnlyDictionary<Guid, LedgerEntry> Find(IReadOnlyCollection<Guid> ids)
    {
        if (ids.Count == 0) return new Dictionary<Guid, LedgerEntry>();
        return database.Read(connection => ids.Distinct().Chunk(IdsAtOnce)
            .SelectMany(chunk => connection.Query<Row>(StateSql.FindRuns, new { site = _site, ids = chunk.Select(Ids.Bytes) }))
            .Select(row => row.ToEntry()).ToDictionary(entry => entry.RunId)) ?? [];
    }

    internal IReadOnlyDictionary<Guid, LedgerEntry> Find(SqliteConnection connection, SqliteTransaction transaction,
        IReadOnlyCollection<Guid> ids) =>
        ids.Distinct().Chunk(IdsAtOnce)
            .SelectMany(chunk => connection.Query<Row>(StateSql.FindRuns, new { site = _site, ids = chunk.Select(Ids.Bytes) }, transaction))
            .Select(row => row.ToEntry()).ToDictionary(entry => entry.RunId);

    /// <summary>Other runs with the timestamp of one of these: twins may be among them.</summary>
    internal IReadOnlyList<Guid> SameMoment(IReadOnlyCollection<Guid> ids) =>
        ids.Count == 0 ? [] : database.Read(connection => ids.Distinct().Chunk(IdsAtOnce)
        .SelectMany(chunk => connection.Query<byte[]>(StateSql.SameMoment, new { site = _site, ids = chunk.Select(Ids.Bytes) }))
        .Select(Ids.Guid).Except(ids).ToList()) ?? [];

    /// <summary>How many runs it has of each hour of local time; the hour as its number since the year 1.</summary>
    public IReadOnlyDictionary<long, long> CountByHour(DateTime from, DateTime to) => database.Read(connection =>
        connection.Query<(long Hour, long Runs)>(StateSql.CountByHour, new { site = _site, from = from.Ticks, to = to.Ticks })
            .ToDictionary(hour => hour.Hour, hour => hour.Runs)) ?? [];

    /// <summary>What is known of the runs of a stretch of local time.</summary>
    public IReadOnlyDictionary<Guid, LedgerEntry> Between(DateTime from, DateTime to) => database.Read(connection =>
        connection.Query<Row>(StateSql.RunsBetween, new { site = _site, from = from.Ticks, to = to.Ticks })
            .Select(row => row.ToEntry()).ToDictionary(entry => entry.RunId)) ?? [];

    /// <summary>Runs in a state that were looked at last before an instant, the longest ago first.</summary>
    public IReadOnlyList<LedgerEntry> InState(LedgerState state, DateTimeOffset before, int most) => database.Read(connection =>
        connection.Query<Row>(StateSql.RunsInState(state), new { site = _site, before = Ids.Ticks(before), most })
            .Select(row => row.ToEntry()).ToList()) ?? [];

    /// <summary>Some of the runs that WATS has by another mapping, the oldest behind <paramref name="after"/>: never a part of those of one
    /// moment.</summary>
    public IReadOnlyDictionary<Guid, LedgerEntry> SentUnderOther(long mapping, DateTime? after, int most) => database.Read(connection =>
        connection.Query<Row>(StateSql.SentUnderOther, new { site = _site, mapping, after = after?.Ticks ?? -1, most })
            .Select(row => row.ToEntry()).ToDictionary(entry => entry.RunId)) ?? [];

    /// <summary>Their reports come out the same under this mapping.</summary>
    internal void NoteMapping(SyncLease lease, IReadOnlyCollection<LedgerEntry> entries, long mapping) =>
        database.Write(lease, (connection, transaction) => connection.Execute(
            StateSql.NoteMapping,
            entries.Select(entry => new
            {
                site = _site, id = Ids.Bytes(entry.RunId), was = entry.Mapping, hash = entry.ContentHash, mapping,
            }), transaction));

    /// <summary>How many runs are in a state.</summary>
    public long Count(LedgerState state) =>
        database.Read(connection => connection.ExecuteScalar<long>(StateSql.CountInState(state), new { site = _site }));

    /// <summary>How many runs have been in a state since before an instant.</summary>
    public long CountOlder(LedgerState state, DateTimeOffset before) => database.Read(connection =>
        connection.ExecuteScalar<long>(StateSql.CountOlderInState(state), new { site = _site, before = Ids.Ticks(before) }));

    /// <summary>Keeps what became of runs.</summary>
    internal void Write(SyncLease? lease, IReadOnlyCollection<LedgerEntry> entries)
    {
        if (entries.Count > 0) database.Write(lease, (connection, transaction) => Write(connection, transaction, entries));
    }

    /// <summary>Writes down what is about to be posted, and tells the checkpoint what was there. A run that takes the place of its next
    /// twin in WATS puts that one in doubt, should nothing come behind it any more.</summary>
    internal void Post(SyncLease? lease, IReadOnlyList<VteTestRun> runs, Checkpoint checkpoint, DateTimeOffset at) =>
        database.Write(lease, (connection, transaction) =>
    {
        checkpoint.Posting(Find(connection, transaction, [.. runs.Select(run => run.Id)]).Values);
        Write(connection, transaction, runs.Select(run => EntryOf(run, LedgerState.Posting, checkpoint.Mapping, at)));
        if (checkpoint.MappingText is { } body) connection.Execute(
            StateSql.PutMapping, new { site = _site, fingerprint = checkpoint.Mapping, at = Ids.Ticks(at), body }, transaction);
        connection.Execute(
            StateSql.PushOut,
            runs.Where(run => run.NextTwin is not null).Select(run => new
            {
                site = _site, id = Ids.Bytes(run.NextTwin!.Value), place = run.DuplicateIndex + 1, at = Ids.Ticks(at),
            }), transaction);
    });

    /// <summary>What became of posts is known. A row that tells of somebody else's post stays; where that makes it unknown which content
    /// WATS has, the run is in doubt.</summary>
    internal void Settle(SyncLease? lease, IReadOnlyList<LedgerEntry> answered, Checkpoint checkpoint) =>
        database.Write(lease, (connection, transaction) =>
    {
        var known = Find(connection, transaction, [.. answered.Select(entry => entry.RunId)]);
        Write(connection, transaction, answered.Where(entry => known.ContainsKey(entry.RunId)).Select(entry =>
            (Mine: entry, There: known[entry.RunId], IsDisputed: checkpoint.IsDisputed(known[entry.RunId], entry)))
            .Where(row => row.IsDisputed || row.There.State == LedgerState.Posting
                && row.There.ContentHash.AsSpan().SequenceEqual(row.Mine.ContentHash))
            .Select(row => row.IsDisputed ? row.Mine with { State = LedgerState.Posting } : row.Mine));
    });

    internal void Write(SqliteConnection connection, SqliteTransaction transaction, IEnumerable<LedgerEntry> entries) =>
        connection.Execute(StateSql.PutRun, entries.Select(entry => Row.From(_site, entry)), transaction);

    /// <summary>Moves runs from one state to another, those that are still in the first.</summary>
    internal void Move(SyncLease? lease, IReadOnlyCollection<Guid> ids, LedgerState from, LedgerState to, DateTimeOffset at,
        string? reason = null)
    {
        if (ids.Count == 0) return;
        database.Write(lease, (connection, transaction) => Move(connection, transaction, ids, from, to, at, reason));
    }

    internal void Move(SqliteConnection connection, SqliteTransaction transaction, IEnumerable<Guid> ids, LedgerState from,
        LedgerState to, DateTimeOffset at, string? reason = null) => connection.Execute(
            StateSql.SetState,
            ids.Select(id => new { site = _site, id = Ids.Bytes(id), from = (int)from, to = (int)to, at = Ids.Ticks(at), reason }),
            transaction);

    /// <summary>They were looked at, and nothing has changed.</summary>
    internal void Touch(SyncLease? lease, IReadOnlyCollection<Guid> ids, LedgerState state, DateTimeOffset at)
    {
        foreach (var chunk in ids.Chunk(IdsAtOnce))
        {
            database.Write(lease, (connection, transaction) => connection.Execute(
                StateSql.Touch, new { site = _site, ids = chunk.Select(Ids.Bytes), state = (int)state, at = Ids.Ticks(at) }, transaction));
        }
    }

    /// <summary>Makes a count and a fingerprint an hour of what is older than this local time. What WATS has not shown yet and what has a
    /// letter stays.</summary>
    /// <returns>The rows that went, a day of runs and a transaction each time: nobody else waits for long, and it may be left off
    /// anywhere.</returns>
    internal IEnumerable<int> Shrink(SyncLease? lease, DateTime before)
    {
        var end = Hour(before.Ticks);
        while (database.Read(connection => connection.QueryFirstOrDefault<long?>(StateSql.OldestToForget,
            new { site = _site, before = end })) is { } oldest)
        {
            var day = Math.Min(end, Hour(oldest) + TimeSpan.TicksPerDay);
            yield return database.Write(lease, (connection, transaction) =>
            {
                connection.Execute(StateSql.ShrinkHours, new { site = _site, before = day }, transaction);
                return connection.Execute(StateSql.ForgetRuns, new { site = _site, before = day }, transaction);
            });
        }
    }

    private static long Hour(long ticks) => ticks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour;

    /// <summary>The row of a run that is known by now.</summary>
    internal static LedgerEntry EntryOf(VteTestRun run, LedgerState state, long mapping, DateTimeOffset at, int attempts = 0,
        string? reason = null) => new()
        {
            RunId = run.Id,
            Timestamp = run.Timestamp,
            ContentHash = Ids.Hash(run.ContentHash),
            HeaderHash = Ids.Number(run.HeaderHash),
            StepCount = run.StepCount ?? 0,
            DuplicateIndex = run.DuplicateIndex,
            State = state,
            Mapping = mapping,
            FirstAt = at,
            At = at,
            Attempts = attempts,
            Reason = reason,
        };

    // Dapper fills it.
    private sealed class Row
    {
        public string Site { get; set; } = "";
        public byte[] RunId { get; set; } = [];
        public long Timestamp { get; set; }
        public byte[] ContentHash { get; set; } = [];
        public long HeaderHash { get; set; }
        public int StepCount { get; set; }
        public int DuplicateIndex { get; set; }
        public int State { get; set; }
        public long Mapping { get; set; }
        public long FirstAt { get; set; }
        public long At { get; set; }
        public int Attempts { get; set; }
        public string? Reason { get; set; }

        public static Row From(string site, LedgerEntry entry) => new()
        {
            Site = site, RunId = Ids.Bytes(entry.RunId), Timestamp = entry.Timestamp.Ticks, ContentHash = entry.ContentHash,
            HeaderHash = entry.HeaderHash, StepCount = entry.StepCount, DuplicateIndex = entry.DuplicateIndex, State = (int)entry.State,
            Mapping = entry.Mapping, FirstAt = Ids.Ticks(entry.FirstAt), At = Ids.Ticks(entry.At), Attempts = entry.Attempts,
            Reason = entry.Reason,
        };

        public LedgerEntry ToEntry() => new()
        {
            RunId = Ids.Guid(RunId), Timestamp = Ids.Local(Timestamp), ContentHash = ContentHash, HeaderHash = HeaderHash,
            StepCount = StepCount,
            DuplicateIndex = DuplicateIndex, State = (LedgerState)State, Mapping = Mapping, FirstAt = Ids.Instant(FirstAt),
            At = Ids.Instant(At),
            Attempts = Attempts, Reason = Reason,
        };
    }
}
