using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using VteWats.Core.Diagnostics;
using VteWats.Unit.Support;

namespace VteWats.Unit.Diagnostics;

/// <summary>docs/errors.md against the error table in the code.</summary>
public class ErrorPageTests
{
    private static readonly IReadOnlyList<ErrorKind> Kinds =
        [.. typeof(ErrorKind).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetValue(null)).OfType<ErrorKind>()];

    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Every_error_has_its_section_and_no_section_is_without_its_error() =>
        Assert.Equal(Kinds.Select(k => k.Id).Order(StringComparer.Ordinal),
        Regex.Matches(Page, "^## (.+)$", RegexOptions.Multiline).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_section_says_category_weight_exit_code_meaning_and_what_to_do() => Assert.All(Kinds, kind =>
    {
        var section = Page.Split($"\n## {kind.Id}\n")[1].Split("\n## ")[0];
        var weight = kind.Terminates ? "ends the pipeline" : "for one run";
        Assert.StartsWith($"\n*{kind.Category}; {weight}; exit code {kind.ExitCode.ToString(CultureInfo.InvariantCulture)}*\n\n", section,
            StringComparison.Ordinal);
        Assert.Matches(@"\n\n[A-Z`].{20,}\n\n\*\*What to do\.\*\* .{20,}", section);
    });

    [Fact]
    public void The_table_of_exit_codes_names_every_error() => Assert.All(Kinds, kind =>
    {
        var row = Page.Split('\n')
            .Single(line => line.StartsWith(string.Create(CultureInfo.InvariantCulture, $"| {kind.ExitCode} |"), StringComparison.Ordinal));
        Assert.Contains($"[{kind.Id["VteWats.".Length..]}](#", row, StringComparison.Ordinal);
    });

    [Fact]
    public void Every_error_has_an_id_of_its_own_and_a_category_that_PowerShell_knows()
    {
        Assert.Equal(Kinds.Count, Kinds.Select(k => k.Id).Distinct().Count());
        Assert.All(Kinds, kind => Assert.True(Enum.IsDefined(Enum.Parse<ErrorCategory>(kind.Category))));
        // Only what may still go on may be told for one run and leave the sync with exit code 10.
        Assert.All(Kinds, kind => Assert.Equal(!kind.Terminates, kind.ExitCode == 10));
    }
}
