using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Vte.Reading;

/// <summary>Where SQL Server (2012's syntax) and SQLite differ in the page statement.</summary>
internal abstract class SqlDialect
{
    public static SqlDialect For(BoundSchema schema) => schema.Provider == DatabaseProvider.Sqlite ? new Sqlite() : new SqlServer();

    /// <summary>Name of the temp table that holds the keys of a page.</summary>
    public abstract string PageTable { get; }

    /// <summary>Statements that leave an empty temp table.</summary>
    public abstract string MakePage(CatalogueColumn timestamp);

    /// <summary>True when the temp table has room for a station's id of this column.</summary>
    public abstract bool FitsPage(CatalogueColumn station);

    /// <summary>What goes behind SELECT, or at the end, to take the first <c>@Take</c> rows.</summary>
    public abstract (string Head, string Tail) Take { get; }

    /// <summary>A literal without any sign that would need escaping.</summary>
    public abstract string Literal(string text);

    public abstract string Count { get; }

    public abstract string Trim(string expression);

    /// <summary>Equality that sees through blanks around the stored value, and can still use an index.</summary>
    public abstract string EqualsTrimmed(string column, string parameter);

    /// <summary>A parameter of the column's own type.</summary>
    public abstract DbParameter Parameter(string name, CatalogueColumn column, object value);

    public abstract DbParameter Number(string name, int value);

    /// <summary>The time of the run <c>@AfterId</c> as the column stores it, once <see cref="Boundary"/> has looked it up.</summary>
    public abstract string After { get; }

    /// <summary>
    /// The statements that look <see cref="After"/> up. What a client is told of a time need not be the same 1/300 s when it comes back,
    /// and
    /// a boundary that is off by one repeats rows or skips them.
    /// </summary>
    public abstract string Boundary(CatalogueColumn column, string table, string timestamp, string id);

    /// <summary>What begins and ends a transaction that only reads.</summary>
    public abstract (string Begin, string End) Transaction { get; }

    /// <summary>A time as the lower bound of the column, a little too early rather than rounded to too late.</summary>
    public abstract object From(CatalogueColumn column, DateTime local);

    /// <summary>A time as the exclusive upper bound of the column, a little too late rather than rounded to too early.</summary>
    public abstract object Before(CatalogueColumn column, DateTime local);

    /// <summary>The stored value that a known position has.</summary>
    public abstract object Exactly(CatalogueColumn column, DateTime local);

    /// <summary>A bound that is exact at whole seconds: neither too early nor too late.</summary>
    public abstract object Edge(CatalogueColumn column, DateTime local);

    public abstract object Key(Guid id);

    /// <summary>An id that comes before every other one, and behind none at all.</summary>
    public abstract object LeastKey { get; }

    /// <summary>The hour of a time, to group by. <see cref="ToHour"/> reads it.</summary>
    public abstract string Hour(string timestamp);

    /// <summary>Begin of an hour as the database gave it; null where the stored time is none.</summary>
    public abstract DateTime? ToHour(object hour);

    private sealed class SqlServer : SqlDialect
    {
        private static readonly DateTime Earliest = new(1753, 1, 1);
        private static readonly DateTime Latest = new(9999, 12, 31, 23, 59, 59);

        public override string PageTable => "#Page";
        public override (string Head, string Tail) Take => ("TOP (@Take) ", "");
        public override string Count => "COUNT_BIG(*)";

        // The type is one of a closed list, not text of the catalogue. A page that was left in its middle may have left its transaction.
        public override string MakePage(CatalogueColumn timestamp) => $"""
            SET NOCOUNT ON;
            IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
            IF OBJECT_ID(N'tempdb..#Page') IS NOT NULL DROP TABLE #Page;
            CREATE TABLE #Page ([Position] int NOT NULL PRIMARY KEY, [Id] uniqueidentifier NOT NULL, [Timestamp] {TimeType(timestamp)}
                NOT NULL, [Station] uniqueidentifier NULL);

            """;

        public override bool FitsPage(CatalogueColumn station) => station.Type == "uniqueidentifier";
        public override string Literal(string text) => $"N'{text}'";
        public override string Trim(string expression) => $"LTRIM(RTRIM({expression}))";

        // SQL Server's equality ignores blanks at the end; those in front are rare and all lie in one range of an index.
        public override string EqualsTrimmed(string column, string parameter) =>
            $"({column} = {parameter} OR ({column} LIKE ' %' AND LTRIM(RTRIM({column})) = {parameter}))";

        public override DbParameter Parameter(string name, CatalogueColumn column, object value)
        {
            var parameter = new SqlParameter { ParameterName = name };
            (parameter.SqlDbType, parameter.Scale) = column.Type switch
            {
                "uniqueidentifier" => (SqlDbType.UniqueIdentifier, (byte)0),
                "datetime" => (SqlDbType.DateTime, (byte)0),
                "smalldatetime" => (SqlDbType.SmallDateTime, (byte)0),
                "datetime2" => (SqlDbType.DateTime2, (byte)(column.Precision ?? 7)),
                "varchar" or "char" or "text" => (SqlDbType.VarChar, (byte)0),
                "nvarchar" or "nchar" or "ntext" or "sysname" => (SqlDbType.NVarChar, (byte)0),
                _ => (SqlDbType.Int, (byte)0),
            };
            // One length for all values keeps one plan for all of them.
            if (parameter.SqlDbType is SqlDbType.NVarChar or SqlDbType.VarChar && value is string text)
                parameter.Size = text.Length <= 400 ? 400 : 4000;
            parameter.Value = value;
            return parameter;
        }

