using System.Globalization;

namespace VteWats.Core.Sync.State;

/// <summary>
/// Every statement of the state, in one place. Times are ticks (100 ns since the year 1): local ones as VTE stores them, all others in UTC.
/// Ids and
/// hashes are 16 bytes. Nothing here but the statements marked so is SQLite's own: another database needs its types and its own upsert.
/// </summary>
internal static partial class StateSql
{
    public const string Format = "VteWats.State";
    public const int Version = 1;

    // The runs that every sync asks for: few, however long the history.
    private const string Unsettled = "State IN (1, 2, 6)";

    // SQLite's own.
    public const string TableCount = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'";
    public const string HasMeta = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'Meta'";
    public const string IntegrityCheck = "PRAGMA integrity_check(20)";

    public const string CreateTables = $"""
        CREATE TABLE IF NOT EXISTS Meta (Name TEXT NOT NULL PRIMARY KEY, Value TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS Site (
            Site TEXT NOT NULL PRIMARY KEY, Name TEXT NOT NULL, Source TEXT NOT NULL, Target TEXT NOT NULL,
            PositionTimestamp BIGINT NULL, PositionRunId BLOB NULL, PositionInstant BIGINT NULL, PositionOffset BIGINT NULL,
            Generation BIGINT NOT NULL, BeginsAt BIGINT NULL, AskedAt BIGINT NULL, AskAfter BIGINT NULL,
            DoubtFrom BIGINT NULL, DoubtBy BIGINT NULL, Seal BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS Change (
            Id INTEGER PRIMARY KEY, Site TEXT NOT NULL, At BIGINT NOT NULL, Who TEXT NOT NULL, FromPosition TEXT NULL, ToPosition TEXT NULL,
            Why TEXT NOT NULL, Session BLOB NULL, Undo INT NOT NULL);
        CREATE INDEX IF NOT EXISTS ChangeBySite ON Change (Site, Id);
        CREATE TABLE IF NOT EXISTS Lease (
            Site TEXT NOT NULL, Purpose TEXT NOT NULL, Epoch BIGINT NOT NULL, Owner TEXT NOT NULL, Since BIGINT NOT NULL,
            PRIMARY KEY (Site, Purpose));
        CREATE TABLE IF NOT EXISTS Ledger (
            Site TEXT NOT NULL, RunId BLOB NOT NULL, Timestamp BIGINT NOT NULL, ContentHash BLOB NOT NULL, HeaderHash BIGINT NOT NULL,
            StepCount INT NOT NULL, DuplicateIndex INT NOT NULL, State INT NOT NULL, Mapping BIGINT NOT NULL,
            FirstAt BIGINT NOT NULL, At BIGINT NOT NULL, Attempts INT NOT NULL, Reason TEXT NULL,
            PRIMARY KEY (Site, RunId)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS LedgerByTime ON Ledger (Site, Timestamp);
        CREATE INDEX IF NOT EXISTS LedgerByState ON Ledger (Site, State, At, FirstAt) WHERE {Unsettled};
        CREATE TABLE IF NOT EXISTS LedgerHour (
            Site TEXT NOT NULL, Hour BIGINT NOT NULL, Runs BIGINT NOT NULL, Fingerprint BIGINT NOT NULL, PRIMARY KEY (Site, Hour));
        CREATE TABLE IF NOT EXISTS Hold (
            Site TEXT NOT NULL, RunId BLOB NOT NULL, At BIGINT NOT NULL, Who TEXT NOT NULL, Reason TEXT NOT NULL, PRIMARY KEY (Site,
                RunId));
        CREATE TABLE IF NOT EXISTS Letter (
            Site TEXT NOT NULL, RunId BLOB NOT NULL, Stage TEXT NOT NULL, LastFailed BIGINT NOT NULL, FirstFailed BIGINT NOT NULL,
            Attempts INT NOT NULL, NextTry BIGINT NULL, Mapping BIGINT NOT NULL, ContentHash BLOB NULL, Place INT NOT NULL,
            Bytes BIGINT NOT NULL, Seal BLOB NOT NULL, Body BLOB NOT NULL, PRIMARY KEY (Site, RunId));
        CREATE TABLE IF NOT EXISTS Backfill (
            Site TEXT NOT NULL, BackfillKey TEXT NOT NULL, Source TEXT NOT NULL, Target TEXT NOT NULL, Since BIGINT NOT NULL, Until
                BIGINT NOT NULL,
            NewestFirst INT NOT NULL, PlaceTimestamp BIGINT NULL, PlaceRunId BLOB NULL, Seal BLOB NOT NULL, PRIMARY KEY (Site,
                BackfillKey));
        CREATE TABLE IF NOT EXISTS Undecided (
            Site TEXT NOT NULL, RunId BLOB NOT NULL, Failures INT NOT NULL, PRIMARY KEY (Site, RunId));
        CREATE TABLE IF NOT EXISTS Timer (Site TEXT NOT NULL, Name TEXT NOT NULL, At BIGINT NOT NULL, PRIMARY KEY (Site, Name));
        """;

