using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace VteWats.PowerShell.Completion;

/// <summary>Ids of the time zones that this system knows.</summary>
public sealed class TimeZoneCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Matching(wordToComplete, TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id));
}
