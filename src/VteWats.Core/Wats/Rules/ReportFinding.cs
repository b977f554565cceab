using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Rules;

/// <summary>Something that a rule found in a report.</summary>
/// <param name="RuleId">Stable id of the rule, e.g. <c>Wsjf.Header.sn.Length</c>.</param>
/// <param name="Severity"><c>Error</c>: WATS refuses the report. <c>Warning</c>: WATS takes it, but not as it was meant.</param>
/// <param name="Path">Path in the server's form: <c>root -&gt; step NAME</c>; <c>report</c> for the header.</param>
/// <param name="Message">The finding in words.</param>
public sealed record ReportFinding(string RuleId, FindingSeverity Severity, string Path, string Message)
{
    /// <summary>Id of the report or path of its file, where several are judged.</summary>
    public string? Report { get; init; }

    /// <summary>The line as the server writes it.</summary>
    public override string ToString() => $"{Path}: {Message}";
}
