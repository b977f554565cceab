using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using VteWats.Core.Configuration;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Schema;

namespace VteWats.Benchmarks;

/// <summary>
/// Reading 10,000 runs of 40 steps: ours, beside a bare reader loop over the same joined rows, and beside one query a run and table. And the
/// peak memory of the whole process at 100,000 runs beside 10,000.
/// </summary>
internal static class ReadBenchmark
{
    private const int Steps = 40;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["child", var file]) return await ChildAsync(file).ConfigureAwait(false);
        var folder = Directory.CreateTempSubdirectory("vtewats-bench-").FullName;
        try
        {
            var small = Path.Combine(folder, "10000.db");
            Fill(small, 10_000);
            // Once each to warm up code and file cache, then the best of several: the machine may be busy with other things.
            var ours = await BestAsync(() => OursAsync(small)).ConfigureAwait(false);
            var bare = await BestAsync(() => Task.FromResult(Bare(small))).ConfigureAwait(false);
            var single = await BestAsync(() => Task.FromResult(OneQueryARun(small)), 1).ConfigureAwait(false);
            Console.WriteLine("10,000 runs of 40 steps       seconds   CPU seconds   allocated MB");
            Row("VteSource", ours);
            Row("bare DbDataReader loop", bare);
            Row("one query a run and table", single);
            Result("read.seconds", ours.Seconds);
            Result("read.bare_ratio", ours.Seconds / bare.Seconds);
            Result("read.n_plus_one_ratio", single.Seconds / ours.Seconds);
            var large = Path.Combine(folder, "100000.db");
            Fill(large, 100_000);
            var (few, many) = (Peak(small), Peak(large));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak working set: {few >> 20} MB at 10,000 runs, {many >> 20} MB at 100,000 runs"));
            Result("read.memory_ratio", (double)many / few);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> ChildAsync(string file)
    {
        await OursAsync(file).ConfigureAwait(false);
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(self.PeakWorkingSet64.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static long Peak(string file)
    {
        // The framework decides by the name of its host whether the program's own file must be named too.
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet") start.ArgumentList.Add(typeof(ReadBenchmark).Assembly.Location);
        foreach (var argument in new[] { "read", "child", file }) start.ArgumentList.Add(argument);
        using var child = Process.Start(start)!;
        var answer = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return long.Parse(answer.Trim(), CultureInfo.InvariantCulture);
    }

    private static async Task<(int Runs, long Steps)> OursAsync(string file)
    {
        var site = new SiteConfiguration { Name = "Bench", TimeZone = "Europe/Oslo", Connection = new ConnectionConfiguration { Path = file } };
        await using var source = await VteSource.OpenAsync(site, null, CancellationToken.None).ConfigureAwait(false);
        var (runs, steps) = (0, 0L);
        await foreach (var run in source.ReadAsync(new TestRunQuery(), CancellationToken.None).ConfigureAwait(false))
        {
            runs++;
            steps += run.Steps!.Count;
        }
        return (runs, steps);
    }

    // The same rows by the shortest loop there is: headers, then steps in the order of their runs, every column read by its getter, nothing kept.
    private static (int Runs, long Steps) Bare(string file)
    {
        using var connection = Open(file);
        return (Loop($"{JoinedHeader} {Joins} ORDER BY i.Timestamp, i.Index_GUID"),
            Loop($"SELECT i.Index_GUID, {StepColumns} FROM IndexData i JOIN TestDataNumeric s ON s.Index_GUID = i.Index_GUID ORDER BY i.Timestamp, i.Index_GUID"));

        int Loop(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            var rows = 0;
            for (; reader.Read(); rows++) Touch(reader);
            return rows;
        }
    }

    private static (int Runs, long Steps) OneQueryARun(string file)
    {
        using var connection = Open(file);
        var ids = new List<string>();
        using (var list = connection.CreateCommand())
        {
            list.CommandText = "SELECT Index_GUID FROM IndexData ORDER BY Timestamp, Index_GUID";
            using var reader = list.ExecuteReader();
            while (reader.Read()) ids.Add(reader.GetString(0));
        }
        var steps = 0L;
        foreach (var id in ids)
        {
            Query($"{JoinedHeader} {Joins} WHERE i.Index_GUID = @id", id);
            steps += Query($"SELECT {StepColumns} FROM TestDataNumeric s WHERE s.Index_GUID = @id ORDER BY s.TestStepNumber", id);
            Query("SELECT * FROM TestDataText s WHERE s.Index_GUID = @id ORDER BY s.TestStepNumber", id);
            Query("SELECT * FROM TestDataOther s WHERE s.Index_GUID = @id ORDER BY s.TestStepNumber", id);
            Query("SELECT a.* FROM AssemblyData a JOIN IndexData i ON i.Uut_GUID = a.Uut_GUID WHERE i.Index_GUID = @id", id);
            Query("SELECT c.* FROM TestsystemComponents c JOIN IndexData i ON i.Testsystem_GUID = c.Testsystem_GUID WHERE i.Index_GUID = @id", id);
        }
        return (ids.Count, steps);

        int Query(string sql, string id)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddWithValue("@id", id);
            using var reader = command.ExecuteReader();
            var rows = 0;
            while (reader.Read())
            {
                Touch(reader);
                rows++;
            }
            return rows;
        }
    }

    private const string StepColumns = "s.TestStepNumber, s.TestName, s.TestNumber, s.TestUnits, s.TestResultType, s.TestDescription, s.LowLimit, s.HighLimit, s.TestResult";

    private const string JoinedHeader = """
        SELECT i.Index_GUID, i.Timestamp, i.Result, i.ExitCode, i.TestTime, i.Hostname, i.Site, i.UserName, i.ProductName, i.TestplanName, i.TestplanVariant,
               i.TestplanRevision, i.Info1, i.Info2, i.Info3, i.Uut_GUID, i.Product_GUID, i.Testplan_GUID, i.Testsystem_GUID, u.Serial, u.BatchNumber,
               pr.Name, pr.Type, pr.Version, tp.Name, tp.Variant, tr.Revision, ts.Name, ts.Hostname, us.Name
        """;

    private const string Joins = """
        FROM IndexData i LEFT JOIN UutData u ON u.Uut_GUID = i.Uut_GUID LEFT JOIN Products pr ON pr.Product_GUID = i.Product_GUID
        LEFT JOIN Testplans tp ON tp.Testplan_GUID = i.Testplan_GUID LEFT JOIN TestplanRevisions tr ON tr.TestplanRevision_GUID = i.TestplanRevision_GUID
        LEFT JOIN TestSystems ts ON ts.Testsystem_GUID = i.Testsystem_GUID LEFT JOIN Users us ON us.User_GUID = i.User_GUID
        """;

    private static void Touch(DbDataReader reader)
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

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    // Runs all alike, so that sizes scale by their number alone.
    internal static void Fill(string file, int runs, int seed = 1)
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
            INSERT INTO IndexData (Index_GUID, Uut_GUID, Product_GUID, Testplan_GUID, TestplanRevision_GUID, Testsystem_GUID, User_GUID, Timestamp, ExitCode, Result,
                TestTime, Hostname, Site, UserName, ProductName, TestplanName, TestplanVariant, TestplanRevision, Info1)
            VALUES ($id, $unit, 'P', 'T', 'R', 'S', 'U', $time, 0, 1, 42.5, 'ate01', 'Hall 2', 'Kari', 'Inverter 3000', 'Final test', 'EU', '1.4', 'shift 2')
            """, "$id", "$unit", "$time");
        using var step = Insert("""
            INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, TestName, TestDescription, TestNumber, TestUnits, TestResult, LowLimit, HighLimit, TestResultType)
            VALUES ($id, $n, $name, 'Output voltage at nominal load', $number, 'V', $value, 4.75, 5.25, 1)
            """, "$id", "$n", "$name", "$number", "$value");
        var random = new Random(seed);
        var bytes = new byte[16];
        var time = new DateTime(2026, 1, 1);
        for (var n = 0; n < runs; n++)
        {
            random.NextBytes(bytes);
            var id = new Guid(bytes).ToString("D").ToUpperInvariant();
            Set(unit, id, string.Create(CultureInfo.InvariantCulture, $"SN{n:0000000}"));
            Set(run, id, id, time.AddSeconds(n).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture));
            for (var s = 1; s <= Steps; s++)
                Set(step, id, s, string.Create(CultureInfo.InvariantCulture, $"Rail {s} voltage"), s.ToString(CultureInfo.InvariantCulture), 5 + random.NextDouble() / 10);
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

    private static async Task<(double Seconds, double Cpu, double Megabytes)> BestAsync(Func<Task<(int Runs, long Steps)>> read, int times = 3)
    {
        if (times > 1) await read().ConfigureAwait(false);
        var best = (Seconds: double.MaxValue, Cpu: 0d, Megabytes: 0d);
        for (var n = 0; n < times; n++)
        {
            GC.Collect();
            var (watch, before, cpu) = (Stopwatch.StartNew(), GC.GetTotalAllocatedBytes(), Cpu());
            if (await read().ConfigureAwait(false) != (10_000, 10_000L * Steps)) throw new InvalidOperationException("Not all was read.");
            if (watch.Elapsed.TotalSeconds < best.Seconds) best = (watch.Elapsed.TotalSeconds, Cpu() - cpu, (GC.GetTotalAllocatedBytes() - before) / 1048576d);
        }
        return best;
    }

    private static void Row(string name, (double Seconds, double Cpu, double Megabytes) figure) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28} {figure.Seconds,8:0.000} {figure.Cpu,13:0.000} {figure.Megabytes,14:0}"));

    private static double Cpu()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }

    private static void Result(string name, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"RESULT {name} {value:0.00}"));
}
