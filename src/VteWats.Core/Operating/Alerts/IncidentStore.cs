using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;

namespace VteWats.Core.Operating.Alerts;

/// <summary>The incidents of all sites in the state. It goes through a connection of its own, which waits for nobody for long.</summary>
/// <param name="stateFolder">The state folder.</param>
public sealed class IncidentStore(string stateFolder)
{
    private const int KeptDays = 400, MostKept = 20_000;

    private readonly StateDatabase _database = new(stateFolder);

    /// <summary>The incidents, the newest first.</summary>
    /// <param name="all">Those that are over, too.</param>
    /// <exception cref="VteWatsException">The state cannot be read.</exception>
    public IReadOnlyList<Incident> Read(bool all) => _database.Beside(make: false, connection => (IReadOnlyList<Incident>)
        [.. connection.Query<Row>(all ? StateSql.AllIncidents : StateSql.OpenIncidents, new { since = 0 }).Select(row => row.ToIncident())],
        []);

    /// <summary>Changes incidents in one transaction: of two processes that judge at once, one opens an incident.</summary>
    /// <param name="now">The time.</param>
    /// <param name="change">Takes those that are open or whose end was not told; gives those that changed, and what is to be told.</param>
    /// <param name="channels">Through what it is told.</param>
    internal IReadOnlyList<AlertMessage> Change(DateTimeOffset now, IReadOnlyCollection<string> channels,
        Func<IReadOnlyList<Incident>, (IReadOnlyList<Incident> Changed, IReadOnlyList<AlertMessage> Messages)> change) =>
        _database.Beside(make: true, connection =>
        {
            using var transaction = connection.BeginTransaction();
            var known = connection.Query<Row>(StateSql.LivingIncidents, transaction: transaction).Select(row => row.ToIncident()).ToList();
            var (changed, messages) = change(known);
            connection.Execute(StateSql.PutIncident, changed.Select(Row.From), transaction);
            foreach (var message in messages) Post(connection, transaction, message, channels, now);
            connection.Execute(StateSql.ForgetIncidents, new { before = now.AddDays(-KeptDays).UtcTicks, most = MostKept }, transaction);
            transaction.Commit();
            return messages;
        }, []);

    private static void Post(SqliteConnection connection, SqliteTransaction transaction, AlertMessage message,
        IEnumerable<string> channels, DateTimeOffset now)
    {
        var body = message.ToJson();
        foreach (var channel in channels) connection.Execute(StateSql.PutOutgoing,
            new { id = Guid.NewGuid().ToString("N"), channel, at = now.UtcTicks, body }, transaction);
    }

    // Dapper fills it.
    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string Site { get; set; } = "";
        public string Condition { get; set; } = "";
        public long State { get; set; }
        public string Message { get; set; } = "";
        public string Advice { get; set; } = "";
        public long OpenedAt { get; set; }
        public long WaitsSince { get; set; }
        public long SeenAt { get; set; }
        public long? ToldAt { get; set; }
        public long? RemindedAt { get; set; }
        public long? ResolvedAt { get; set; }
        public long? EndToldAt { get; set; }

        public static Row From(Incident incident) => new()
        {
            Id = incident.Id, Site = incident.Site, Condition = incident.Condition, State = (long)incident.State,
            Message = incident.Message, Advice = incident.Advice, OpenedAt = incident.OpenedAt.UtcTicks,
            WaitsSince = incident.WaitsSince.UtcTicks, SeenAt = incident.SeenAt.UtcTicks, ToldAt = incident.ToldAt?.UtcTicks,
            RemindedAt = incident.RemindedAt?.UtcTicks, ResolvedAt = incident.ResolvedAt?.UtcTicks,
            EndToldAt = incident.EndToldAt?.UtcTicks,
        };

        public Incident ToIncident() => new()
        {
            Id = Id, Site = Site, Condition = Condition, State = (HealthState)State, Message = Message, Advice = Advice,
            OpenedAt = Ids.Instant(OpenedAt), WaitsSince = Ids.Instant(WaitsSince), SeenAt = Ids.Instant(SeenAt), ToldAt = At(ToldAt),
            RemindedAt = At(RemindedAt), ResolvedAt = At(ResolvedAt), EndToldAt = At(EndToldAt),
        };

        private static DateTimeOffset? At(long? ticks) => ticks is { } known ? Ids.Instant(known) : null;
    }
}
