using VteWats.Core.Diagnostics;

namespace VteWats.Core.Configuration;

/// <summary>One thing that is wrong with a configuration.</summary>
/// <param name="Severity"><c>Error</c>: the file cannot be used; <c>Warning</c>: it can, but something it points to is not there
/// now.</param>
/// <param name="Path">Where, as JSON path: <c>$.sites.Oslo.timeZone</c>.</param>
/// <param name="Message">What is wrong and what to write instead. Never holds a value that may be a secret.</param>
public sealed record ConfigurationFinding(FindingSeverity Severity, string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}
