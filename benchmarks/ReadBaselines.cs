using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace VteWats.Benchmarks;

/// <summary>The same runs read in other ways: what our reading is measured against.</summary>
internal static class ReadBaselines
{
    internal const string StepColumns =
        "s.TestStepNumber, s.TestName, s.TestNumber, s.TestUnits, s.TestResultType, s.TestDescription, s.LowLimit, s.HighLimit, "
        + "s.TestResult";

    internal const string Header = """
        SELECT i.Index_GUID, i.Timestamp, i.Result, i.ExitCode, i.TestTime, i.Hostname, i.Site, i.UserName, i.ProductName, i.TestplanName,
            i.TestplanVariant,
               i.TestplanRevision, i.Info1, i.Info2, i.Info3, i.Uut_GUID, i.Product_GUID, i.Testplan_GUID, i.Testsystem_GUID, u.Serial,
                   u.BatchNumber,
               pr.Name AS Product, pr.Type, pr.Version, tp.Name AS Testplan, tp.Variant, tr.Revision, ts.Name AS Station, ts.Hostname AS
                   StationHost, us.Name AS Operator
        """;

    internal const string Joins = """
        FROM IndexData i LEFT JOIN UutData u ON u.Uut_GUID = i.Uut_GUID LEFT JOIN Products pr ON pr.Product_GUID = i.Product_GUID
        LEFT JOIN Testplans tp ON tp.Testplan_GUID = i.Testplan_GUID LEFT JOIN TestplanRevisions tr ON tr.TestplanRevision_GUID =
            i.TestplanRevision_GUID
        LEFT JOIN TestSystems ts ON ts.Testsystem_GUID = i.Testsystem_GUID LEFT JOIN Users us ON us.User_GUID = i.User_GUID
        """;

    /// <summary>The shortest loop there is: headers, then steps in the order of their runs, every column read by its getter, nothing
    /// kept.</summary>
    public static (int Runs, long Steps) Bare(string file)
    {
        using var connection = Open(file);
        return (Loop($"{Header} {Joins} ORDER BY i.Timestamp, i.Index_GUID"),
            Loop($"SELECT i.Index_GUID, {StepColumns} FROM IndexData i JOIN TestDataNumeric s ON s.Index_GUID = i.Index_GUID ORDER BY "
            + "i.Timestamp, i.Index_GUID"));

        int Loop(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return Touch(command);
        }
    }

    /// <summary>One query a run, as one writes it by hand: the header joined to its steps, as rows of Dapper.</summary>
    public static (int Runs, long Steps) OneQueryARun(string file)
    {
        using var connection = Open(file);
        var ids = Ids(connection);
        var sql = $"{Header}, {StepColumns} {Joins} LEFT JOIN TestDataNumeric s ON s.Index_GUID = i.Index_GUID WHERE i.Index_GUID = @id "
            + "ORDER BY s.TestStepNumber";
        return (ids.Count, ids.Sum(id => (long)connection.Query(sql, new { id }).Count()));
    }

    /// <summary>One query a run and table, none of the rows wide, every column read by its getter, nothing kept.</summary>
    public static (int Runs, long Steps) OneQueryARunAndTable(string file)
    {
        using var connection = Open(file);
        var ids = Ids(connection);
        var steps = 0L;
        foreach (var id in ids)
        {
            Query($"{Header} {Joins} WHERE i.Index_GUID = @id", id);
            steps += Query($"SELECT {StepColumns} FROM TestDataNumeric s WHERE s.Index_GUID = @id ORDER BY s.TestStepNumber", id);
            Query("SELECT * FROM TestDataText s WHERE s.Index_GUID = @id ORDER BY s.TestStepNumber", id);
            Query("SELECT * FROM TestDataOther s WHERE s.Index_GUID = @id ORDER BY s.TestStepNumber", id);
            Query("SELECT a.* FROM AssemblyData a JOIN IndexData i ON i.Uut_GUID = a.Uut_GUID WHERE i.Index_GUID = @id", id);
            Query("SELECT c.* FROM TestsystemComponents c JOIN IndexData i ON i.Testsystem_GUID = c.Testsystem_GUID WHERE i.Index_GUID "
                + "= @id", id);
        }
        return (ids.Count, steps);

        int Query(string sql, string id)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddWithValue("@id", id);
            return Touch(command);
        }
    }

    private static List<string> Ids(SqliteConnection connection) =>
        connection.Query<string>("SELECT Index_GUID FROM IndexData ORDER BY Timestamp, Index_GUID").AsList();

    internal static int Touch(DbCommand command)
    {
        using var reader = command.ExecuteReader();
        var rows = 0;
        for (; reader.Read(); rows++)
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                if (reader.IsDBNull(i)) continue;
                var type = reader.GetFieldType(i);
                if (type == typeof(string)) reader.GetString(i);
                else if (type == typeof(double)) reader.GetDouble(i);
                else if (type == typeof(long)) reader.GetInt64(i);
                else reader.GetValue(i);
            }
        }
        return rows;
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file, Mode = SqliteOpenMode.ReadOnly,
            Pooling = false
        }.ConnectionString);
        connection.Open();
        return connection;
    }
}
