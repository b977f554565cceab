using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace VteWats.PowerShell.Completion;

/// <summary>The verdicts of a test run.</summary>
public sealed class ResultCompleter : IArgumentCompleter
{
    private static readonly string[] Verdicts = ["Passed", "Failed", "Error", "Terminated"];

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Matching(wordToComplete, Verdicts);
}
