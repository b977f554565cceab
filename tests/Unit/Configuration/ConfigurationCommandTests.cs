using System.Management.Automation;
using VteWats.Core.Configuration;
using VteWats.Core.Sync;
using VteWats.Core.Wats.Client;
using VteWats.Unit.Support;

namespace VteWats.Unit.Configuration;

public sealed class ConfigurationCommandTests : IClassFixture<HostedModuleFixture>, IDisposable
{
    private const string New =
        "param($Path, $Url = 'https://wats.example', $Zone = 'Europe/Oslo', $Token = 'env:WATS_TOKEN') New-VteWatsConfiguration -Path "
        + "$Path -Site Oslo -DatabasePath $Path/../data/sample.db -TimeZone $Zone -TimestampIs start -BaseUrl $Url "
        + "-TokenReference $Token -DefaultProcessCode 10";

    private readonly HostedModule _module;
    private readonly TempFolder _temp = new();

    public ConfigurationCommandTests(HostedModuleFixture fixture) => _module = fixture.Module;

    private string File => _temp.File("vtewats.json");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void The_first_file_is_complete_explains_itself_and_is_in_order()
    {
        _module.Run(New, ("Path", File)).Clean();
        var text = System.IO.File.ReadAllText(File);
        Assert.All(Keys(ConfigurationSchema.Root), key => Assert.Contains($"\"{key}\": ", text, StringComparison.Ordinal));
        Assert.True(System.IO.File.Exists(_temp.File("vtewats.schema.json")));

        var read = ConfigurationFile.Load(File);
        Assert.Equal(_temp.File("data/sample.db"), read.Sites["Oslo"].Connection.Path);
        Assert.Equal(10, read.Sites["Oslo"].Mapping.DefaultProcessCode);
        // Nothing but what was given: the rest are the defaults of a later version too.
        Assert.Equal(new SyncOptions(), read.Sync);
        Assert.Equal(new WatsOptions { BaseUrl = "https://wats.example", Token = "env:WATS_TOKEN" }, read.Wats);
    }

    [Fact]
    public void Every_commented_key_may_have_its_slashes_taken_away()
    {
        _module.Run(New, ("Path", File)).Clean();
        var lines = System.IO.File.ReadAllLines(File)
            .Select(line => line.TrimStart().StartsWith("// \"", StringComparison.Ordinal)
            && !line.EndsWith(": null,", StringComparison.Ordinal)
            ? line.Replace("// ", "", StringComparison.Ordinal) : line);
        System.IO.File.WriteAllLines(File, lines);
        Assert.Empty(ConfigurationFile.Check(File));
        var read = ConfigurationFile.Load(File);
        Assert.Equal(new SyncOptions(), read.Sync);
        Assert.Equal(new WatsOptions { BaseUrl = "https://wats.example", Token = "env:WATS_TOKEN" }, read.Wats);
    }

