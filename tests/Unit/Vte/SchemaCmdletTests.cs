using System.Management.Automation;
using VteWats.Core.Vte.Sample;
using VteWats.Core.Vte.Schema;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

public sealed class SchemaCmdletTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HostedModule _module = new();
    private readonly SampleSummary _sample;

    public SchemaCmdletTests() => _sample = SampleDatabase.CreateSqliteAsync(
        _folder.File("a.db"), new SampleOptions { Runs = 200, Until = new DateTimeOffset(2024, 11, 20, 12, 0, 0, TimeSpan.Zero) })
        .GetAwaiter().GetResult();

    public void Dispose()
    {
        _module.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Test_VteSchema_finds_nothing_in_a_sample_and_needs_no_time_zone() => Assert.Empty(Run("Test-VteSchema -DatabasePath $db"));

    [Fact]
    public void Test_VteSchema_says_what_to_write_into_the_configuration()
    {
        File.WriteAllText(_folder.File("vtewats.json"), """
            { "sites": { "Oslo": { "connection": { "path": "a.db" }, "timeZone": "Europe/Oslo", "timestampIs": "start",
                "schemaProfile": { "columns": { "UutData.Serial": "SerialNumber" } } } } }
            """);
        var finding = Assert.Single(Run("Test-VteSchema -ConfigurationPath $config | Where-Object Severity -eq Error"));
        Assert.Equal("MissingNeeded", finding.Properties["Kind"].Value.ToString());
        Assert.Equal("Oslo", finding.Properties["Site"].Value);
        Assert.Contains("\"UutData.Serial\": \"Serial\"", (string)finding.Properties["Fix"].Value, StringComparison.Ordinal);

        var refused = _module.Run("param($config) Get-VteTestRun -ConfigurationPath $config", ("config", _folder.File("vtewats.json")));
        Assert.StartsWith("VteWats.SchemaUnsupported", Assert.Single(refused.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_VteSchema_gives_objects_a_diagram_or_a_page()
    {
        var tables = Run("Get-VteSchema -DatabasePath $db");
        Assert.Equal(ReferenceSchema.Tables.Count, tables.Count);
        Assert.Equal(200L, tables.Single(t => (string)t.Properties["Name"].Value == "IndexData").Properties["Rows"].Value);
        Assert.StartsWith("erDiagram", Assert.Single(Run("Get-VteSchema -DatabasePath $db -As Mermaid")).ToString(),
            StringComparison.Ordinal);
        Assert.StartsWith("# Database schema", Assert.Single(Run("Get-VteSchema -DatabasePath $db -As markdown")).ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Test_VteConnection_tells_what_it_connected_to()
    {
        var report = Assert.Single(Run("Test-VteConnection -DatabasePath $db"));
        Assert.Equal(DatabaseProvider.Sqlite, report.Properties["Provider"].Value);
        Assert.Equal(21, ((IReadOnlyList<string>)report.Properties["Readable"].Value).Count);
        Assert.InRange(((TimeSpan)report.Properties["ClockDifference"].Value).TotalSeconds, -1, 1);
    }

    [Fact]
    public void Test_VteConnection_names_the_fix_when_there_is_no_database()
    {
        var result = _module.Run("param($db) Test-VteConnection -DatabasePath $db", ("db", _folder.File("none.db")));
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("VteWats.SqlUnreachable", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void Measure_VteTestRun_counts_what_the_sample_holds()
    {
        dynamic measured = Assert.Single(Run("Measure-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo")).BaseObject;
        Assert.Equal(200, (long)measured.Runs);
        Assert.Equal(_sample.Steps, (long)measured.Steps);
        var results = Run("(Measure-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo).Results");
        Assert.Equal(
            _sample.Results.OrderBy(r => r.Key).Select(r => (r.Key, (long)r.Value, r.Key != 7)),
            results.Select(r => ((int)r.Properties["Code"].Value, (long)r.Properties["Count"].Value, (bool)r.Properties["Known"].Value))
            .OrderBy(r => r.Item1));
    }

    [Fact]
    public void Export_VteTestRun_writes_a_source_with_the_same_runs()
    {
        var summary = Assert.Single(Run("Export-VteTestRun -Path $out -DatabasePath $db -TimeZone Europe/Oslo"));
        Assert.Equal(200L, summary.Properties["Runs"].Value);
        Assert.Equal(_sample.Steps, summary.Properties["Steps"].Value);
        const string Hashes = "Get-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo | ForEach-Object ContentHash";
        Assert.Equal(Run(Hashes).Select(h => h.ToString()),
            Run(Hashes.Replace("$db", "$out", StringComparison.Ordinal)).Select(h => h.ToString()));
        Assert.Empty(Run("Test-VteSchema -DatabasePath $out"));
        Assert.DoesNotContain("planted-password", File.ReadAllText(_folder.File("out.db"), System.Text.Encoding.Latin1),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Export_VteTestRun_takes_the_runs_that_are_piped_in()
    {
        var ids = Run("Get-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo -Result Failed -First 3 -HeaderOnly | ForEach-Object { $_ "
            + "} | ForEach-Object Id").Select(i => (Guid)i.BaseObject).ToList();
        Run("Get-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo -Result Failed -First 3 -HeaderOnly | Export-VteTestRun -Path $out "
            + "-DatabasePath $db -TimeZone Europe/Oslo");
        Assert.Equal(ids, Run("Get-VteTestRun -DatabasePath $out -TimeZone Europe/Oslo | ForEach-Object Id")
            .Select(i => (Guid)i.BaseObject));
        var other = Guid.NewGuid();
        var missing = _module.Run(
            "param($db, $out, $id) Export-VteTestRun -Id $id -Path $out -Force -DatabasePath $db -TimeZone Europe/Oslo", ("db",
            _folder.File("a.db")), ("out", _folder.File("other.db")), ("id", other));
        Assert.StartsWith("VteWats.TestRunNotFound", Assert.Single(missing.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(other, missing.Errors[0].TargetObject);
        var nothing = _module.Run(
            "param($db, $out) $null | Where-Object { $false } | Export-VteTestRun -Path $out -Force -DatabasePath $db -TimeZone "
            + "Europe/Oslo", ("db", _folder.File("a.db")), ("out", _folder.File("out.db")));
        Assert.Empty(nothing.Clean());
        Assert.Single(nothing.Warnings);
    }

    [Fact]
    public void An_anonymous_export_keeps_the_shape_and_loses_the_names()
    {
        Run("Export-VteTestRun -Path $out -Anonymize -DatabasePath $db -TimeZone Europe/Oslo");
        var content = File.ReadAllText(_folder.File("out.db"));
        foreach (var secret in new[] { "P24-01", "C31-01", "Nordmann", "ola.hansen", "PSU-2405", "CTRL-310", "oslo-vte1", "VTE-OS-01",
            "Stuttgart", "Work order", "Fixture A" })
            Assert.DoesNotContain(secret, content, StringComparison.Ordinal);
        var before = Run("Get-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo");
        var after = Run("Get-VteTestRun -DatabasePath $out -TimeZone Europe/Oslo");
        Assert.Equal(before.Select(Shape), after.Select(Shape));
        // The same unit is the same unit, under another name.
        Assert.Equal(Groups(before), Groups(after));
    }

    [Fact]
    public void Export_VteTestRun_changes_nothing_with_WhatIf_and_overwrites_only_with_Force()
    {
        Run("Export-VteTestRun -Path $out -WhatIf -DatabasePath $db -TimeZone Europe/Oslo");
        Assert.False(File.Exists(_folder.File("out.db")));
        File.WriteAllText(_folder.File("out.db"), "mine");
        var refused = _module.Run("param($db, $out) Export-VteTestRun -Path $out -DatabasePath $db -TimeZone Europe/Oslo", ("db",
            _folder.File("a.db")), ("out", _folder.File("out.db")));
        Assert.StartsWith("VteWats.FileExists", Assert.Single(refused.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder.File("out.db")));
    }

    private static (object, object, object?, bool, bool) Shape(PSObject run) => (
        run.Properties["Id"].Value, run.Properties["Timestamp"].Value, run.Properties["StepCount"].Value,
        string.IsNullOrWhiteSpace(run.Properties["SerialNumber"].Value as string),
        (run.Properties["SerialNumber"].Value as string)?.StartsWith(' ') == true);

    private static List<int> Groups(IReadOnlyList<PSObject> runs)
    {
        var first = new Dictionary<string, int>();
        return [.. runs.Select((r, i) => first.TryAdd((r.Properties["SerialNumber"].Value as string)?.Trim() ?? "", i) ? i
            : first[(r.Properties["SerialNumber"].Value as string)?.Trim() ?? ""])];
    }

    private IReadOnlyList<PSObject> Run(string script) => _module.Run(
        "param($db, $out, $config) "
        + script, ("db", _folder.File("a.db")), ("out", _folder.File("out.db")), ("config", _folder.File("vtewats.json"))).Clean();
}
