namespace VteWats.Unit.Pester;

/// <summary>How a Pester test ended. <see cref="State"/> is Pester's word: Passed, Skipped, Failed, Inconclusive or NotRun.</summary>
public sealed record PesterResult(string Name, string State, double Seconds, string Message, string Place)
{
    public bool Passed => State == "Passed";
    public bool Skipped => State == "Skipped";

    public static PesterResult Failed(string name, string message) => new(name, "Failed", 0, message, "");
}
