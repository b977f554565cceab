using VteWats.Core.Diagnostics;

namespace VteWats.Core.Operating.Alerts;

/// <summary>
/// Makes incidents of what is wrong now, and messages of what people must be told: each incident once, again after a while, and once more
/// when it is over. Incidents of one condition go together.
/// </summary>
internal sealed class IncidentRound(IncidentStore store, AlertOptions options, IReadOnlyCollection<string> channels)
{
    // Of a site that nobody judges any more nothing is told.
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(7);

    private readonly TimeSpan _wait = TimeSpan.FromMinutes(options.WaitMinutes);
    private readonly TimeSpan _remind = TimeSpan.FromHours(options.RemindHours);

    /// <exception cref="VteWatsException">The state cannot be written.</exception>
    /// <returns>What is to be told; it waits in the outbox.</returns>
    public IReadOnlyList<AlertMessage> Run(IReadOnlyList<SiteHealth> health, DateTimeOffset now) => store.Change(now, channels, known =>
    {
        var after = Judged(known, health, now).ToDictionary(incident => incident.Id);
        var messages = new List<AlertMessage>();
        var open = after.Values.Where(incident => incident.ResolvedAt is null).ToList();
        var explained = open.Where(incident => Inhibition.IsExplained(incident, open)).Select(incident => incident.Id).ToHashSet();
        // It waits anew when what explains it is over.
        foreach (var incident in open.Where(incident => incident.ToldAt is null))
        {
            if (explained.Contains(incident.Id)) after[incident.Id] = incident with { WaitsSince = DateTimeOffset.MaxValue };
            else if (incident.WaitsSince == DateTimeOffset.MaxValue) after[incident.Id] = incident with { WaitsSince = now };
        }
        var speaking = open.Select(incident => after[incident.Id]).Where(incident => !explained.Contains(incident.Id)).ToList();

        foreach (var group in Groups(speaking.Where(incident => incident.ToldAt is null)))
            if (group.Min(incident => incident.WaitsSince) + _wait <= now)
                Tell(AlertKind.Alert, group, incident => incident with { ToldAt = now });
        foreach (var group in Groups(speaking.Where(incident => incident.ToldAt is not null)))
            if (group.Min(incident => incident.RemindedAt ?? incident.ToldAt) + _remind <= now)
                Tell(AlertKind.Reminder, group, incident => incident with { RemindedAt = now });
        var ended = after.Values.Where(incident => incident is { ResolvedAt: not null, ToldAt: not null, EndToldAt: null });
        foreach (var group in Groups(ended.ToList()))
        {
            // Forty sites that come back one after the other are one message, too.
            var others = open.Any(incident => incident.Condition == group[0].Condition && incident.ToldAt is not null);
            if (!others || group.Min(incident => incident.ResolvedAt) + _wait <= now)
                Tell(AlertKind.Resolved, group, incident => incident with { EndToldAt = now });
        }
        return ([.. after.Values.Where(incident => !known.Contains(incident))], messages);

        void Tell(AlertKind kind, IReadOnlyList<Incident> group, Func<Incident, Incident> told)
        {
            messages.Add(AlertMessage.Of(kind, group, now));
            foreach (var incident in group) after[incident.Id] = told(incident);
        }
    });

    private static IEnumerable<List<Incident>> Groups(IEnumerable<Incident> incidents) =>
        incidents.GroupBy(incident => incident.Condition).Select(group => group.ToList());

    private static IEnumerable<Incident> Judged(IReadOnlyList<Incident> known, IReadOnlyList<SiteHealth> health, DateTimeOffset now)
    {
        var wrong = health.SelectMany(site => site.Reasons.Where(reason => !Inhibition.IsNoAlert(reason.Condition))
            .Select(reason => (site.Site, Reason: reason))).ToList();
        var judged = health.ToDictionary(site => site.Site, StringComparer.OrdinalIgnoreCase);
        foreach (var incident in known)
        {
            var at = wrong.FindIndex(one => Is(incident, one.Site, one.Reason));
            if (at >= 0)
            {
                // One that comes back before its end was told never ended.
                var reason = wrong[at].Reason;
                yield return incident with
                {
                    State = reason.State,
                    Message = reason.Message,
                    Advice = reason.Advice,
                    SeenAt = now,
                    ResolvedAt = null,
                };
                wrong.RemoveAt(at);
            }
            else if (incident.ResolvedAt is not null) yield return incident;
            else if (judged.TryGetValue(incident.Site, out var site)) yield return Ended(incident, site, now);
            else yield return now - incident.SeenAt > Forgotten ? incident with { ResolvedAt = now, EndToldAt = now } : incident;
        }
        foreach (var (site, reason) in wrong) yield return new Incident
        {
            Id = Guid.NewGuid().ToString("N"), Site = site, Condition = reason.Condition, State = reason.State, Message = reason.Message,
            Advice = reason.Advice, OpenedAt = now, WaitsSince = now, SeenAt = now,
        };
    }

    // A site that cannot be judged, or by something else only, has not got well.
    private static Incident Ended(Incident incident, SiteHealth site, DateTimeOffset now) =>
        site.Status is null || site.Status.Suspended is not null && Inhibition.IsOpenWhileSuspended(incident.Condition)
        ? incident : incident with { ResolvedAt = now };

    private static bool Is(Incident incident, string site, HealthReason reason) => incident.Condition == reason.Condition
        && string.Equals(incident.Site, site, StringComparison.OrdinalIgnoreCase);
}
