using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Microsoft.Data.Sqlite;

namespace VteWats.Core.Sync.State;

/// <summary>The status of one site in the state. It goes through a connection of its own, which waits for nobody for long.</summary>
public sealed class StatusStore(string stateFolder, string site)
{
    private const string SyncPart = "sync";
    private const string BackfillPart = "backfill";
    private const string ComparisonPart = "comparison";

    private readonly StateDatabase _database = new(stateFolder);
    private readonly string _site = Ids.Site(site);

    /// <summary>The status at an instant; an empty one where no sync has run.</summary>
    /// <exception cref="Diagnostics.VteWatsException"><c>StateUnreadable</c>, <c>StateNewer</c>, <c>StateForeign</c>,
    /// <c>StateNotWritable</c>: it is locked.</exception>
    public SiteStatus Read(DateTimeOffset now) => _database.Beside(make: false, connection =>
    {
        var status = Get(connection, SyncPart, StateJson.Default.SiteStatus) ?? new SiteStatus { Site = site };
        var backfill = Get(connection, BackfillPart, StateJson.Default.BackfillStatus);
        return status with
        {
            Site = site,
            Lag = Lag(status, now),
            Letters = connection.QuerySingle<(long Count, long)>(StateSql.LetterSize, new { site = _site }).Count,
            Unconfirmed = connection.ExecuteScalar<long>(StateSql.CountInState(LedgerState.Sent), new { site = _site }),
            UnconfirmedForADay = connection.ExecuteScalar<long>(StateSql.CountOlderInState(LedgerState.Sent),
                new { site = _site, before = Ids.Ticks(now.AddDays(-1)) }),
            Stages = [.. connection.Query<StageRow>(StateSql.GetStages, new { site = _site }).Select(row => row.ToStage())
                .OrderBy(stage => Array.IndexOf(StageOrder, stage.Stage))],
            Errors = [.. connection.Query<ErrorRow>(StateSql.GetErrors, new { site = _site }).Select(row => row.ToError())],
            Suspended = connection.QuerySingleOrDefault<(long At, string Who, string Reason)?>(StateSql.GetPause, new { site = _site })
                is { } pause ? new SitePause(site, Ids.Instant(pause.At), pause.Who, pause.Reason) : null,
            Totals = connection.Query<(string Name, double Value)>(StateSql.GetCounts, new { site = _site })
                .ToDictionary(count => count.Name, count => count.Value),
            Comparison = Get(connection, ComparisonPart, StateJson.Default.ComparisonStatus),
            // One that was killed counts for no longer than this.
            BackfillRemaining = backfill is not null && now - backfill.Beat < TimeSpan.FromMinutes(5) ? backfill.Remaining : null,
        };
    }, new SiteStatus { Site = site });

    /// <summary>How many runs of each hour from a local time on are in which state; the hour as its number since the year 1.</summary>
    internal IReadOnlyList<(long Hour, LedgerState State, long Runs)> ByHour(DateTime localFrom) => _database.Beside(make: false,
        connection => connection.Query<(long Hour, long State, long Runs)>(StateSql.CountByHourAndState,
            new { site = _site, from = localFrom.Ticks }).Select(row => (row.Hour, (LedgerState)row.State, row.Runs)).ToList(), []);

    /// <summary>Keeps what a comparison came to, where there is state.</summary>
    public void Write(ComparisonStatus comparison) => _database.Beside(make: false, connection =>
        Put(connection, null, ComparisonPart, comparison.At, comparison, StateJson.Default.ComparisonStatus), 0);