    public const string SetFormat =
        "INSERT INTO Meta (Name, Value) VALUES ('format', @format), ('version', @version) ON CONFLICT DO NOTHING";
    public const string GetFormat = "SELECT Value FROM Meta WHERE Name = 'format'";
    public const string GetVersion = "SELECT CAST(Value AS INTEGER) FROM Meta WHERE Name = 'version'";

    // Site and its history.
    public const string GetSite = "SELECT * FROM Site WHERE Site = @site";
    public const string GetSites = "SELECT Name FROM Site ORDER BY Name";

    public const string PutSite = """
        INSERT INTO Site (Site, Name, Source, Target, PositionTimestamp, PositionRunId, PositionInstant, PositionOffset, Generation,
            BeginsAt, AskedAt,
            AskAfter, DoubtFrom, DoubtBy, Seal)
        VALUES (@Site, @Name, @Source, @Target, @PositionTimestamp, @PositionRunId, @PositionInstant, @PositionOffset, @Generation,
            @BeginsAt, @AskedAt,
            @AskAfter, @DoubtFrom, @DoubtBy, @Seal)
        ON CONFLICT (Site) DO UPDATE SET Name = excluded.Name, Source = excluded.Source, Target = excluded.Target,
            PositionTimestamp = excluded.PositionTimestamp, PositionRunId = excluded.PositionRunId, PositionInstant =
                excluded.PositionInstant,
            PositionOffset = excluded.PositionOffset, Generation = excluded.Generation, BeginsAt = excluded.BeginsAt, AskedAt =
                excluded.AskedAt,
            AskAfter = excluded.AskAfter, DoubtFrom = excluded.DoubtFrom, DoubtBy = excluded.DoubtBy, Seal = excluded.Seal
        """;

    public const string CountAll = "SELECT (SELECT COUNT(*) FROM Ledger) AS Runs, (SELECT COUNT(*) FROM Letter) AS Letters";
    public const string AllLetters = "SELECT Seal, Body FROM Letter";

    public const string GetChanges = "SELECT * FROM Change WHERE Site = @site ORDER BY Id";
    public const string AddChange = """
        INSERT INTO Change (Site, At, Who, FromPosition, ToPosition, Why, Session, Undo)
        VALUES (@Site, @At, @Who, @FromPosition, @ToPosition, @Why, @Session, @Undo)
        """;

    public const string ExtendChange = "UPDATE Change SET At = @At, Who = @Who, ToPosition = @ToPosition WHERE Id = @Id";
    public const string RemoveChanges = "DELETE FROM Change WHERE Site = @site AND Id IN @ids";

    // Lease.
    public const string TakeLease = """
        INSERT INTO Lease (Site, Purpose, Epoch, Owner, Since) VALUES (@site, @purpose, 1, @owner, @since)
        ON CONFLICT (Site, Purpose) DO UPDATE SET Epoch = Lease.Epoch + 1, Owner = excluded.Owner, Since = excluded.Since
        RETURNING Epoch
        """;

