using Microsoft.Data.Sqlite;

namespace VteWats.Benchmarks;

/// <summary>What a plant can produce: runs of very many steps, and of very large values, behind light ones that made the pages
/// large.</summary>
internal static class ReadFat
{
    private const int Light = 3_000;
    private const int Long = 60;
    private const int Large = 60;

    /// <summary>Makes the database.</summary>
    /// <returns>How many runs it has.</returns>
    public static int Fill(string file)
    {
        BenchmarkDatabase.Fill(file, Light + Long + Large);
        using var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        db.Open();
        Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;");
        Execute("CREATE TEMP TABLE Fat AS SELECT Index_GUID, ROW_NUMBER() OVER (ORDER BY Timestamp) AS n FROM IndexData;");
        // 20,000 steps each.
        Execute($"""
            WITH RECURSIVE s(i) AS (SELECT 41 UNION ALL SELECT i + 1 FROM s WHERE i < 20000)
            INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, TestName, TestDescription, TestNumber, TestUnits, TestResult,
                LowLimit, HighLimit, TestResultType)
            SELECT Index_GUID, i, 'Rail ' || i || ' voltage', 'Output voltage at nominal load', i, 'V', 5 + i / 1e6, 4.75, 5.25, 1
            FROM Fat, s WHERE n > {Light} AND n <= {Light + Long};
            """);
        // 20 MB each: in one text, in one piece of data, and in two hundred of them.
        Execute($"INSERT INTO TestDataText {Step("SELECT Index_GUID, 99, hex(randomblob(10485760))", 0)}");
        Execute($"INSERT INTO TestDataOther {Step("SELECT Index_GUID, 99, randomblob(20971520)", 1)}");
        Execute($"""
            WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 200)
            INSERT INTO TestDataOther {Step("SELECT Index_GUID, 99 + i, randomblob(102400)", 2)}
            """);
        return Light + Long + Large;

        string Step(string select, int third) => $"""
            (Index_GUID, TestStepNumber, TestResult, TestName, TestResultType)
            {select}, 'Waveform', 1 FROM Fat{(third == 2 ? ", s" : "")} WHERE n > {Light + Long} AND n % 3 = {third};
            """;

        void Execute(string sql)
        {
            using var command = db.CreateCommand();
            command.CommandText = sql;
            command.CommandTimeout = 0;
            command.ExecuteNonQuery();
        }
    }
}
