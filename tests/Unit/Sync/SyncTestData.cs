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

    public static GuardBand Band(Watermark? watermark, int minutes = 10, SiteClock? clock = null) =>
        new("Oslo", watermark, DateTimeOffset.UnixEpoch, clock ?? Oslo, TimeSpan.FromMinutes(minutes), Target);

    /// <summary>Reads these runs from the watermark on, acknowledges those that come out, and keeps the watermark.</summary>
    public static (IReadOnlyList<VteTestRun> Emitted, ReadSession Reading) Sync(WatermarkStore store, IEnumerable<VteTestRun> runs,
        int minutes = 10, bool force = false)
    {
        var reading = new ReadSession("Oslo", Source, Band(store.Load(), minutes), resend: force);
        var emitted = runs.OrderBy(run => run.Timestamp).ThenBy(run => run.Id).Select(reading.Admit).OfType<VteTestRun>().ToList();
        foreach (var run in emitted) reading.Acknowledge(run.Mark!.Sequence);
        store.Advance(reading, Target);
        return (emitted, reading);
    }
}
