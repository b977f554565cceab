using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Unit.Support;

namespace VteWats.Unit.Configuration;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_full_file_is_read_with_comments_and_paths_of_its_own_folder()
    {
        var configuration = Load("""
            {
              // who and where
              "$schema": "vtewats.schema.json",
              "sites": {
                "Oslo": {
                  "connection": { "connectionString": "Server=db;Database=VTE9_3;Encrypt=Strict", "userName": "vte",
                      "password": "env:VTE_PASSWORD", "settleSeconds": 0 },
                  "timeZone": "Europe/Oslo", "timestampIs": "end",
                  "schemaProfile": { "tables": { "IndexData": "Idx" }, "columns": { "IndexData.Result": "Verdict" },
                      "missing": [ "TestsystemComponents" ] },
                  "mapping": { "missingRevision": null, "resultCodes": { "0": "F", "7": "P" }, "operations": [ { "product": "A*",
                      "testplan": "/fin(al)?/", "processCode": 10 } ] },
                  "initialSince": "2024-11-01T00:00:00+01:00",
                },
                "São Paulo": { "connection": { "path": "data/sp.db" }, "timeZone": "E. South America Standard Time",
                    "timestampIs": "start" }
              },
              "wats": { "baseUrl": "https://wats.example/api", "token": "file:secrets/token", "massRejectionShare": 0.25 },
              "sync": { "batchSize": 50 },
              "logging": { "folder": "logs", "level": "Debug" }
            }
            """);
        var oslo = configuration.Sites["OSLO"];
        Assert.Equal("Oslo", oslo.Name);
        Assert.Equal(0, oslo.Connection.SettleSeconds);
        Assert.Equal(("end", "end"), (oslo.TimestampIs, oslo.Mapping.TimestampIs));
        Assert.Equal(30, oslo.Connection.CommandTimeoutSeconds);
        Assert.Equal("Verdict", oslo.SchemaProfile.Columns["IndexData.Result"]);
        Assert.Equal("P", oslo.Mapping.ResultCodes[7]);
        Assert.Null(oslo.Mapping.MissingRevision);
        Assert.Equal("{Product.Name}", oslo.Mapping.PartNumber);
        Assert.Equal(10, oslo.Mapping.Operations.Single().ProcessCode);
        Assert.Equal(Path.Combine(_temp.Path, "data", "sp.db"), configuration.Sites["São Paulo"].Connection.Path);
        Assert.Equal("file:" + Path.Combine(_temp.Path, "secrets", "token"), configuration.Wats!.Token);
        Assert.Equal(Path.Combine(_temp.Path, "logs"), configuration.Logging.Folder);
        Assert.Equal(Path.Combine(_temp.Path, "state"), configuration.StateFolder);
        Assert.Equal(50, configuration.Sync.BatchSize);
        Assert.Equal(0.25, configuration.Wats.MassRejectionShare);
    }

    [Fact]
    public void The_ledger_keeps_what_the_census_compares()
    {
        Assert.Contains("$.sync.ledgerDays: 20 days are less than the 30 of censusDays",
            Refused("""{ "sync": { "ledgerDays": 20, "censusDays": 30 } }""").Message, StringComparison.Ordinal);
        Assert.Contains("$.sync.ledgerDays: 10 days are less than the 14 of censusDays",
            Refused("""{ "sync": { "ledgerDays": 10 } }""").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_error_lists_every_finding_with_its_path()
    {
        var failure = Refused("""
            {
              "sites": {
                "Oslo": {
                  "connection": { "path": "a.db", "connectionString": "Server=x", "commandTimeoutSeconds": 0, "setleSeconds": 5 },
                  "timezone": "Europe/Oslo",
                  "mapping": { "resultCodes": { "zero": "F", "1": "Q" }, "operations": [ { "product": "/(/", "processCode": 40000 },
                      { } ], "partNumber": "{Product.Nam}" },
                  "schemaProfile": { "columns": { "IndexData.Resul": "x" }, "missing": [ "IndexData" ] }
                },
                "Bergen/2": { "connection": { }, "timeZone": "Europe/Olso", "timestampIs": "begin" }
              },
              "wats": { "baseUrl": "wats.example", "throttleLimit": "4", "maxAttempts": 2.5, "timeoutSeconds": 30, "timeoutSeconds": 31 },
              "loging": {},
              "sync": null
            }
            """);
        Assert.Equal("VteWats.ConfigurationInvalid", failure.Error.Id);
        string[] expected =
        [
            "$.sites.Oslo.connection: Has connectionString and path; leave one out.",
            "$.sites.Oslo.connection.commandTimeoutSeconds: 0 is out of range: it must be a number from 1 to 600.",
            "$.sites.Oslo.connection.setleSeconds: There is no such key. Nearest: settleSeconds",
            "$.sites.Oslo.timezone: There is no such key. Nearest: timeZone",
            "$.sites.Oslo.timeZone: Missing.",
            "$.sites.Oslo.timestampIs: Missing.",
            "$.sites['Bergen/2'].timestampIs: Must be one of start, end.",
            "$.sites.Oslo.mapping.resultCodes.zero: The key is not a whole number.",
            "$.sites.Oslo.mapping.resultCodes.1: Must be one of P, F, E, T.",
            "$.sites.Oslo.mapping.operations[0].product: Is not a valid regular expression",
            "$.sites.Oslo.mapping.operations[0].processCode: 40000 is out of range: it must be a number from 0 to 32766.",
            "$.sites.Oslo.mapping.operations[1].processCode: Missing.",
            "$.sites.Oslo.mapping.partNumber: There is no {Product.Nam}. Nearest: Product.Name",
            "$.sites.Oslo.schemaProfile.columns['IndexData.Resul']: The key is wrong: VTE has no column of that logical name "
                + "(Table.Column). Nearest: IndexData.Result",
            "$.sites.Oslo.schemaProfile.missing[0]: No report can be made without 'IndexData'",
            "$.sites['Bergen/2']: The key is not a valid name of a site",
            "$.sites['Bergen/2'].connection: Missing: either connectionString or path.",
            "$.sites['Bergen/2'].timeZone: 'Europe/Olso' is not a time zone that this system knows, by IANA or Windows id. Nearest: "
                + "Europe/Oslo",
            "$.wats.baseUrl: Is not a URL that begins with http:// or https://.",
            "$.wats.throttleLimit: Must be a whole number, but is text.",
            "$.wats.maxAttempts: Must be a whole number from 1 to 20.",
            "$.wats.timeoutSeconds: There twice; only one of them can count.",
            "$.loging: There is no such key. Nearest: logging",
            "$.sync: Must be an object, but is null.",
        ];
        Assert.All(expected, finding => Assert.Contains(finding, failure.Message, StringComparison.Ordinal));
        Assert.Equal(expected.Length, ConfigurationFile.Check(File).Count);
    }

    [Theory]
    [InlineData("""{ "sites": { "A": { "connection": { "connectionString": "Server=x;Password=hunter2x" }, "timeZone": "UTC" } } }""",
        "$.sites.A.connection.connectionString")]
    [InlineData("""{ "sites": { "A": { "connection": { "connectionString": "Server=x;PWD = 'hunter2x'" }, "timeZone": "UTC" } } }""",
        "$.sites.A.connection.connectionString")]
    [InlineData("""{ "sites": { "A": { "connection": { "connectionString": "Server=x;Pasword=hunter2x" }, "timeZone": "UTC" } } }""",
        "$.sites.A.connection.connectionString")]
    [InlineData("""{ "sites": { "A": { "connection": { "connectionString": "Server=x;Password='hunter2x" }, "timeZone": "UTC" } } }""",
        "$.sites.A.connection.connectionString")]
    [InlineData(
        """{ "sites": { "A": { "connection": { "path": "a.db", "userName": "u", "password": "hunter2x" }, "timeZone": "UTC" } } }""",
        "$.sites.A.connection.password")]
    [InlineData("""{ "wats": { "baseUrl": "https://wats", "token": "hunter2x" } }""", "$.wats.token")]
    [InlineData("""{ "wats": { "baseUrl": "https://u:hunter2x@wats" } }""", "$.wats.baseUrl")]
    [InlineData("""{ "wats": { "baseUrl": "https://wats", "proxy": "http://u:hunter2x@proxy" } }""", "$.wats.proxy")]
    [InlineData("""{ "wats": { "baseUrl": "https://wats", "proxyUserName": "u", "proxyPassword": "hunter2x" } }""", "$.wats.proxyPassword")]
    [InlineData("""{ "wats": { "baseUrl": "https://wats", "token": true, "token": hunter2x } }""", "$: This is not valid JSON")]
    [InlineData("""{ "wats": { "baseUrl": "https://wats", "token": thunter2x } }""", "$: This is not valid JSON")]
    public void A_literal_secret_is_an_error_that_does_not_repeat_it(string json, string path)
    {
        var failure = Refused(json);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_without_TLS_needs_leave_unless_it_is_this_machine()
    {
        const string Finding = "$.wats.baseUrl: Begins with http://, so that everybody on the way could read the token";
        Assert.Contains(Finding, Refused("""{ "wats": { "baseUrl": "http://wats.plant" } }""").Message, StringComparison.Ordinal);
        Assert.Contains(Finding, Refused("""{ "wats": { "baseUrl": "http://wats.plant", "allowHttp": false } }""").Message,
            StringComparison.Ordinal);
        foreach (var wats in (string[])["\"http://wats.plant\", \"allowHttp\": true", "\"http://localhost:8080\"",
            "\"https://wats.plant\""])
        {
            System.IO.File.WriteAllText(File, $$"""{ "wats": { "baseUrl": {{wats}} } }""");
            Assert.DoesNotContain(ConfigurationFile.Check(File), finding => finding.Path.StartsWith("$.wats", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{} {}")]
    [InlineData("{ \"stateFolder\": \"\\ud800\" }")]
    public void What_is_no_configuration_at_all_is_a_finding(string json) =>
    Assert.Contains("$: ", Refused(json).Message, StringComparison.Ordinal);

    [Fact]
    public void An_empty_object_is_a_configuration_and_a_byte_order_mark_is_no_obstacle()
    {
        System.IO.File.WriteAllText(File, "{}", System.Text.Encoding.UTF8);
        Assert.Empty(ConfigurationFile.Load(File).Sites);
    }

    [Fact]
    public void The_file_that_is_asked_for_must_exist()
    {
        var failure = Assert.Throws<VteWatsException>(() => ConfigurationFile.Find(File));
        Assert.Equal("VteWats.ConfigurationInvalid", failure.Error.Id);
        System.IO.File.WriteAllText(File, "{}");
        Assert.Equal(File, ConfigurationFile.Find(File));
    }

    private string File => Path.Combine(_temp.Path, "vtewats.json");

    private VteWatsConfiguration Load(string json)
    {
        System.IO.File.WriteAllText(File, json);
        return ConfigurationFile.Load(File);
    }

    private VteWatsException Refused(string json) => Assert.Throws<VteWatsException>(() => Load(json));
}
