using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;

namespace VteWats.PowerShell.Completion;

/// <summary>Names of the sites in the configuration file. A file that is missing or wrong completes nothing: the cmdlet will say
/// why.</summary>
public sealed class SiteCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var file = ConfigurationFile.Find(fakeBoundParameters["ConfigurationPath"]?.ToString());
            return file is null ? [] : Completions.Matching(wordToComplete, ConfigurationFile.Load(file).Sites.Keys);
        }
        catch (VteWatsException)
        {
            return [];
        }
    }
}
