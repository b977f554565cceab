namespace VteWats.Core.Sync.State;

/// <content>Incidents, and what waits to be told of them. No sync needs any of it to be there.</content>
internal static partial class StateSql
{
    public const string CreateAlertTables = """
        CREATE TABLE IF NOT EXISTS Incident (
            Id TEXT NOT NULL PRIMARY KEY, Site TEXT NOT NULL, Condition TEXT NOT NULL, State INTEGER NOT NULL, Message TEXT NOT NULL,
            Advice TEXT NOT NULL, OpenedAt BIGINT NOT NULL, WaitsSince BIGINT NOT NULL, SeenAt BIGINT NOT NULL, ToldAt BIGINT NULL,
            RemindedAt BIGINT NULL, ResolvedAt BIGINT NULL, EndToldAt BIGINT NULL);
        CREATE TABLE IF NOT EXISTS Outgoing (
            Id TEXT NOT NULL PRIMARY KEY, Channel TEXT NOT NULL, At BIGINT NOT NULL, DueAt BIGINT NOT NULL, Attempts INTEGER NOT NULL,
            Body TEXT NOT NULL, Problem TEXT NULL);
        """;

    public const string AllIncidents = "SELECT * FROM Incident ORDER BY OpenedAt DESC, Site, Condition";
    public const string OpenIncidents = "SELECT * FROM Incident WHERE ResolvedAt IS NULL ORDER BY OpenedAt DESC, Site, Condition";

    // Those that are open, and those whose end is to be told still.
    public const string LivingIncidents =
        "SELECT * FROM Incident WHERE ResolvedAt IS NULL OR (ToldAt IS NOT NULL AND EndToldAt IS NULL) ORDER BY OpenedAt, Site, Condition";

    public const string PutIncident = """
        INSERT INTO Incident (Id, Site, Condition, State, Message, Advice, OpenedAt, WaitsSince, SeenAt, ToldAt, RemindedAt, ResolvedAt,
            EndToldAt)
        VALUES (@Id, @Site, @Condition, @State, @Message, @Advice, @OpenedAt, @WaitsSince, @SeenAt, @ToldAt, @RemindedAt, @ResolvedAt,
            @EndToldAt)
        ON CONFLICT (Id) DO UPDATE SET State = excluded.State, Message = excluded.Message, Advice = excluded.Advice,
            WaitsSince = excluded.WaitsSince, SeenAt = excluded.SeenAt, ToldAt = excluded.ToldAt, RemindedAt = excluded.RemindedAt,
            ResolvedAt = excluded.ResolvedAt, EndToldAt = excluded.EndToldAt
        """;

    public const string ForgetIncidents = """
        DELETE FROM Incident WHERE ResolvedAt IS NOT NULL AND (ResolvedAt < @before OR Id NOT IN (
            SELECT Id FROM Incident ORDER BY ResolvedAt IS NOT NULL, OpenedAt DESC LIMIT @most))
        """;

    public const string PutOutgoing =
        "INSERT INTO Outgoing (Id, Channel, At, DueAt, Attempts, Body) VALUES (@id, @channel, @at, @at, 0, @body)";
    public const string DueOutgoing =
        "SELECT Id, Attempts, Body FROM Outgoing WHERE Channel = @channel AND DueAt <= @now ORDER BY At, Id LIMIT 1";
    public const string ClaimOutgoing =
        "UPDATE Outgoing SET DueAt = @until, Attempts = Attempts + 1 WHERE Id = @id AND DueAt <= @now";
    public const string PutOffOutgoing = "UPDATE Outgoing SET DueAt = @due, Problem = @problem WHERE Id = @id";
    public const string RemoveOutgoing = "DELETE FROM Outgoing WHERE Id = @id";
    public const string ForgetOutgoing = "DELETE FROM Outgoing WHERE At < @before";
}
