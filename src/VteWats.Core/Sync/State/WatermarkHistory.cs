using Dapper;
using Microsoft.Data.Sqlite;

namespace VteWats.Core.Sync.State;

/// <summary>What became of the watermark of one site, and who did it. Every entry is written in the transaction of its change.</summary>
internal sealed class WatermarkHistory(string site)
{
    /// <summary>All entries, the oldest first.</summary>
    public List<WatermarkChange> Read(SqliteConnection connection, SqliteTransaction? transaction) =>
    [
        .. connection.Query<ChangeRow>(StateSql.GetChanges, new { site = Ids.Site(site) }, transaction)
            .Select(change => change.ToChange() with { Id = change.Id }),
    ];

    /// <summary>Enters a change by hand.</summary>
    /// <returns>The history with it, and without what is too old to be kept.</returns>
    public List<WatermarkChange> Added(
        SqliteConnection connection, SqliteTransaction transaction, IReadOnlyList<WatermarkChange> history, WatermarkChange change)
    {
        connection.Execute(StateSql.AddChange, ChangeRow.From(site, change), transaction);
        return Trim(connection, transaction, [.. history, change]);
    }

    /// <summary>Enters a move of a read session: all moves of one session are one entry.</summary>
    /// <returns>The history with it, and without what is too old to be kept.</returns>
    public List<WatermarkChange> Moved(
        SqliteConnection connection, SqliteTransaction transaction, IReadOnlyList<WatermarkChange> history,
        (WatermarkPosition? From, WatermarkPosition To) move, Guid session, DateTimeOffset now)
    {
        var last = history.Count > 0 ? history[^1] : null;
        var same = last?.Session == session;
        var entry = new WatermarkChange(now, WatermarkStore.Who, same ? last!.From : move.From, move.To, "sync", session)
        {
            Id = same ? last!.Id : 0,
        };
        var row = ChangeRow.From(site, entry);
        row.Id = entry.Id;
        connection.Execute(same ? StateSql.ExtendChange : StateSql.AddChange, row, transaction);
        return Trim(connection, transaction, [.. same ? history.SkipLast(1) : history, entry]);
    }

    /// <summary>The last change that was not taken back: each undo takes back one.</summary>
    public static WatermarkChange? LastStanding(IReadOnlyList<WatermarkChange> history)
    {
        var taken = 0;
        for (var i = history.Count - 1; i >= 0; i--)
        {
            if (history[i].IsNote) continue;
            if (history[i].Undo) taken++;
            else if (taken == 0) return history[i];
            else taken--;
        }
        return null;
    }

    private List<WatermarkChange> Trim(SqliteConnection connection, SqliteTransaction transaction, List<WatermarkChange> history)
    {
        var kept = Watermark.Kept(history);
        var gone = history.Except(kept).Select(change => change.Id).Where(id => id > 0).ToList();
        if (gone.Count > 0) connection.Execute(StateSql.RemoveChanges, new { site = Ids.Site(site), ids = gone }, transaction);
        return [.. kept];
    }
}
