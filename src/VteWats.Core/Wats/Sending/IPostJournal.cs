using VteWats.Core.Vte;

namespace VteWats.Core.Wats.Sending;

/// <summary>Is told of reports before they are posted, so that it is known after a crash which of them may have arrived.</summary>
internal interface IPostJournal
{
    /// <summary>These reports are posted next. None of them is before this has ended; when it fails, the sending stops.</summary>
    /// <param name="batch">At most 40 reports, in input order, without those that are skipped.</param>
    Task PostingAsync(IReadOnlyList<WatsReport> batch);

    /// <summary>What became of a report that was posted is known: it is in no doubt any more.</summary>
    void Answered(WatsReport report, RunOutcome outcome);

    /// <summary>The sending has ended, however it did: what is known may be written down.</summary>
    Task EndAsync();
}