    public const string HoldsLease = "SELECT COUNT(*) FROM Lease WHERE Site = @site AND Purpose = @purpose AND Epoch = @epoch";
    public const string GetBackfills = "SELECT Purpose, Since FROM Lease WHERE Site = @site AND Purpose LIKE 'backfill-%'";
    public const string GetOwner = "SELECT Owner FROM Lease WHERE Site = @site AND Purpose = @purpose";

    // Ledger.
    public const string FindRuns = "SELECT * FROM Ledger WHERE Site = @site AND RunId IN @ids";
    public const string SameMoment = """
        SELECT DISTINCT b.RunId FROM Ledger AS a INNER JOIN Ledger AS b ON b.Site = a.Site AND b.Timestamp = a.Timestamp AND b.RunId <>
            a.RunId
        WHERE a.Site = @site AND a.RunId IN @ids
        """;

    // SQLite takes an index of some rows only where the statement repeats its condition word by word.
    public static string RunsInState(LedgerState state) =>
        $"SELECT * FROM Ledger WHERE Site = @site AND {Is(state)} AND At < @before ORDER BY At LIMIT @most";

    public static string CountInState(LedgerState state) => $"SELECT COUNT(*) FROM Ledger WHERE Site = @site AND {Is(state)}";

    public static string CountOlderInState(LedgerState state) => $"{CountInState(state)} AND FirstAt < @before";

    private static string Is(LedgerState state) => (state is LedgerState.Posting or LedgerState.Sent or LedgerState.Held
        ? Unsettled + " AND " : "") + "State = " + ((int)state).ToString(CultureInfo.InvariantCulture);

    public const string RunsBetween = "SELECT * FROM Ledger WHERE Site = @site AND Timestamp >= @from AND Timestamp < @to";

    public const string CountByHour = """
        SELECT Timestamp / 36000000000 AS Hour, COUNT(*) AS Runs FROM Ledger
        WHERE Site = @site AND Timestamp >= @from AND Timestamp < @to AND State <> 5 GROUP BY Timestamp / 36000000000
        """;

    public const string PutRun = """
        INSERT INTO Ledger (Site, RunId, Timestamp, ContentHash, HeaderHash, StepCount, DuplicateIndex, State, Mapping, FirstAt, At,
            Attempts, Reason)
        VALUES (@Site, @RunId, @Timestamp, @ContentHash, @HeaderHash, @StepCount, @DuplicateIndex, @State, @Mapping, @At, @At, @Attempts,
            @Reason)
        ON CONFLICT (Site, RunId) DO UPDATE SET Timestamp = excluded.Timestamp, ContentHash = excluded.ContentHash, HeaderHash =
            excluded.HeaderHash,
            StepCount = excluded.StepCount, DuplicateIndex = excluded.DuplicateIndex, State = excluded.State,
            Mapping = CASE WHEN excluded.Mapping = 0 THEN Ledger.Mapping ELSE excluded.Mapping END,
            FirstAt = CASE WHEN Ledger.State = excluded.State THEN Ledger.FirstAt ELSE excluded.FirstAt END,
            At = excluded.At, Attempts = Ledger.Attempts + excluded.Attempts, Reason = excluded.Reason
        """;

    // Some of what is in WATS by another mapping, whole moments of it, the oldest first.
    public const string SentUnderOther = """
        SELECT * FROM Ledger WHERE Site = @site AND State IN (2, 3) AND Mapping <> @mapping AND Mapping <> 0 AND Timestamp > @after
            AND Timestamp <= (SELECT MAX(Timestamp) FROM (
                SELECT Timestamp FROM Ledger WHERE Site = @site AND State IN (2, 3) AND Mapping <> @mapping AND Mapping <> 0
                    AND Timestamp > @after ORDER BY Timestamp LIMIT @most) AS Some)
        ORDER BY Timestamp, RunId
        """;

