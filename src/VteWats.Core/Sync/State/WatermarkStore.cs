using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;

namespace VteWats.Core.Sync.State;

/// <summary>The watermark of one site in the state. Every change is one transaction, so that two pipelines of one site cannot undo each
/// other's progress.</summary>
public sealed class WatermarkStore
{
    private readonly SiteFiles _files;
    private readonly TimeProvider _time;
    private readonly StateDatabase _database;
    private readonly Ledger _ledger;
    private readonly WatermarkHistory _history;

    /// <param name="stateFolder">The state folder.</param>
    /// <param name="site">Name of the site.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lease">Given by whoever holds the site: each write then names its epoch.</param>
    public WatermarkStore(string stateFolder, string site, TimeProvider? time = null, SyncLease? lease = null)
    {
        Lease = lease;
        _files = new SiteFiles(stateFolder, site);
        _time = time ?? TimeProvider.System;
        _database = new StateDatabase(stateFolder);
        _ledger = new Ledger(_database, site);
        _history = new WatermarkHistory(site);
    }

    /// <summary>The state database.</summary>
    public string Path => _database.Path;

    /// <summary>The readable copy.</summary>
    public string CopyPath => _files.Watermark;

    internal SyncLease? Lease { get; }

    /// <summary>The watermark; null before the first sync.</summary>
    /// <exception cref="VteWatsException"><c>StateUnreadable</c>, <c>StateNewer</c>, <c>StateForeign</c>.</exception>
    public Watermark? Load()
    {
        var watermark = _database.Read(connection => Load(connection, null));
        if (watermark is null && File.Exists(CopyPath)) throw new VteWatsException(
            ErrorKind.StateUnreadable,
            $"The state database {Path} knows nothing of '{_files.Site}', but {CopyPath} is there: the database was removed or is "
            + "another one.",
            $"Put the database back, or restore the position with Set-VteWatermark -Site {_files.Site} -FromFile '{CopyPath}' -Reason ...; "
            + $"Reset-VteWatermark -Site {_files.Site} starts over. Runs that are read again are found in WATS and not sent twice.",
            CopyPath);
        return watermark;
    }

    /// <summary>Keeps what was acknowledged of a read session, and moves the watermark over the acknowledged prefix if the session began at
    /// it.</summary>
    /// <param name="session">A session that began at a checkpoint.</param>
    /// <param name="target">Base URL of the WATS server that the runs went to.</param>
    /// <returns>The watermark when it moved; null when there was nothing to keep, or the session moves none.</returns>
    /// <exception cref="VteWatsException">
    /// <c>InvalidArgument</c>: the session did not begin at a checkpoint; <c>StateForeign</c>; <c>WatermarkMoved</c>: somebody set the
    /// watermark by hand
    /// since it began, or it is further back than the session's begin; <c>StateNotWritable</c>; <c>LeaseLost</c>.
    /// </exception>
    public Watermark? Advance(ReadSession session, string target)
    {
        if (session.Checkpoint is not Checkpoint checkpoint) throw new VteWatsException(
            ErrorKind.InvalidArgument,
            $"The runs of '{session.Site}' were not read from the watermark on, or only some of them were read: moving the watermark over "
            + "them could leave runs out.",
            "Begin the pipeline with Get-VteWatermark | Get-VteTestRun and without other conditions, or set a position by hand with "
            + "-Timestamp and -Reason.", session.Site);
        var taken = session.TakeAcknowledged();
        if (taken.Runs.Count == 0 && (!checkpoint.Moves || !IsBeyond(taken.Prefix, checkpoint))) return null;
        try
        {
            var moved = _database.Write(Lease, (connection, transaction) =>
            {
                var before = Load(connection, transaction);
                EnsureMayWrite(before, checkpoint, session, target);
                var now = _time.GetUtcNow();
                _ledger.Write(connection, transaction,
                    Undisputed(connection, transaction, taken.Runs.Select(run => checkpoint.EntryOf(run, now)), checkpoint));
                return checkpoint.Moves ? Move(connection, transaction, before, checkpoint, session, target, taken.Prefix, now) : null;
            });
            checkpoint.Kept(taken.Runs);
            if (moved is not null) WriteCopy(moved);
            return moved;
        }
        catch
        {
            session.PutBack(taken);
            throw;
        }
    }

