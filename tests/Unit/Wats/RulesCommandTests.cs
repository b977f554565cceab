using System.Text;
using VteWats.Core.Wats.Rules;
using VteWats.Unit.Sandbox;
using VteWats.Unit.Support;

namespace VteWats.Unit.Wats;

/// <summary>Test-, Export-, Import- and Show-WatsReport of the packaged module, in a real engine.</summary>
public sealed class RulesCommandTests : IClassFixture<RulesCommandTests.Module>, IDisposable
{
    private static readonly Guid Id = Guid.Parse("6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001");
    private readonly HostedModule _module;
    private readonly TempFolder _temp = new();

    public RulesCommandTests(Module module)
    {
        _module = module.Engine;
        File.WriteAllText(_temp.File("good.wsjf"), SampleReport.New(Id).ToJsonString());
        var bad = SampleReport.New(Guid.NewGuid());
        bad["sn"] = "";
        bad.At("root.steps[0]")["status"] = "P";
        File.WriteAllText(_temp.File("bad.wsjf"), bad.ToJsonString());
        File.WriteAllText(_temp.File("broken.wsjf"), "{\"type\":");
    }

    public void Dispose() => _temp.Dispose();

    public sealed class Module : IDisposable
    {
        public HostedModule Engine { get; } = new();
        public void Dispose() => Engine.Dispose();
    }

    private ScriptResult Run(string script) => _module.Run("param($Folder) " + script, ("Folder", _temp.Path));

    [Fact]
    public void A_folder_stands_for_the_reports_in_it_and_a_path_that_is_not_there_is_told()
    {
        var result = Run("Import-WatsReport -Path $Folder");
        Assert.Contains(result.Output, o => ((Core.Wats.WatsReport)o.BaseObject).Id == Id);
        Assert.Contains("broken.wsjf", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        Assert.Single(Run("Import-WatsReport -Path $Folder/none.wsjf").Errors);
    }

    [Fact]
    public void A_faultless_report_has_no_finding() => Assert.Empty(Run("Import-WatsReport $Folder/good.wsjf | Test-WatsReport").Clean());

    [Fact]
    public void Findings_of_a_typed_report_bear_its_id()
    {
        var findings = Run("Import-WatsReport $Folder/bad.wsjf | Test-WatsReport").Clean();
        Assert.Equal(["Wsjf.Header.sn.Required", "Wsjf.Step.status.Measurement"],
            findings.Select(f => (string)f.Properties["RuleId"].Value));
        Assert.Equal("root -> step Idle current", findings[1].Properties["Path"].Value);
        Assert.All(findings, f => Assert.True(Guid.TryParse((string)f.Properties["Report"].Value, out _)));
    }

    [Fact]
    public void Files_are_judged_by_wildcard_and_named_in_the_findings()
    {
        var findings = Run("Test-WatsReport -Path $Folder/*.wsjf").Clean();
        Assert.Equal([_temp.File("bad.wsjf"), _temp.File("broken.wsjf")],
            findings.Select(f => (string)f.Properties["Report"].Value).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(findings, f => (string)f.Properties["RuleId"].Value == "Wsjf.Report.Type");
    }

    [Fact]
    public void Quiet_gives_one_answer_a_report()
    {
        var answers = Run("Test-WatsReport -Path $Folder/good.wsjf, $Folder/bad.wsjf -Quiet").Clean();
        Assert.Equal([true, false], answers.Select(a => (bool)a.BaseObject));
    }

    [Fact]
    public void A_text_is_judged() =>
        Assert.Contains(Run("'{\"type\":\"T\"}' | Test-WatsReport")
        .Clean(), f => (string)f.Properties["RuleId"].Value == "Wsjf.Header.sn.Required");

    [Fact]
    public void A_thing_that_is_no_report_and_a_path_that_names_nothing_are_errors_that_do_not_stop()
    {
        var result = Run("5 | Test-WatsReport; Test-WatsReport -Path $Folder/none.wsjf; Import-WatsReport $Folder/broken.wsjf, "
            + "$Folder/good.wsjf");
        Assert.Null(result.Thrown);
        Assert.Equal(3, result.Errors.Count);
        Assert.StartsWith("VteWats.WatsReportInvalid", result.Errors[0].FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("VteWats.PathNotFound", result.Errors[1].FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(_temp.File("broken.wsjf"), result.Errors[2].TargetObject);
        Assert.NotEmpty(result.Errors[2].ErrorDetails.RecommendedAction);
        Assert.Single(result.Output);
    }

    [Fact]
    public void Export_names_the_file_by_the_run_and_import_reads_it_back()
    {
        var files = Run("Import-WatsReport $Folder/good.wsjf | Export-WatsReport -Path $Folder/out/deep").Clean();
        var file = Assert.IsType<FileInfo>(Assert.Single(files).BaseObject);
        Assert.Equal(Path.Combine(_temp.Path, "out", "deep", Id + ".wsjf"), file.FullName);
        Assert.Equal([], ReportRules.Validate(File.ReadAllBytes(file.FullName)));
        var back = Run($"Import-WatsReport $Folder/out/deep/{Id}.wsjf").Clean();
        Assert.Equal(Id, back[0].Properties["Id"].Value);
        Assert.Equal([file.FullName], Directory.GetFiles(file.DirectoryName!));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        Assert.Empty(Run("Import-WatsReport $Folder/good.wsjf | Export-WatsReport -Path $Folder/out -WhatIf; Import-WatsReport "
            + "$Folder/good.wsjf | Show-WatsReport $Folder/page.html -WhatIf").Clean());
        Assert.False(Directory.Exists(_temp.File("out")));
        Assert.False(File.Exists(_temp.File("page.html")));
    }

    [Fact]
    public void Show_writes_one_page_of_all_reports()
    {
        var file = Assert.Single(Run("Import-WatsReport $Folder/good.wsjf, $Folder/bad.wsjf | Show-WatsReport $Folder/page.html").Clean());
        var html = File.ReadAllText(((FileInfo)file.BaseObject).FullName, Encoding.UTF8);
        Assert.Contains("2 test reports", html, StringComparison.Ordinal);
        Assert.Contains("Idle current", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_as_html_writes_a_page_a_run()
    {
        Run("Import-WatsReport $Folder/good.wsjf | Export-WatsReport -Path $Folder/pages -As Html").Clean();
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(Path.Combine(_temp.Path, "pages", Id + ".html")), StringComparison.Ordinal);
    }
}
