namespace VteWats.Core.Sync.State;

/// <content>What people look at, what pauses a site, and the mappings that were used. No sync needs any of it to be there.</content>
internal static partial class StateSql
{
    // SQLite's own.
    public const string HasStatus = "SELECT COUNT(*) = 2 FROM sqlite_master WHERE type = 'table' AND name IN ('Pause', 'Mapping')";

    public const string CreateOperatingTables = """
        CREATE TABLE IF NOT EXISTS Status (
            Site TEXT NOT NULL, Part TEXT NOT NULL, At BIGINT NOT NULL, Body TEXT NOT NULL, PRIMARY KEY (Site, Part));
        CREATE TABLE IF NOT EXISTS StatusStage (
            Site TEXT NOT NULL, Stage TEXT NOT NULL, AttemptAt BIGINT NULL, SuccessAt BIGINT NULL, WaitsFor TEXT NULL,
            PRIMARY KEY (Site, Stage));
        CREATE TABLE IF NOT EXISTS StatusCount (
            Site TEXT NOT NULL, Name TEXT NOT NULL, Value DOUBLE PRECISION NOT NULL, PRIMARY KEY (Site, Name));
        CREATE TABLE IF NOT EXISTS StatusError (
            Site TEXT NOT NULL, ErrorId TEXT NOT NULL, Occurred BIGINT NOT NULL, FirstAt BIGINT NOT NULL, LastAt BIGINT NOT NULL,
            Message TEXT NOT NULL, Advice TEXT NOT NULL, PRIMARY KEY (Site, ErrorId));
        CREATE TABLE IF NOT EXISTS Pause (
            Site TEXT NOT NULL PRIMARY KEY, Name TEXT NOT NULL, At BIGINT NOT NULL, Who TEXT NOT NULL, Reason TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS Mapping (
            Site TEXT NOT NULL, Fingerprint BIGINT NOT NULL, At BIGINT NOT NULL, Body TEXT NOT NULL, PRIMARY KEY (Site, Fingerprint));
        """;

    public const string GetStatus = "SELECT Body FROM Status WHERE Site = @site AND Part = @part";
    public const string PutStatus = """
        INSERT INTO Status (Site, Part, At, Body) VALUES (@site, @part, @at, @body)
        ON CONFLICT (Site, Part) DO UPDATE SET At = excluded.At, Body = excluded.Body
        """;

    public const string GetStages = "SELECT Stage, AttemptAt, SuccessAt, WaitsFor FROM StatusStage WHERE Site = @site";
    public const string PutStage = """
        INSERT INTO StatusStage (Site, Stage, AttemptAt, SuccessAt, WaitsFor) VALUES (@Site, @Stage, @AttemptAt, @SuccessAt, @WaitsFor)
        ON CONFLICT (Site, Stage) DO UPDATE SET AttemptAt = COALESCE(excluded.AttemptAt, StatusStage.AttemptAt),
            SuccessAt = COALESCE(excluded.SuccessAt, StatusStage.SuccessAt), WaitsFor = excluded.WaitsFor
        """;

    public const string GetCounts = "SELECT Name, Value FROM StatusCount WHERE Site = @site";
    public const string AddCount = """
        INSERT INTO StatusCount (Site, Name, Value) VALUES (@site, @name, @value)
        ON CONFLICT (Site, Name) DO UPDATE SET Value = StatusCount.Value + excluded.Value
        """;

    public const string GetErrors = "SELECT ErrorId, Occurred, FirstAt, LastAt, Message, Advice FROM StatusError WHERE Site = @site "
        + "ORDER BY LastAt DESC, ErrorId";
    public const string AddError = """
        INSERT INTO StatusError (Site, ErrorId, Occurred, FirstAt, LastAt, Message, Advice)
        VALUES (@site, @id, 1, @at, @at, @message, @advice)
        ON CONFLICT (Site, ErrorId) DO UPDATE SET Occurred = StatusError.Occurred + 1, LastAt = excluded.LastAt, Message = excluded.Message,
            Advice = excluded.Advice
        """;

    public const string GetPause = "SELECT At, Who, Reason FROM Pause WHERE Site = @site";
    public const string PutPause = """
        INSERT INTO Pause (Site, Name, At, Who, Reason) VALUES (@site, @name, @at, @who, @reason)
        ON CONFLICT (Site) DO UPDATE SET Name = excluded.Name, At = excluded.At, Who = excluded.Who, Reason = excluded.Reason
        """;

    public const string RemovePause = "DELETE FROM Pause WHERE Site = @site";

    public const string NewestLetters = "SELECT * FROM Letter WHERE Site = @site ORDER BY LastFailed DESC, RunId LIMIT @most";

    public const string CountByHourAndState = """
        SELECT Timestamp / 36000000000 AS Hour, State, COUNT(*) AS Runs FROM Ledger
        WHERE Site = @site AND Timestamp >= @from GROUP BY Timestamp / 36000000000, State
        """;
}
