using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Sync;

/// <summary>Counts of a sync that is under way. May be read by another thread at any time.</summary>
public sealed class SyncTally
{
    private long _read, _uploaded, _present, _would, _failed, _suspects, _unmappable, _readTicks, _mapTicks;

    internal SyncFindings Findings { get; } = new();

    /// <summary>Set when somebody shows a remaining time: the matching runs are counted first.</summary>
    public bool WantsTotal { get; init; }

    /// <summary>Runs that match; null when they were not counted.</summary>
    public long? Total { get; internal set; }

    /// <summary>What is read, once it has begun.</summary>
    internal SyncPosition? Position { get; set; }

    /// <summary>When each stage was tried, and when it succeeded.</summary>
    internal SyncStages Stages { get; } = new();

    /// <summary>A number that changes as long as the sync moves: with each page, each report and each answer.</summary>
    public long Movement => Stages.LastMovement;

    /// <summary>What the sync waits for at the moment; null where it does not.</summary>
    public string? WaitsFor => Stages.WaitsFor(Stages.Current);

    /// <summary>What the source held when it began; null where nobody could look.</summary>
    internal SourceStanding? Standing { get; set; }

    /// <summary>Acknowledged before and changed since.</summary>
    public long Changed => Position?.Counts.Changed ?? 0;

    /// <summary>Acknowledged before with the same content, and passed over.</summary>
    public long Known => Position?.Counts.Known ?? 0;

    public long Read => Interlocked.Read(ref _read);
    public long Uploaded => Interlocked.Read(ref _uploaded);
    public long AlreadyInWats => Interlocked.Read(ref _present);
    public long WouldUpload => Interlocked.Read(ref _would);
    public long DeadLetters => Interlocked.Read(ref _failed) + Interlocked.Read(ref _unmappable);

    /// <summary>Runs that are done one way or another.</summary>
    public long Done => Uploaded + AlreadyInWats + WouldUpload + DeadLetters;

    internal void CountRead() => Interlocked.Increment(ref _read);
    internal void CountUnmappable(VteWatsException error, Guid run)
    {
        Interlocked.Increment(ref _unmappable);
        Findings.Add(DeadLetterStage.Mapping, error.Findings.Count > 0 ? error.Findings[0] : error.Message, run);
    }

    internal void CountUnreadable(UnreadableRun run)
    {
        CountRead();
        Interlocked.Increment(ref _unmappable);
        Findings.Add(DeadLetterStage.Reading, run.Reason, run.Id);
    }

    internal void AddReadTime(TimeSpan time) => Interlocked.Add(ref _readTicks, time.Ticks);
    internal void AddMapTime(TimeSpan time) => Interlocked.Add(ref _mapTicks, time.Ticks);

    internal void Count(WatsReceipt receipt)
    {
        switch (receipt.State)
        {
            case WatsReceiptState.Uploaded: Interlocked.Increment(ref _uploaded); break;
            case WatsReceiptState.Skipped: Interlocked.Increment(ref _present); break;
            case WatsReceiptState.WouldUpload: Interlocked.Increment(ref _would); break;
            default:
                Interlocked.Increment(ref _failed);
                if (receipt.Stage == RejectionStage.Suspect) Interlocked.Increment(ref _suspects);
                Findings.Add(receipt.Stage == RejectionStage.Suspect ? DeadLetterStage.Suspect
                    : DeadLetterStage.Sending, receipt.Reason, receipt.RunId);
                break;
        }
    }

    internal SyncSummary Summary(string site, SyncPosition? position)
    {
        var counts = position?.Counts ?? new ReadCounts();
        var remapped = position as RemappedPosition;
        return new SyncSummary
        {
            Site = site,
            Read = Read + counts.Known + counts.Held + (remapped?.Alike ?? 0),
            Remapped = remapped?.Different ?? 0,
            Unaffected = remapped?.Alike ?? 0,
            Uploaded = Uploaded,
            AlreadyInWats = AlreadyInWats,
            WouldUpload = WouldUpload,
            DeadLetters = DeadLetters,
            Suspects = Interlocked.Read(ref _suspects),
            Known = counts.Known,
            Changed = counts.Changed,
            Late = counts.Late,
            MostLate = counts.MostLate,
            Held = counts.Held,
            Findings = Findings.All,
            CensusHours = position?.Census?.Hours ?? 0,
            CensusDiffering = position?.Census?.Differing ?? 0,
            GoneFromVte = position?.Census?.Gone ?? 0,
            ReadTime = TimeSpan.FromTicks(Interlocked.Read(ref _readTicks)),
            MapTime = TimeSpan.FromTicks(Interlocked.Read(ref _mapTicks)),
        };
    }
}
