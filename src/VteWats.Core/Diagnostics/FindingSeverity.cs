namespace VteWats.Core.Diagnostics;

/// <summary>How much a finding weighs.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know.</summary>
    Information,

    /// <summary>It works, but not as somebody would expect.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Error,
}
