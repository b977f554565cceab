using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;

namespace VteWats.Core.Sync;

/// <summary>How the line of cmdlets sends: with the same parts as a sync.</summary>
public static class LineSending
{
    /// <summary>Posts are written down before they are made, and a report that ends several lines alone is remembered.</summary>
    /// <param name="wats">Limits of the sender.</param>
    /// <param name="letters">The dead letters; null where there is no state folder.</param>
    public static SendOptions Options(WatsOptions wats, DeadLetterSink? letters) => SendOptions.From(wats) with
    {
        Rejected = letters,
        BeforePost = new PostJournal { Settles = true },
        SuspectHistory = letters is null ? null : new SuspectHistory(letters.StateFolder),
    };
}
