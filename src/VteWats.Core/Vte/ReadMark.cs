namespace VteWats.Core.Vte;

/// <summary>The place of a run in the read session that brought it.</summary>
/// <param name="Session">The read session.</param>
/// <param name="Sequence">Number of the run in it, from 0.</param>
public sealed record ReadMark(ReadSession Session, long Sequence)
{
    /// <summary>The run is where it cannot be lost.</summary>
    public void Acknowledge(RunOutcome outcome) => Session.Acknowledge(Sequence, outcome);
}
