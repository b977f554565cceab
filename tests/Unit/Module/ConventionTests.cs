using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using VteWats.Unit.Support;

namespace VteWats.Unit.Module;

/// <summary>What every cmdlet of the packaged module keeps to.</summary>
public sealed class ConventionTests : IDisposable
{
    /// <summary>Those that change something, and no others, ask before they do.</summary>
    private static readonly string[] Changing =
    [
        "Add-VteDeadLetter", "Add-VteWatsSite", "Compare-VteWatsSync", "Export-VteTestRun", "Export-VteWatsDiagnostic",
        "Export-VteWatsEvidence", "Export-WatsReport", "Initialize-VteWatsSite", "Invoke-VteWatsSync", "New-VteSampleDatabase",
        "New-VteWatsConfiguration", "Register-VteWatsTask", "Remove-VteDeadLetter", "Reset-VteWatermark", "Resume-VteTestRun",
            "Resume-VteWatsSync",
        "Send-VteDeadLetter", "Send-WatsReport", "Set-VteWatermark", "Show-WatsReport", "Start-VteWatsSync", "Suspend-VteTestRun",
            "Suspend-VteWatsSync",
        "Undo-VteWatermark", "Unregister-VteWatsTask",
    ];

    /// <summary>Those that cannot be taken back ask even without -Confirm.</summary>
    private static readonly string[] Final = ["Remove-VteDeadLetter", "Reset-VteWatermark"];

    private static readonly HashSet<string> ApprovedVerbs =
    [
        .. typeof(VerbsCommon).Assembly.GetExportedTypes()
            .Where(t => t.Namespace == typeof(VerbsCommon).Namespace && t.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static)).Select(f => f.GetValue(null)).OfType<string>(),
    ];

    private readonly HostedModule _module = new();
    private readonly IReadOnlyList<CmdletInfo> _cmdlets;

    public ConventionTests() =>
        _cmdlets = [.. _module.Run("Get-Command -Module VteWats").Clean().Select(c => (CmdletInfo)c.BaseObject)];

    public void Dispose() => _module.Dispose();

    [Fact]
    public void Verbs_are_approved_nouns_are_singular_and_say_which_side_they_belong_to() => Assert.All(_cmdlets, cmdlet =>
    {
        Assert.Contains(cmdlet.Verb, ApprovedVerbs);
        Assert.Matches("^(Vte|Wats|VteWats)[A-Z][A-Za-z]*([^s]|ss|us)$", cmdlet.Noun);
    });

    [Fact]
    public void Every_cmdlet_says_what_it_emits() => Assert.Empty(Names(_cmdlets.Where(c => c.OutputType.Count == 0)));

    [Fact]
    public void Exactly_the_changing_cmdlets_know_WhatIf_and_Confirm()
    {
        Assert.Equal(Changing.Intersect(Names(_cmdlets)), Names(_cmdlets.Where(c => c.Parameters.ContainsKey("WhatIf"))));
        Assert.Equal(Final.Intersect(Names(_cmdlets)), Names(_cmdlets.Where(c => Declared(c).ConfirmImpact == ConfirmImpact.High)));
    }

    [Fact]
    public void One_sealed_class_a_cmdlet_in_a_file_of_its_name() => Assert.All(_cmdlets, cmdlet =>
    {
        Assert.True(cmdlet.ImplementingType.IsSealed, cmdlet.Name);
        Assert.Equal($"{cmdlet.Verb}{cmdlet.Noun}Command", cmdlet.ImplementingType.Name);
        Assert.True(File.Exists(Path.Combine(Repository.Root, "src", "VteWats.PowerShell", "Commands",
            cmdlet.ImplementingType.Name + ".cs")), cmdlet.Name);
    });

    /// <summary>Configuration, site, server: the same thing has the same name and type in every cmdlet.</summary>
    [Fact]
    public void A_parameter_name_has_one_type_in_all_cmdlets_that_share_it()
    {
        string[] shared = ["ConfigurationPath", "ConnectionString", "DatabasePath", "Credential", "TimeZone", "BaseUrl", "Token",
            "TokenReference", "Proxy", "ProxyCredential"];
        Assert.All(shared, name => Assert.True(
            _cmdlets.Where(c => c.Parameters.ContainsKey(name)).Select(c => c.Parameters[name].ParameterType).Distinct().Count() <= 1,
            name));
    }

    [Fact]
    public void No_parameter_takes_a_secret_as_text() => Assert.All(_cmdlets, cmdlet => Assert.Empty(
        cmdlet.Parameters.Values.Where(p => p.ParameterType == typeof(string) && Regex.IsMatch(p.Name, "(Password|Token|Secret|Key)$"))
        .Select(p => p.Name)));

    private static CmdletAttribute Declared(CmdletInfo cmdlet) => cmdlet.ImplementingType.GetCustomAttribute<CmdletAttribute>()!;

    private static IEnumerable<string> Names(IEnumerable<CmdletInfo> cmdlets) => cmdlets.Select(c => c.Name).Order(StringComparer.Ordinal);
}