    /// <summary>
    /// Sets the position by hand. Whoever does so vouches for it: source and WATS server are those of the next sync, and WATS is asked
    /// about every run from there on again.
    /// </summary>
    /// <exception cref="VteWatsException"><c>InvalidArgument</c>: the position lies in the future.</exception>
    public Watermark Set(WatermarkPosition position, string why)
    {
        // The clocks of this machine and of the database may differ a little.
        if (position.Instant > _time.GetUtcNow() + TimeSpan.FromHours(1)) throw new VteWatsException(
            ErrorKind.InvalidArgument,
            FormattableString.Invariant(
            $"The position {position.Timestamp:yyyy-MM-dd HH:mm:ss} lies in the future: every run until then would be passed over."),
            "Give the time of the last run that is to count as done. To stop a site for a while, take it out of the scheduled task.",
            _files.Site);
        return ByHand(position, position.Instant, why);
    }

    /// <summary>Restores the position of a readable copy.</summary>
    /// <exception cref="VteWatsException"><c>StateUnreadable</c>: it is not such a file; <c>StateForeign</c>: it is the copy of another
    /// site.</exception>
    public Watermark Restore(string path, string why)
    {
        var copy = WatermarkFile.Read(path);
        if (!string.Equals(copy.Site, _files.Site, StringComparison.OrdinalIgnoreCase)) throw new VteWatsException(
            ErrorKind.StateForeign, $"The file {path} is the copy of the site '{copy.Site}', not of '{_files.Site}'.",
            "Give the copy of this site.", path);
        return ByHand(copy.Position, copy.BeginsAt, why, copy.Source, copy.Target);
    }

    /// <summary>Goes back to where the watermark was before its last change.</summary>
    /// <exception cref="VteWatsException"><c>WatermarkMissing</c>: there is nothing to go back to.</exception>
    public Watermark Undo(string why) => Change(current =>
    {
        var taken = current is null ? null : WatermarkHistory.LastStanding(current.History);
        if (taken is null) throw new VteWatsException(
            ErrorKind.WatermarkMissing, $"The watermark of '{_files.Site}' has no earlier position to go back to.",
            $"Set one with Set-VteWatermark -Site {_files.Site} -Timestamp ... -Reason ...", _files.Site);
        // What lies behind the old place counts as done no longer: the next sync asks WATS about it instead of passing it over.
        return current! with { Position = taken.From, AskedAt = _time.GetUtcNow(), AskAfter = taken.From?.Timestamp };
    }, why, undo: true);

    /// <summary>Enters into the history what a person decided about one run; the watermark stays where it is.</summary>
    public void Note(string what) => _database.Write(null, (connection, transaction) =>
    {
        var position = Load(connection, transaction)?.Position;
        var entry = new WatermarkChange(_time.GetUtcNow(), Who, position, position, what) { IsNote = true };
        connection.Execute(StateSql.AddChange, ChangeRow.From(_files.Site, entry), transaction);
    });

    /// <summary>Takes the position away. The next sync begins as a first one.</summary>
    public Watermark Reset(string why) => ByHand(null, null, why);

    // Runs that are known and lie behind the watermark change nothing.
    private static bool IsBeyond(IReadOnlyList<SeenRun> prefix, Checkpoint checkpoint) =>
        prefix.Count > 0 && (checkpoint.Watermark?.Position is not { } position || prefix[^1].Run!.Timestamp > position.Timestamp
            || checkpoint.DoubtFrom != checkpoint.Watermark.DoubtFrom);

    // Somebody else has sent another content since this session read the run, a backfill beside the live sync, say: which of the two WATS
    // holds is not
    // known. In doubt, it is read and sent again.
    private IEnumerable<LedgerEntry> Undisputed(
        SqliteConnection connection, SqliteTransaction transaction, IEnumerable<LedgerEntry> entries, Checkpoint checkpoint)
    {
        var mine = entries.ToList();
        var known = _ledger.Find(connection, transaction, mine.ConvertAll(entry => entry.RunId));
        return mine.Select(entry => known.TryGetValue(entry.RunId, out var there) && checkpoint.IsDisputed(there, entry)
            ? entry with { State = LedgerState.Posting } : entry);
    }

    private void EnsureMayWrite(Watermark? before, Checkpoint checkpoint, ReadSession session, string target)
    {
        if (checkpoint.Moves && (before?.Generation ?? 0) != (checkpoint.Watermark?.Generation ?? 0)) throw new VteWatsException(
            ErrorKind.WatermarkMoved,
            $"The watermark of '{_files.Site}' was set by hand while runs were read and sent. It stays as it was set.",
            "Run the sync again: it goes on from the new position.", _files.Site);
        var server = Watermark.TargetOf(target);
        if (before?.Position is not null && !(before.CountsFor(session.SourceIdentity) && before.CountsForTarget(server)))
            throw new VteWatsException(
            ErrorKind.StateForeign,
            $"The watermark of '{_files.Site}' counts for {before.Source} and {before.Target}, but these runs went from "
            + $"{session.SourceIdentity} to {server}.",
            $"Use another state folder for another source or server. Set-VteWatermark -Timestamp ... -Reason ... takes this one over. "
            + $"It is in {Path}.", Path);
        if (checkpoint.Moves && checkpoint.LeavesOut(before?.Position)) throw new VteWatsException(
            ErrorKind.WatermarkMoved,
            $"The watermark of '{_files.Site}' in {Path} is further back than the place where this reading began: the runs between them "
            + "were "
            + "not read. It stays where it is.",
            "Begin the pipeline with Get-VteWatermark itself, not with a watermark that was kept or that comes from another state folder.",
            _files.Site);
    }

