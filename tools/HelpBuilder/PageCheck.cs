using System.Management.Automation;
using System.Management.Automation.Language;

namespace VteWats.HelpBuilder;

/// <summary>Whether a page tells what a user needs, and nothing that the cmdlet does not have.</summary>
internal static class PageCheck
{
    public static void Validate(HelpPage page, CmdletInfo? cmdlet, List<Finding> findings)
    {
        if (cmdlet is null)
        {
            Complain(1, $"The module has no cmdlet {page.Name}.");
            return;
        }
        if (page.Synopsis.Count != 1) Complain(1, "'## Synopsis' must hold one paragraph.");
        if (page.Description.Count == 0) Complain(1, "'## Description' is missing.");
        if (page.Examples.Count < 2) Complain(1, "A page needs two examples at least.");
        var own = ModuleCmdlets.OwnParameters(cmdlet).Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var name in own)
        {
            if (!page.Parameters.TryGetValue(name, out var text)) Complain(1, $"Parameter -{name} is not described.");
            else if (text.Text.Count == 0) Complain(text.Line, $"The description of -{name} is empty.");
        }
        foreach (var (name, text) in page.Parameters)
        {
            if (!cmdlet.Parameters.ContainsKey(name)) Complain(text.Line, $"The cmdlet has no parameter -{name}.");
        }
        foreach (var example in page.Examples)
        {
            Parser.ParseInput(example.Code, out _, out var errors);
            foreach (var error in errors) Complain(example.Line, $"Example '{example.Title}': {error.Message}");
        }

        void Complain(int line, string message) => findings.Add(new Finding(page.Path, line, message));
    }
}