    [Fact]
    public void A_file_that_is_there_is_replaced_with_Force_only_and_WhatIf_writes_nothing()
    {
        _module.Run(New + " -WhatIf", ("Path", File)).Clean();
        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
        System.IO.File.WriteAllText(File, "mine");
        var refused = _module.Run(New, ("Path", File)).Errors.Single();
        Assert.Equal("VteWats.FileExists,VteWats.PowerShell.Commands.NewVteWatsConfigurationCommand", refused.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceExists, refused.CategoryInfo.Category);
        Assert.Equal("mine", System.IO.File.ReadAllText(File));
        _module.Run(New + " -Force", ("Path", File)).Clean();
        Assert.NotEqual("mine", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Values_that_no_configuration_can_have_are_refused_all_at_once_and_nothing_is_written()
    {
        var refused = _module.Run(New, ("Path", File), ("Url", "ftp://wats"), ("Zone", "Europe/Olso"), ("Token",
            "hunter2-secret")).Errors.Single();
        Assert.StartsWith("VteWats.ConfigurationInvalid,", refused.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.All(["$.wats.baseUrl", "$.wats.token", "$.sites.Oslo.timeZone"],
            path => Assert.Contains(path, refused.ErrorDetails.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", refused.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public void The_configuration_and_its_sites_are_emitted_as_objects()
    {
        System.IO.File.WriteAllText(File, TwoSites);
        var whole = _module.Run("param($Path) Get-VteWatsConfiguration -ConfigurationPath $Path", ("Path", File)).Clean().Single();
        Assert.Equal("VteWats.Core.Configuration.VteWatsConfiguration", whole.TypeNames[0]);
        var sites = _module.Run("param($Path) (Get-VteWatsConfiguration -ConfigurationPath $Path -Site b*, oslo).Name", ("Path", File))
            .Clean();
        Assert.Equal(["Bergen", "Oslo"], sites.Select(site => site.ToString()));
        var unknown = _module.Run("param($Path) Get-VteWatsConfiguration -ConfigurationPath $Path -Site Olso", ("Path",
            File)).Errors.Single();
        Assert.StartsWith("VteWats.ConfigurationInvalid,", unknown.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("The sites are: Bergen, Oslo.", unknown.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains("-Site", unknown.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_of_the_file_emits_findings_and_warns_of_secrets_that_are_not_there()
    {
        System.IO.File.WriteAllText(File, """{ "wats": { "baseUrl": "https://wats.example", "tokn": "env:X", "maxAttempts": 0 } }""");
        const string Test = "param($Path) Test-VteWatsConfiguration -ConfigurationPath $Path";
        var wrong = _module.Run(Test, ("Path", File)).Clean();
        Assert.Equal([("Error", "$.wats.tokn"), ("Error", "$.wats.maxAttempts")],
            wrong.Select(f => (f.Properties["Severity"].Value.ToString()!, (string)f.Properties["Path"].Value)));

        System.IO.File.WriteAllText(File, TwoSites);
        var missing = _module.Run(Test, ("Path", File)).Clean();
        Assert.Equal(
            [("Warning", "$.sites.Oslo.connection.path"), ("Warning", "$.sites.Bergen.connection.password"), ("Warning", "$.wats.token")],
            missing.Select(f => (f.Properties["Severity"].Value.ToString()!, (string)f.Properties["Path"].Value)));

        System.IO.File.WriteAllText(_temp.File("a.db"), "");
        System.IO.File.WriteAllText(_temp.File("token.txt"), "0123456789");
        System.IO.File.WriteAllText(_temp.File("password.txt"), "9876543210");
        Assert.Empty(_module.Run(Test, ("Path", File)).Clean());
    }

    [Fact]
    public void A_vault_is_asked_through_the_session_and_its_absence_is_told_with_advice()
    {
        System.IO.File.WriteAllText(File, """{ "wats": { "baseUrl": "https://wats.example", "token": "secret:Plant/WATS" } }""");
        const string Test = "param($Path) (Test-VteWatsConfiguration -ConfigurationPath $Path).Message";
        Assert.Contains("SecretManagement is not installed", _module.Run(Test, ("Path", File)).Clean().Single().ToString(),
            StringComparison.Ordinal);

        // Stands in for the module of that name: it answers for one secret as the real one does.
        var vault = Directory.CreateDirectory(_temp.File("Microsoft.PowerShell.SecretManagement")).FullName;
        System.IO.File.WriteAllText(Path.Combine(vault, "Microsoft.PowerShell.SecretManagement.psm1"), """
            function Get-Secret {
                [CmdletBinding()] param([string] $Name, [string] $Vault, [switch] $AsPlainText)
                if ($Vault -eq 'Plant' -and $Name -eq 'WATS' -and $AsPlainText) { 'a-token-from-the-vault' }
                else { throw "The secret $Name was not found." }
            }
            """);
        using var module = new HostedModule();
        module.Run("param($Folder) Import-Module $Folder", ("Folder", vault)).Clean();
        Assert.Null(module.Run(Test, ("Path", File)).Clean().Single());
        System.IO.File.WriteAllText(File, """{ "wats": { "baseUrl": "https://wats.example", "token": "secret:Plant/Other" } }""");
        Assert.Contains("The secret Other was not found.", module.Run(Test, ("Path", File)).Clean().Single().ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Sites_and_time_zones_are_completed_from_what_is_known_here()
    {
        System.IO.File.WriteAllText(File, TwoSites);
        Assert.Equal(["Bergen", "Oslo"], Complete($"Get-VteWatsConfiguration -ConfigurationPath '{File}' -Site "));
        Assert.Equal(["Oslo"], Complete($"Get-VteWatsConfiguration -ConfigurationPath '{File}' -Site o"));
        Assert.Equal(["Europe/Oslo"], Complete("New-VteWatsConfiguration -TimeZone europe/os"));
        System.IO.File.WriteAllText(File, "{");
        Assert.Empty(Complete($"Get-VteWatsConfiguration -ConfigurationPath '{File}' -Site "));
    }

    private IEnumerable<string> Complete(string line) => _module.Run(
        "param($Line) (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText", ("Line", line)).Clean()
        .Where(c => c is not null).Select(c => c.ToString());

    private static IEnumerable<string> Keys(ConfigValue shape) => shape switch
    {
        ConfigObject known => known.Keys.SelectMany(key => Keys(key.Shape).Prepend(key.Name)),
        ConfigMap { Value: ConfigObject entry } => Keys(entry),
        _ => [],
    };

    private const string TwoSites = """
        {
          "sites": {
            "Oslo": { "connection": { "path": "a.db" }, "timeZone": "Europe/Oslo", "timestampIs": "start" },
            "Bergen": { "connection": { "connectionString": "Server=db", "userName": "vte", "password": "file:password.txt" },
                "timeZone": "Europe/Oslo", "timestampIs": "start" },
          },
          "wats": { "baseUrl": "https://wats.example", "token": "file:token.txt" },
        }
        """;
}

/// <summary>One engine for the tests of a class.</summary>
public sealed class HostedModuleFixture : IDisposable
{
    public HostedModule Module { get; } = new();

    public void Dispose() => Module.Dispose();
}
