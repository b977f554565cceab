using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.Core.Vte;

namespace VteWats.Unit.Sync;

/// <summary>Runs, readings and bands for tests of the state.</summary>
internal static class SyncTestData
{
    public const string Source = "sqlserver:plant/VTE9_3";
    public const string Target = "https://wats.example.test";
    public static readonly SiteClock Oslo = SiteClock.For("Europe/Oslo");
    public static readonly DateTime Noon = new(2024, 6, 1, 12, 0, 0);

    public static VteTestRun Run(DateTime timestamp, string hash = "a", Guid? id = null) => new()
    {
        Id = id ?? Guid.NewGuid(),
        Site = "Oslo",
        Timestamp = timestamp,
        Start = Oslo.ToInstant(timestamp),
        ContentHash = hash,
    };

    public static VteTestRun At(int minutes, string hash = "a", Guid? id = null) => Run(Noon.AddMinutes(minutes), hash, id);

    /// <summary>A checkpoint at a watermark that nobody knows any run of.</summary>
    public static Checkpoint At(Watermark? watermark, string? folder = null, int minutes = 10, SiteClock? clock = null,
        string site = "Oslo") => new(
        folder ?? Path.Combine(Path.GetTempPath(), "vtewats-none"), site, watermark, new CheckpointOptions
        {
            Clock = clock ?? Oslo, GuardBand = TimeSpan.FromMinutes(minutes), InitialSince = DateTimeOffset.UnixEpoch, Target = Target,
        });

    /// <summary>A checkpoint at the watermark of a store.</summary>
    public static Checkpoint At(WatermarkStore store, int minutes = 10, SiteClock? clock = null) =>
        At(store.Load(), Path.GetDirectoryName(store.Path), minutes, clock);

    /// <summary>A checkpoint that begins at this instant.</summary>
    public static Checkpoint Begin(
        string folder, DateTimeOffset? since, Watermark? watermark = null, string site = "Oslo", string? target = null) => new(
        folder, site, watermark,
        new CheckpointOptions { Clock = Oslo, GuardBand = TimeSpan.FromMinutes(10), InitialSince = since, Target = target });

    /// <summary>The rows of the ledger.</summary>
    public static IReadOnlyDictionary<Guid, LedgerEntry> Rows(WatermarkStore store, string site = "Oslo") =>
        new Ledger(new StateDatabase(Path.GetDirectoryName(store.Path)!), site).Between(DateTime.MinValue, DateTime.MaxValue);

    /// <summary>Reads runs as a source does: the page is looked up, then each of them is admitted.</summary>
    public static List<VteTestRun> Admit(ReadSession session, IEnumerable<VteTestRun> runs)
    {
        var page = runs.OrderBy(run => run.Timestamp).ThenBy(run => run.Id).ToList();
        session.Checkpoint?.LookUp(page);
        return [.. page.Select(session.Admit).OfType<VteTestRun>()];
    }

    /// <summary>Reads these runs from the watermark on, acknowledges those that come out, and keeps the watermark.</summary>
    public static (IReadOnlyList<VteTestRun> Emitted, ReadSession Reading) Sync(WatermarkStore store, IEnumerable<VteTestRun> runs,
        int minutes = 10, bool force = false)
    {
        var reading = new ReadSession("Oslo", Source, At(store, minutes), resend: force);
        var emitted = Admit(reading, runs);
        foreach (var run in emitted) reading.Acknowledge(run.Mark!.Sequence, RunOutcome.Sent);
        store.Advance(reading, Target);
        return (emitted, reading);
    }
}