    private Watermark? Move(
        SqliteConnection connection, SqliteTransaction transaction, Watermark? before, Checkpoint checkpoint, ReadSession session,
        string target,
        IReadOnlyList<SeenRun> prefix, DateTimeOffset now)
    {
        if (prefix.Count == 0) return null;
        var last = prefix[^1].Run!;
        var from = before?.Position;
        // Inside the guard band, and while the clock is in doubt, the prefix is still behind the position.
        var isBehind = from is not null && last.Timestamp < from.Timestamp;
        var to = isBehind ? from! : new WatermarkPosition(last.Timestamp, last.Id, last.Start);
        // A reading that is cut before it has come to the position leaves the doubt to the next one.
        var doubted = checkpoint.DoubtFrom is null && isBehind ? (before!.DoubtFrom, before.DoubtBy)
            : (checkpoint.DoubtFrom, checkpoint.DoubtBy);
        var after = new Watermark
        {
            Site = _files.Site,
            Source = session.SourceIdentity,
            Target = Watermark.TargetOf(target),
            Position = to,
            Generation = before?.Generation ?? 0,
            BeginsAt = before?.BeginsAt ?? checkpoint.ReadFrom,
            AskedAt = before?.AskedAt,
            AskAfter = before?.AskAfter,
            DoubtFrom = doubted.DoubtFrom,
            DoubtBy = doubted.DoubtBy,
            History = before?.History ?? [],
        };
        if (to != from)
            after = after with { History = _history.Moved(connection, transaction, after.History, (from, to), session.Id, now) };
        if (before is not null && after == before with { History = after.History }) return null;
        connection.Execute(StateSql.PutSite, WatermarkRow.From(after), transaction);
        return after;
    }

    private Watermark ByHand(WatermarkPosition? position, DateTimeOffset? begin, string why, string source = "", string target = "") =>
        Change(
        before => new Watermark
        {
            Site = _files.Site, Source = source, Target = target, Position = position,
            BeginsAt = before?.BeginsAt < begin || begin is null ? before?.BeginsAt : begin,
            AskedAt = _time.GetUtcNow(), History = before?.History ?? [],
        }, why);

    private Watermark Change(Func<Watermark?, Watermark> change, string why, bool undo = false)
    {
        var after = _database.Write(null, (connection, transaction) =>
        {
            var before = Load(connection, transaction);
            var changed = change(before) with
            {
                Generation = (before?.Generation ?? NewGeneration()) + 1,
                DoubtFrom = null,
                DoubtBy = null
            };
            var entry = new WatermarkChange(_time.GetUtcNow(), Who, before?.Position, changed.Position, why, Undo: undo);
            changed = changed with { History = _history.Added(connection, transaction, changed.History, entry) };
            connection.Execute(StateSql.PutSite, WatermarkRow.From(changed), transaction);
            return changed;
        });
        WriteCopy(after);
        return after;
    }

    // A database that was lost took its number with it: a session that began before must not find its own again.
    private int NewGeneration() => (int)(_time.GetUtcNow().ToUnixTimeSeconds() / 60);

    private Watermark? Load(SqliteConnection connection, SqliteTransaction? transaction)
    {
        var site = Ids.Site(_files.Site);
        var row = connection.QuerySingleOrDefault<WatermarkRow>(StateSql.GetSite, new { site }, transaction);
        if (row is null) return null;
        if (!row.IsSealed) throw _database.Unreadable($"the watermark of '{_files.Site}' in it is damaged.");
        return row.ToWatermark(_history.Read(connection, transaction));
    }

    // The database has it: a copy that cannot be written ends nothing, and is written with the next move.
    private void WriteCopy(Watermark watermark)
    {
        // Where somebody has removed the folder meanwhile, the copy must not look like the rest of a lost database.
        if (!_database.Exists) return;
        try { WatermarkFile.Write(CopyPath, watermark, _time.GetUtcNow()); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* the next move writes it */ }
    }

    /// <summary>Account and machine, as the history tells them.</summary>
    public static string Who => $"{Environment.UserName}@{Environment.MachineName}";
}