    public const string NoteMapping = """
        UPDATE Ledger SET Mapping = @mapping
        WHERE Site = @site AND RunId = @id AND State IN (2, 3) AND Mapping = @was AND ContentHash = @hash
        """;

    public const string GetMapping = "SELECT Body FROM Mapping WHERE Site = @site AND Fingerprint = @fingerprint";
    public const string PutMapping =
        "INSERT INTO Mapping (Site, Fingerprint, At, Body) VALUES (@site, @fingerprint, @at, @body) ON CONFLICT DO NOTHING";

    public const string SetState =
        "UPDATE Ledger SET State = @to, At = @at, FirstAt = @at, Reason = @reason WHERE Site = @site AND RunId = @id AND State = @from";
    // The next twin of a run that is posted: where it stands at another place in WATS, that is the run's now.
    public const string PushOut = """
        UPDATE Ledger SET State = 1, At = @at, FirstAt = @at
        WHERE Site = @site AND RunId = @id AND State IN (2, 3) AND DuplicateIndex <> @place
        """;

    public const string Touch = "UPDATE Ledger SET At = @at WHERE Site = @site AND RunId IN @ids AND State = @state";

    public const string ShrinkHours = """
        INSERT INTO LedgerHour (Site, Hour, Runs, Fingerprint)
        SELECT Site, Timestamp / 36000000000, COUNT(*), SUM(HeaderHash % 1000000007) FROM Ledger
        WHERE Site = @site AND Timestamp < @before AND State <> 5 AND
        """ + MayBeForgotten + """
         GROUP BY Site, Timestamp / 36000000000
        ON CONFLICT (Site, Hour) DO UPDATE SET Runs = LedgerHour.Runs + excluded.Runs, Fingerprint = LedgerHour.Fingerprint +
            excluded.Fingerprint
        """;

    public const string OldestToForget =
        "SELECT Timestamp FROM Ledger WHERE Site = @site AND Timestamp < @before AND" + MayBeForgotten + " ORDER BY Timestamp LIMIT 1";
    public const string ForgetRuns = "DELETE FROM Ledger WHERE Site = @site AND Timestamp < @before AND" + MayBeForgotten;

    // WATS has shown it, or VTE has it no longer, or nobody waits for its letter any more.
    private const string MayBeForgotten = """
         (State IN (3, 5) OR State = 4
            AND NOT EXISTS (SELECT 1 FROM Letter WHERE Letter.Site = Ledger.Site AND Letter.RunId = Ledger.RunId))
        """;

    // Runs that a person holds.
    public const string GetHolds = "SELECT * FROM Hold WHERE Site = @site ORDER BY At";
    public const string FindHolds = "SELECT RunId, Reason FROM Hold WHERE Site = @site AND RunId IN @ids";
    public const string FindPutAside =
        "SELECT RunId, ContentHash, Place FROM Letter WHERE Site = @site AND Stage = 'Manual' AND RunId IN @ids";
    public const string PutHold = """
        INSERT INTO Hold (Site, RunId, At, Who, Reason) VALUES (@site, @id, @at, @who, @reason)
        ON CONFLICT (Site, RunId) DO UPDATE SET At = excluded.At, Who = excluded.Who, Reason = excluded.Reason
        """;

    public const string RemoveHold = "DELETE FROM Hold WHERE Site = @site AND RunId = @id";