        public override DbParameter Number(string name, int value) => new SqlParameter(name, SqlDbType.Int) { Value = value };
        // The client's value stands in where the run is gone meanwhile, or has another time.
        public override string After => "@After";

        public override string Boundary(CatalogueColumn column, string table, string timestamp, string id) => $"""
            DECLARE @After {TimeType(column)} = @AfterTimestamp;
            SELECT @After = b.{timestamp} FROM {table} AS b
            WHERE b.{id} = @AfterId AND b.{timestamp} BETWEEN DATEADD(millisecond, -4, @After) AND DATEADD(millisecond, 4, @After);

            """;

        public override (string Begin, string End) Transaction => ("BEGIN TRANSACTION;\n", "COMMIT TRANSACTION;\n");

        public override object From(CatalogueColumn column, DateTime local) =>
            Clamp(column, local > Earliest + Grain(column) ? local - Grain(column) : local);
        public override object Exactly(CatalogueColumn column, DateTime local) => Clamp(column, local);
        public override object Edge(CatalogueColumn column, DateTime local) => Clamp(column, local);
        public override object Key(Guid id) => id;
        public override object LeastKey => Guid.Empty;

        // Hours since 1900 fit an int whatever the column's type, and need no conversion that could fail.
        public override string Hour(string timestamp) => $"DATEDIFF(hour, 0, {timestamp})";
        public override DateTime? ToHour(object hour) =>
            new DateTime(1900, 1, 1).AddHours(Convert.ToInt64(hour, CultureInfo.InvariantCulture));

        public override object Before(CatalogueColumn column, DateTime local) =>
            Clamp(column, local < Latest ? local + Grain(column) : local);

        private static TimeSpan Grain(CatalogueColumn column) => column.Type switch
        {
            "smalldatetime" => TimeSpan.FromMinutes(1),
            "datetime2" => TimeSpan.FromTicks((long)Math.Pow(10, 7 - (column.Precision ?? 7))),
            _ => TimeSpan.FromMilliseconds(4),
        };

        private static string TimeType(CatalogueColumn column) => column.Type switch
        {
            "datetime2" => string.Create(CultureInfo.InvariantCulture, $"datetime2({column.Precision ?? 7})"),
            "smalldatetime" => "smalldatetime",
            _ => "datetime",
        };

        private static DateTime Clamp(CatalogueColumn column, DateTime local)
        {
            var (least, most) = column.Type == "smalldatetime" ? (new DateTime(1900, 1, 1), new DateTime(2079, 6, 6)) : (Earliest, Latest);
            return local < least ? least : local > most ? most : local;
        }
    }

    private sealed class Sqlite : SqlDialect
    {
        public override string PageTable => "temp.[Page]";
        public override (string Head, string Tail) Take => ("", "\nLIMIT @Take");
        public override string Count => "COUNT(*)";

        public override string MakePage(CatalogueColumn timestamp) => """
            CREATE TEMP TABLE IF NOT EXISTS [Page] ([Position] INTEGER PRIMARY KEY, [Id] TEXT NOT NULL, [Timestamp] TEXT NOT NULL,
                [Station] TEXT NULL);
            DELETE FROM temp.[Page];

            """;

        public override bool FitsPage(CatalogueColumn station) => true;
        public override string Literal(string text) => $"'{text}'";
        public override string Trim(string expression) => $"TRIM({expression})";
        public override string EqualsTrimmed(string column, string parameter) => $"TRIM({column}) = {parameter} COLLATE NOCASE";
        public override DbParameter Parameter(string name, CatalogueColumn column, object value) => new SqliteParameter(name, value);
        public override DbParameter Number(string name, int value) => new SqliteParameter(name, value);

        public override string After => "@AfterTimestamp";
        public override string Boundary(CatalogueColumn column, string table, string timestamp, string id) => "";
        public override (string Begin, string End) Transaction => ("BEGIN;\n", "COMMIT;\n");

        // Cut, not rounded: stored texts sort behind a shorter one that they begin with.
        public override object From(CatalogueColumn column, DateTime local) =>
            local.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

        public override object Before(CatalogueColumn column, DateTime local) =>
            From(column, local < DateTime.MaxValue.AddSeconds(-1) ? local.AddMilliseconds(1) : local);

        public override object Exactly(CatalogueColumn column, DateTime local) =>
            local.Ticks % TimeSpan.TicksPerMillisecond == 0 ? From(column, local)
            : local.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture);

        // "10:00:00" comes before "10:00:00.000": the shorter text is the bound that holds for both ways of writing.
        public override object Edge(CatalogueColumn column, DateTime local) => local.Ticks % TimeSpan.TicksPerSecond == 0
            ? local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : Exactly(column, local);

        public override object Key(Guid id) => id.ToString("D").ToUpperInvariant();
        public override object LeastKey => "";
        public override string Hour(string timestamp) => $"SUBSTR({timestamp}, 1, 13)";

        public override DateTime? ToHour(object hour) => DateTime.TryParseExact(
            hour as string, "yyyy-MM-dd HH", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
    }
}
