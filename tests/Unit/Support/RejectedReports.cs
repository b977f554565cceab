using System.Collections.Concurrent;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;

namespace VteWats.Unit.Support;

/// <summary>A place for refused reports that answers as a test says.</summary>
internal sealed class RejectedReports : IRejectedReports
{
    private readonly ConcurrentDictionary<Guid, WatsRejection> _kept = new();

    /// <summary>What was kept, by the id of the report.</summary>
    public IReadOnlyDictionary<Guid, WatsRejection> Kept => _kept;

    public Func<WatsReport, bool> Keep { get; init; } = static _ => true;
    public Action<WatsReport> Forget { get; init; } = static _ => { };

    public Task<bool> KeepAsync(WatsReport report, WatsRejection rejection)
    {
        _kept[report.Id!.Value] = rejection;
        return Task.FromResult(Keep(report));
    }

    public Task ForgetAsync(WatsReport report)
    {
        Forget(report);
        return Task.CompletedTask;
    }

    public bool Holds(WatsReport report) => false;

    /// <summary>Those that were put away before because they alone did not get through.</summary>
    public HashSet<Guid> Suspects { get; init; } = [];

    public bool HoldsSuspect(WatsReport report) => Suspects.Contains(report.Id!.Value);
}