    // Dead letters.
    public const string LetterSize = "SELECT COUNT(*) AS Count, COALESCE(SUM(Bytes), 0) AS Bytes FROM Letter WHERE Site = @site";
    public const string FindLetter = "SELECT * FROM Letter WHERE Site = @site AND RunId = @id";
    public const string HasLetter = "SELECT COUNT(*) FROM Letter WHERE Site = @site AND RunId = @id";
    public const string HasLetterOfStage = "SELECT COUNT(*) FROM Letter WHERE Site = @site AND RunId = @id AND Stage = @stage";
    public const string LetterKeys = "SELECT RunId FROM Letter WHERE Site = @site ORDER BY LastFailed, RunId";
    public const string LettersDue =
        "SELECT RunId FROM Letter WHERE Site = @site AND (NextTry <= @now OR (Stage = 'Suspect' AND Mapping <> @mapping))";
    public const string LettersNotVisible =
        "SELECT RunId FROM Letter WHERE Site = @site AND Stage = 'NotVisible' ORDER BY LastFailed DESC, RunId LIMIT @most";
    public const string RemoveNotVisible = "DELETE FROM Letter WHERE Site = @site AND RunId = @id AND Stage = 'NotVisible'";
    public const string AnyLetter = "SELECT * FROM Letter WHERE Site = @site";
    public const string LetterSites = "SELECT DISTINCT Site FROM Letter";
    public const string SitesOfLetter = "SELECT Site FROM Letter WHERE RunId = @id";

    public const string PutLetter = """
        INSERT INTO Letter (Site, RunId, Stage, LastFailed, FirstFailed, Attempts, NextTry, Mapping, ContentHash, Place, Bytes,
            Seal, Body)
        VALUES (@Site, @RunId, @Stage, @LastFailed, @FirstFailed, @Attempts, @NextTry, @Mapping, @ContentHash, @Place, @Bytes, @Seal,
            @Body)
        ON CONFLICT (Site, RunId) DO UPDATE SET Stage = excluded.Stage, LastFailed = excluded.LastFailed, FirstFailed =
            excluded.FirstFailed,
            Attempts = excluded.Attempts, NextTry = excluded.NextTry, Mapping = excluded.Mapping, ContentHash = excluded.ContentHash,
            Place = excluded.Place, Bytes = excluded.Bytes, Seal = excluded.Seal, Body = excluded.Body
        """;

    public const string RemoveLetter = "DELETE FROM Letter WHERE Site = @site AND RunId = @id";
    public const string RemoveLetterOfContent = """
        DELETE FROM Letter WHERE Site = @site AND RunId = @id AND (ContentHash IS NULL OR ContentHash = @hash OR LastFailed < @readSince)
        """;

    // Backfills and timers.
    public const string GetBackfill = "SELECT * FROM Backfill WHERE Site = @site AND BackfillKey = @key";
    public const string PutBackfill = """
        INSERT INTO Backfill (Site, BackfillKey, Source, Target, Since, Until, NewestFirst, PlaceTimestamp, PlaceRunId, Seal)
        VALUES (@Site, @BackfillKey, @Source, @Target, @Since, @Until, @NewestFirst, @PlaceTimestamp, @PlaceRunId, @Seal)
        ON CONFLICT (Site, BackfillKey) DO UPDATE SET Source = excluded.Source, Target = excluded.Target, Since = excluded.Since,
            Until = excluded.Until, NewestFirst = excluded.NewestFirst, PlaceTimestamp = excluded.PlaceTimestamp, PlaceRunId =
                excluded.PlaceRunId,
            Seal = excluded.Seal
        """;

    public const string RemoveBackfill = "DELETE FROM Backfill WHERE Site = @site AND BackfillKey = @key";
    // The reports that ended the last sendings, with no other one that got through.
    public const string GetUndecided = "SELECT Failures FROM Undecided WHERE RunId = @id";
    public const string AllUndecided = "SELECT RunId FROM Undecided";
    public const string ForgetUndecided = "DELETE FROM Undecided WHERE RunId = @id";
    public const string RemoveOtherUndecided = "DELETE FROM Undecided WHERE Site = @site AND RunId NOT IN @ids";
    public const string PutUndecided = """
        INSERT INTO Undecided (Site, RunId, Failures) VALUES (@site, @id, 1)
        ON CONFLICT (Site, RunId) DO UPDATE SET Failures = Undecided.Failures + 1
        """;

    public const string GetTimer = "SELECT At FROM Timer WHERE Site = @site AND Name = @name";
    public const string PutTimer = """
        INSERT INTO Timer (Site, Name, At) VALUES (@site, @name, @at) ON CONFLICT (Site, Name) DO UPDATE SET At = excluded.At
        """;
}
