using VteWats.Core.Operating;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Unit.Sync;

namespace VteWats.Unit.Operating;

/// <summary>Syncs of a rig that write their status down.</summary>
internal static class OperatingRig
{
    /// <summary>One sync, its status, and what could not be written of it.</summary>
    public static async Task<(SyncSummary Summary, SiteStatus Status, SyncRecorder Recorder)> RecordAsync(
        this SyncRig rig, Func<SyncServices, SyncServices>? change = null, SyncRequest? request = null,
            Action<SiteStatus>? onWritten = null)
    {
        request ??= new SyncRequest { InitialSince = DateTimeOffset.UnixEpoch };
        var parts = rig.Parts(request);
        var recorder = new SyncRecorder(change?.Invoke(parts) ?? parts, request, new SyncTally { WantsTotal = true })
        {
            OnWritten = onWritten,
        };
        var summary = await recorder.RunAsync(CancellationToken.None);
        return (summary, rig.Status(), recorder);
    }

    public static SiteStatus Status(this SyncRig rig) => new StatusStore(rig.State, rig.Site.Name).Read(rig.Time.GetUtcNow());

    public static SiteHealth Health(this SyncRig rig, HealthMeasure? measure = null) =>
        new HealthEvaluator(rig.State, measure ?? new HealthMeasure(), rig.Time).Evaluate(rig.Site.Name);

    /// <summary>Names of the reasons why it is not healthy.</summary>
    public static IEnumerable<string> Conditions(this SiteHealth health) => health.Reasons.Select(reason => reason.Condition);
}