    /// <summary>Changes the status of the site's sync, and adds what is new, in one transaction.</summary>
    internal void Write(StatusChange change) => _database.Beside(make: true, connection =>
    {
        using var transaction = connection.BeginTransaction();
        if (change.Sync is { } sync)
        {
            var before = Get(connection, SyncPart, StateJson.Default.SiteStatus, transaction) ?? new SiteStatus { Site = site };
            var letters = connection.QuerySingle<(long Count, long)>(StateSql.LetterSize, new { site = _site }, transaction).Count;
            Put(connection, transaction, SyncPart, change.At, sync(before with { Letters = letters }), StateJson.Default.SiteStatus);
        }
        if (change.BackfillRemaining is { } left)
            Put(connection, transaction, BackfillPart, change.At, new BackfillStatus(left, change.At), StateJson.Default.BackfillStatus);
        connection.Execute(StateSql.PutStage, change.Stages.Select(stage => StageRow.From(_site, stage)), transaction);
        connection.Execute(StateSql.AddCount, change.Counts.Where(count => count.Value != 0)
            .Select(count => new { site = _site, name = count.Key, value = count.Value }), transaction);
        if (change.Error is { } error) connection.Execute(StateSql.AddError, new
        {
            site = _site, id = error.Error.Id, at = change.At.UtcTicks, message = error.Message, advice = error.Advice,
        }, transaction);
        transaction.Commit();
        return 0;
    }, 0);

    private static readonly string[] StageOrder = ["Source", "Map", "Send", "Confirm"];

    private static TimeSpan Lag(SiteStatus status, DateTimeOffset now)
    {
        if (status.OldestWaiting is not { } oldest) return TimeSpan.Zero;
        var lag = now + (status.ClockDifference ?? TimeSpan.Zero) - oldest;
        return lag > TimeSpan.Zero ? lag : TimeSpan.Zero;
    }

    private T? Get<T>(SqliteConnection connection, string part, JsonTypeInfo<T> type, SqliteTransaction? transaction = null)
        where T : class =>
        connection.QuerySingleOrDefault<string>(StateSql.GetStatus, new { site = _site, part }, transaction) is { } body
            ? JsonSerializer.Deserialize(body, type) : null;

    private int Put<T>(SqliteConnection connection, SqliteTransaction? transaction, string part, DateTimeOffset at, T body,
        JsonTypeInfo<T> type) => connection.Execute(StateSql.PutStatus,
        new { site = _site, part, at = at.UtcTicks, body = JsonSerializer.Serialize(body, type) }, transaction);

    // Dapper fills it.
    private sealed class StageRow
    {
        public string Site { get; set; } = "";
        public string Stage { get; set; } = "";
        public long? AttemptAt { get; set; }
        public long? SuccessAt { get; set; }
        public string? WaitsFor { get; set; }

        public static StageRow From(string site, StageStatus stage) => new()
        {
            Site = site, Stage = stage.Stage, AttemptAt = stage.LastAttempt?.UtcTicks, SuccessAt = stage.LastSuccess?.UtcTicks,
            WaitsFor = stage.WaitsFor,
        };

        public StageStatus ToStage() => new(Stage, AttemptAt is { } attempt ? Ids.Instant(attempt) : null,
            SuccessAt is { } success ? Ids.Instant(success) : null, WaitsFor);
    }

    private sealed class ErrorRow
    {
        public string ErrorId { get; set; } = "";
        public long Occurred { get; set; }
        public long FirstAt { get; set; }
        public long LastAt { get; set; }
        public string Message { get; set; } = "";
        public string Advice { get; set; } = "";

        public ErrorStatus ToError() => new(ErrorId, Occurred, Ids.Instant(FirstAt), Ids.Instant(LastAt), Message, Advice);
    }
}

/// <summary>What is new in the status of a site.</summary>
internal sealed record StatusChange(DateTimeOffset At)
{
    /// <summary>What becomes of the status of the sync; null for a backfill.</summary>
    public Func<SiteStatus, SiteStatus>? Sync { get; init; }
    public long? BackfillRemaining { get; init; }
    public IReadOnlyList<StageStatus> Stages { get; init; } = [];

    /// <summary>What is added to the totals.</summary>
    public IReadOnlyDictionary<string, double> Counts { get; init; } = new Dictionary<string, double>();
    public Diagnostics.VteWatsException? Error { get; init; }

    /// <summary>True for what a sync writes at its end.</summary>
    public bool IsLast { get; init; }
}
