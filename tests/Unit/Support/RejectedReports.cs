using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;

namespace VteWats.Unit.Support;

/// <summary>A place for refused reports that answers as a test says.</summary>
internal sealed class RejectedReports : IRejectedReports
{
    public Func<WatsReport, bool> Keep { get; init; } = static _ => true;
    public Action<WatsReport> Forget { get; init; } = static _ => { };

    public Task<bool> KeepAsync(WatsReport report, string findings, int attempts) => Task.FromResult(Keep(report));

    public Task ForgetAsync(WatsReport report)
    {
        Forget(report);
        return Task.CompletedTask;
    }

    public bool Holds(WatsReport report) => false;
}
