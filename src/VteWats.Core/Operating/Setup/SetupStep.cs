namespace VteWats.Core.Operating.Setup;

/// <summary>How a step of the chain came out.</summary>
public enum SetupState
{
    Passed,

    /// <summary>A sync works, and somebody should look at it.</summary>
    Warning,

    /// <summary>A sync does not work.</summary>
    Failed,

    /// <summary>It could not be tried, because an earlier one failed.</summary>
    Skipped,
}

/// <summary>One step of the chain from the configuration to WATS.</summary>
/// <param name="Step">Name of the step.</param>
/// <param name="Site">The site; null where it is about none.</param>
/// <param name="State">How it came out.</param>
/// <param name="Message">What was seen.</param>
/// <param name="Advice">What to do; empty where nothing is to be done.</param>
public sealed record SetupStep(string Step, string? Site, SetupState State, string Message, string Advice = "")
{
    /// <summary>The step that a failure makes of it.</summary>
    public static SetupStep From(string step, string? site, Diagnostics.VteWatsException failure, SetupState state = SetupState.Failed) =>
        new(step, site, state, failure.Message, failure.Advice);
}
