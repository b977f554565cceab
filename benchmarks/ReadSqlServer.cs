using System.Globalization;
using Microsoft.Data.SqlClient;
using VteWats.Core.Sync;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Schema;

namespace VteWats.Benchmarks;

/// <summary>50,000 runs of 40 steps over the network's protocol: ours, beside two bare ordered queries whose rows are touched and thrown
/// away.</summary>
internal static class ReadSqlServer
{
    private const int Runs = 50_000;

    /// <summary>The server of the tests; null without one.</summary>
    public static string? ConnectionString =>
        Environment.GetEnvironmentVariable("VTEWATS_TEST_SQLSERVER") is { Length: > 0 } text ? text : null;

    public static async Task<double> RatioAsync(string server)
    {
        var name = "vtewats_bench_" + Guid.NewGuid().ToString("N")[..8];
        Execute(server, $"CREATE DATABASE [{name}]");
        try
        {
            var settings = new SqlConnectionStringBuilder(server) { InitialCatalog = name };
            Fill(settings.ConnectionString);
            var password = settings.Password;
            settings.Remove("Password");
            var site = new SiteOptions
            {
                Name = "Bench", TimeZone = "Europe/Oslo",
                Connection = new ConnectionOptions { ConnectionString = settings.ConnectionString },
            };
            settings.Password = password;
            var bare = await ReadBenchmark.BestAsync("TDS, two bare queries", () => Task.FromResult(Bare(settings.ConnectionString)),
                runs: Runs)
                .ConfigureAwait(false);
            var ours = await ReadBenchmark.BestAsync("TDS, VteSource", () => ReadBenchmark.OursAsync(site, password), runs: Runs)
                .ConfigureAwait(false);
            return ours / bare;
        }
        finally
        {
            SqlConnection.ClearAllPools();
            Execute(server, $"DROP DATABASE [{name}]");
        }
    }

    private static (int Runs, long Steps) Bare(string connectionString)
    {
        using var connection = new SqlConnection(connectionString);
        connection.OpenForPartialPackets();
        return (Touch(connection, $"{ReadBaselines.Header} {ReadBaselines.Joins} ORDER BY i.Timestamp, i.Index_GUID"),
            Touch(connection, $"SELECT i.Index_GUID, {ReadBaselines.StepColumns} FROM IndexData i JOIN TestDataNumeric s ON "
                + "s.Index_GUID = i.Index_GUID ORDER BY i.Timestamp, i.Index_GUID"));
    }

    private static int Touch(SqlConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 600;
        return ReadBaselines.Touch(command);
    }

    // Made by the server itself, from numbers: fifty thousand times forty rows are too many to send.
    private static void Fill(string connectionString)
    {
        foreach (var statement in SchemaScript.SqlServer(SchemaProfile.Default)) Execute(connectionString, statement);
        Execute(connectionString, "CREATE TABLE Numbers (N int NOT NULL PRIMARY KEY)");
        Execute(connectionString, "INSERT INTO Numbers VALUES (1)");
        for (var n = 1; n < Runs; n *= 2)
            Execute(connectionString, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO Numbers SELECT N + {n} FROM Numbers"));
        Execute(connectionString, """
            INSERT INTO Products (Product_GUID, Name, Type, Version) VALUES (CAST('00000000-0000-0000-0000-000000000001' AS
                uniqueidentifier), N'Inverter 3000', N'PCBA', N'B2');
            INSERT INTO Testplans (Testplan_GUID, Name, Variant) VALUES (CAST('00000000-0000-0000-0000-000000000001' AS uniqueidentifier),
                N'Final test', N'EU');
            INSERT INTO TestplanRevisions (TestplanRevision_GUID, Revision) VALUES (CAST('00000000-0000-0000-0000-000000000001' AS
                uniqueidentifier), N'1.4');
            INSERT INTO TestSystems (Testsystem_GUID, Name, Hostname) VALUES (CAST('00000000-0000-0000-0000-000000000001' AS
                uniqueidentifier), N'ATE-01', N'ate01');
            INSERT INTO Users (User_GUID, Name) VALUES (CAST('00000000-0000-0000-0000-000000000001' AS uniqueidentifier), N'Kari');
            """);
        Execute(connectionString, $"""
            INSERT INTO IndexData (Index_GUID, Uut_GUID, Product_GUID, Testplan_GUID, TestplanRevision_GUID, Testsystem_GUID, User_GUID,
                Timestamp, ExitCode, Result,
                TestTime, Hostname, Site, UserName, ProductName, TestplanName, TestplanVariant, TestplanRevision, Info1)
            SELECT NEWID(), NEWID(), p.Product_GUID, p.Product_GUID, p.Product_GUID, p.Product_GUID, p.Product_GUID, DATEADD(second, N,
                CAST('20240101' AS datetime)), 0, 1,
                42.5, N'ate01', N'Hall 2', N'Kari', N'Inverter 3000', N'Final test', N'EU', N'1.4', N'shift 2' FROM Numbers CROSS JOIN
                    Products AS p WHERE N <= {Runs};
            INSERT INTO UutData (Uut_GUID, Serial) SELECT Uut_GUID, N'SN' + CAST(DATEDIFF(second, CAST('20240101' AS datetime),
                Timestamp) AS nvarchar(10)) FROM IndexData;
            """);
        Execute(connectionString, $"""
            INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, TestName, TestDescription, TestNumber, TestUnits, TestResult,
                LowLimit, HighLimit, TestResultType)
            SELECT i.Index_GUID, N, N'Rail ' + CAST(N AS nvarchar(10)) + N' voltage', N'Output voltage at nominal load', CAST(N AS
                nvarchar(10)), N'V', 5.0 + N / 1000.0, 4.75, 5.25, 1
            FROM IndexData AS i CROSS JOIN Numbers WHERE N <= {BenchmarkDatabase.Steps};
            """);
    }

    private static void Execute(string connectionString, string sql)
    {
        using var connection = new SqlConnection(connectionString);
        connection.OpenForPartialPackets();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 1200;
        command.ExecuteNonQuery();
    }
}
