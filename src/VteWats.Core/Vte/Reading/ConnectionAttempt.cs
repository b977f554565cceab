namespace VteWats.Core.Vte.Reading;

/// <summary>An attempt to reach a database.</summary>
/// <param name="Target">Server and database, or file.</param>
/// <param name="Failure">What came of it, in plain words; null while it is under way.</param>
public sealed record ConnectionAttempt(string Target, string? Failure)
{
    /// <inheritdoc/>
    public override string ToString() => Failure is null ? $"Connecting to {Target}." : $"No connection: {Failure}";
}
