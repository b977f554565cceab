using Dapper;
using Microsoft.Data.SqlClient;
using VteWats.Core.Diagnostics;
using VteWats.Core.Inspection;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte.Sample;
using VteWats.Core.Vte.Schema;
using VteWats.Core.Wats;
using VteWats.Unit.Support;
using VteWats.Unit.Vte;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>The packaged module against a real SQL Server, with a login that may read the tables and nothing else: not even the passwords
/// of VTE's users.</summary>
public class SqlServerPlantTests
{
    private const string PasswordVariable = "VTEWATS_TEST_PLANT_PASSWORD";
    private const string TokenVariable = "VTEWATS_TEST_PLANT_TOKEN";

    [SqlServerFact]
    public async Task A_login_that_may_only_read_is_enough_for_a_sync()
    {
        using var folder = new TempFolder();
        using var module = new HostedModule();
        await using var wats = await SandboxServer.StartAsync();
        using var scratch = new ScratchDatabase();
        await SampleDatabase.CreateSqlServerAsync(scratch.ConnectionString, null, null,
            new SampleOptions { Runs = 200, Until = ReadingSample.Until });
        using var reader = new Reader(scratch);
        Environment.SetEnvironmentVariable(PasswordVariable, reader.Password);
        Environment.SetEnvironmentVariable(TokenVariable, wats.Token);
        var file = folder.File("vtewats.json");
        await File.WriteAllTextAsync(file, $$"""
            { "sites": { "Oslo": {
                "connection": { "connectionString": "{{reader.ConnectionString.Replace("\\", "\\\\", StringComparison.Ordinal)}}",
                    "userName": "{{reader.Name}}", "password": "env:{{PasswordVariable}}" },
                "timeZone": "Europe/Oslo", "timestampIs": "start", "initialSince": "2000-01-01T00:00:00",
                "mapping": { "defaultProcessCode": 10 } } },
              "wats": { "baseUrl": "{{wats.BaseUrl.OriginalString}}", "token": "env:{{TokenVariable}}", "requestsPerMinute": 0,
                  "proxy": "none" }, "stateFolder": "state" }
            """);
        ScriptResult Run(string script) =>
            module.Run("param($c) $PSDefaultParameterValues = @{ '*:ConfigurationPath' = $c }; " + script, ("c", file));
        SyncSummary Sync() => Assert.IsType<SyncSummary>(
            Assert.Single(Run("Invoke-VteWatsSync -Site Oslo -ErrorAction SilentlyContinue").Output).BaseObject);

        var connection = Assert.IsType<ConnectionReport>(Assert.Single(Run("Test-VteConnection").Clean()).BaseObject);
        Assert.False(connection.MayWrite);
        Assert.Empty(connection.NotReadable);
        Assert.Equal(reader.Name, connection.Login, ignoreCase: true);
        Assert.DoesNotContain(Run("Test-VteSchema").Clean(), f => ((SchemaFinding)f.BaseObject).Severity == FindingSeverity.Error);

        var first = Sync();
        Assert.Null(first.Error);
        Assert.Equal(200, first.Uploaded + first.DeadLetters);
        Assert.Equal(wats.Store.Count, first.Uploaded);
        Assert.True(first.Uploaded > 150, $"{first.Uploaded} uploaded");
        var again = Sync();
        Assert.Equal((0, null), (again.Uploaded, again.Error));

        var sent = Run("Get-VteTestRun -First 5 | ConvertTo-WatsReport -ErrorAction SilentlyContinue | Send-WatsReport -Force");
        Assert.Null(sent.Thrown);
        Assert.All(sent.Output, r => Assert.Equal(WatsReceiptState.Uploaded, ((WatsReceipt)r.BaseObject).State));

        using (var elsewhere = scratch.Connect())
        {
            elsewhere.Execute(SqlServerLease.LockStatement, new { resource = "VteWats:OSLO" });
            Assert.Equal(20, Sync().ExitCode);
        }
        using var own = reader.Connect();
        Assert.Throws<SqlException>(() => own.Execute("UPDATE IndexData SET Result = 0"));
        Assert.Throws<SqlException>(() => own.Query<string>("SELECT Password FROM Users"));
    }

    /// <summary>A login of its own with the right to read the tables, and of the users their names only.</summary>
    private sealed class Reader : IDisposable
    {
        private readonly SqlConnectionStringBuilder _settings;

        public Reader(ScratchDatabase scratch)
        {
            Name = scratch.Name + "_reader";
            Password = "Aa1!" + Guid.NewGuid().ToString("N");
            using var db = scratch.Connect();
            db.Execute($"CREATE LOGIN [{Name}] WITH PASSWORD = '{Password}'");
            db.Execute($"CREATE USER [{Name}] FOR LOGIN [{Name}]");
            foreach (var table in ReferenceSchema.Tables.Select(t => t.Name))
                db.Execute($"GRANT SELECT ON [{table}]{(table == "Users" ? " ([User_GUID], [Name])" : "")} TO [{Name}]");
            _settings = new SqlConnectionStringBuilder(scratch.ConnectionString) { Pooling = false };
            foreach (var key in new[] { "User ID", "Password", "Integrated Security" }) _settings.Remove(key);
        }

        public string Name { get; }

        public string Password { get; }

        public string ConnectionString => _settings.ConnectionString;

        public SqlConnection Connect() =>
            ScratchDatabase.Connect(new SqlConnectionStringBuilder(ConnectionString)
            {
                UserID = Name,
                Password = Password
            }.ConnectionString);

        public void Dispose() => ScratchDatabase.DropPatiently($"DROP LOGIN [{Name}]");
    }
}
