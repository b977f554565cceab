namespace VteWats.Unit.Pester;

/// <summary>How a Pester test ended. <see cref="State"/> is Pester's word: Passed, Skipped, Failed, Inconclusive or NotRun.</summary>
public sealed record PesterResult(string Name, string State, double Seconds, string Message, string Place)
{
    public bool Passed => State == "Passed";
    public bool Skipped => State == "Skipped";
    public bool Failed => !Passed && !Skipped;

    public static PesterResult Failure(string name, string message) => new(name, "Failed", 0, message, "");
}
