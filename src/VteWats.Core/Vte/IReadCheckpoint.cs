using VteWats.Core.Diagnostics;

namespace VteWats.Core.Vte;

/// <summary>
/// What is known of a site before its runs are read: where to begin, and which runs are done. The reader asks it about every run; whoever
/// keeps the state answers.
/// </summary>
public interface IReadCheckpoint
{
    /// <summary>From where to read. May lie further back after <see cref="EnsureFits"/>.</summary>
    DateTimeOffset ReadFrom { get; }

    /// <summary>True when only a reading that leaves no run out may use it: it moves the watermark.</summary>
    bool Moves { get; }

    /// <summary>To be called before the first run, with the source that is about to be read.</summary>
    /// <param name="site">Name of the site that is read.</param>
    /// <param name="sourceIdentity">Which server and database.</param>
    /// <param name="sourceNow">The source's own clock.</param>
    /// <exception cref="VteWatsException"><c>StateForeign</c>: it belongs to another site, server or database.</exception>
    void EnsureFits(string site, string sourceIdentity, DateTimeOffset sourceNow);

    /// <summary>A read session has begun at it.</summary>
    void Began(ReadSession session);

    /// <summary>To be called with the runs of a page before they are classified one by one.</summary>
    void LookUp(IReadOnlyCollection<VteTestRun> page);

    /// <summary>What is known of a run of the page that was looked up last. Called once for each run, in the order of reading.</summary>
    RunClassification Classify(VteTestRun run);
}
