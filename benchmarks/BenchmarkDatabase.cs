using System.Globalization;
using Microsoft.Data.Sqlite;
using VteWats.Core.Vte.Schema;

namespace VteWats.Benchmarks;

/// <summary>A VTE database in a SQLite file.</summary>
internal static class BenchmarkDatabase
{
    /// <summary>Steps of every run.</summary>
    public const int Steps = 40;

    // Runs all alike, so that sizes scale by their number alone.
    /// <param name="file">Where to.</param>
    /// <param name="runs">How many.</param>
    /// <param name="seed">Other values.</param>
    /// <param name="begin">When a run begins; one a second without it.</param>
    /// <param name="runsOfUnit">How many runs each unit has.</param>
    public static void Fill(string file, int runs, int seed = 1, Func<int, DateTime>? begin = null, int runsOfUnit = 1)
    {
        using var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        db.Open();
        Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;");
        foreach (var statement in SchemaScript.Sqlite(SchemaProfile.Default)) Execute(statement);
        Execute("BEGIN");
        Execute("INSERT INTO Products (Product_GUID, Name, Type, Version) VALUES ('P', 'Inverter 3000', 'PCBA', 'B2')");
        Execute("INSERT INTO Testplans (Testplan_GUID, Name, Variant) VALUES ('T', 'Final test', 'EU')");
        Execute("INSERT INTO TestplanRevisions (TestplanRevision_GUID, Testplan_GUID, Revision) VALUES ('R', 'T', '1.4')");
        Execute("INSERT INTO TestSystems (Testsystem_GUID, Name, Hostname) VALUES ('S', 'ATE-01', 'ate01')");
        Execute("INSERT INTO Users (User_GUID, Name) VALUES ('U', 'Kari')");
        using var unit = Insert("INSERT INTO UutData (Uut_GUID, Serial, Product_GUID) VALUES ($unit, $serial, 'P')", "$unit", "$serial");
        using var run = Insert("""
            INSERT INTO IndexData (Index_GUID, Uut_GUID, Product_GUID, Testplan_GUID, TestplanRevision_GUID, Testsystem_GUID, User_GUID,
                Timestamp, ExitCode, Result,
                TestTime, Hostname, Site, UserName, ProductName, TestplanName, TestplanVariant, TestplanRevision, Info1)
            VALUES ($id, $unit, 'P', 'T', 'R', 'S', 'U', $time, 0, 1, 42.5, 'ate01', 'Hall 2', 'Kari', 'Inverter 3000', 'Final test',
                'EU', '1.4', 'shift 2')
            """, "$id", "$unit", "$time");
        using var step = Insert("""
            INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, TestName, TestDescription, TestNumber, TestUnits, TestResult,
                LowLimit, HighLimit, TestResultType)
            VALUES ($id, $n, $name, 'Output voltage at nominal load', $number, 'V', $value, 4.75, 5.25, 1)
            """, "$id", "$n", "$name", "$number", "$value");
        var random = new Random(seed);
        var bytes = new byte[16];
        begin ??= n => new DateTime(2024, 1, 1).AddSeconds(n);
        var unitId = "";
        for (var n = 0; n < runs; n++)
        {
            random.NextBytes(bytes);
            var id = new Guid(bytes).ToString("D").ToUpperInvariant();
            if (n % runsOfUnit == 0) Set(unit, unitId = id, string.Create(CultureInfo.InvariantCulture, $"SN{n:0000000}"));
            Set(run, id, unitId, begin(n).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture));
            for (var s = 1; s <= Steps; s++)
                Set(step, id, s, string.Create(CultureInfo.InvariantCulture, $"Rail {s} voltage"),
                    s.ToString(CultureInfo.InvariantCulture), 5 + random.NextDouble() / 10);
        }
        Execute("COMMIT");

        void Execute(string sql)
        {
            using var command = db.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        SqliteCommand Insert(string sql, params string[] parameters)
        {
            var command = db.CreateCommand();
            command.CommandText = sql;
            foreach (var name in parameters) command.Parameters.AddWithValue(name, null);
            return command;
        }

        static void Set(SqliteCommand command, params object[] values)
        {
            for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
            command.ExecuteNonQuery();
        }
    }
}
