using VteWats.Core.Vte;

namespace VteWats.Core.Sync.State;

/// <summary>What is written down once all that a reading brought is acknowledged: a census whose finds were not sent must be made
/// again.</summary>
internal sealed class WhenWhole
{
    private readonly List<ReadSession> _sessions = [];
    private readonly Dictionary<string, DateTimeOffset> _timers = [];

    public void Add(ReadSession session)
    {
        lock (_sessions) _sessions.Add(session);
    }

    public void Add(string timer, DateTimeOffset at)
    {
        lock (_sessions) _timers[timer] = at;
    }

    public void Keep(Timers timers, SyncLease? lease)
    {
        lock (_sessions)
        {
            if (!_sessions.TrueForAll(session => session.AcknowledgedPrefix == session.Admitted)) return;
            foreach (var (name, at) in _timers) timers.Set(lease, name, at);
            _timers.Clear();
        }
    }
}
