using System.Text;

namespace VteWats.Core.Wats.Rules;

/// <summary>The list of rules as a page of the documentation, so that there is no second list written by hand.</summary>
internal static class RulesPage
{
    /// <summary>Markdown of <c>docs/report-rules.md</c>, lines ended by a line feed.</summary>
    public static string Text()
    {
        var page = new StringBuilder();
        page.Append("# Rules of a WSJF test report\n\n");
        page.Append("`Test-WatsReport` validates by these rules, and so do the tests of the mapping and the sandbox server. An *Error* is "
            + "refused by WATS (400);\n");
        page.Append("a *Warning* is taken, but not as it was meant. This page is generated from the rule set.\n");
        foreach (var part in ReportRules.All.GroupBy(r => r.Id.Split('.')[1]))
        {
            page.Append("\n## ").Append(part.Key).Append("\n\n| rule | severity | what is asked |\n| --- | --- | --- |\n");
            foreach (var rule in part)
                page.Append("| `").Append(rule.Id).Append("` | ").Append(rule.Severity).Append(" | ")
                    .Append(rule.Requirement.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
        }
        return page.ToString();
    }
}
