using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Rules;

/// <summary>One rule of the WSJF test report.</summary>
/// <param name="Id">Stable id: <c>Wsjf</c>, the part of the report, the property, what is asked of it.</param>
/// <param name="Severity"><see cref="FindingSeverity.Error"/> or <see cref="FindingSeverity.Warning"/>.</param>
/// <param name="Requirement">What the rule asks, in a sentence.</param>
internal sealed record ReportRule(string Id, FindingSeverity Severity, string Requirement);
