using System.Collections.Concurrent;
using VteWats.Core.Sync.State;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;

namespace VteWats.Core.Sync.DeadLetters;

/// <summary>The dead letters of all sites whose reports pass, for a sender.</summary>
public sealed class DeadLetterSink(string stateFolder, DeadLetterLimits limits, TimeProvider? time = null) : IRejectedReports
{
    /// <summary>Where they are.</summary>
    public string StateFolder => stateFolder;

    private readonly ConcurrentDictionary<string, DeadLetterStore> _stores = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Puts a report away; false for one that came from a file, which is still there.</summary>
    public async Task<bool> KeepAsync(WatsReport report, WatsRejection rejection)
    {
        if (report.Source is not { } run) return false;
        var letter = DeadLetter.From(run, StageOf(rejection), rejection.Lines(), report) with { Attempts = rejection.Attempts };
        var store = StoreOf(run.Site);
        // A sync has told it; in a pipeline of cmdlets the run knows: a suspect is tried again when the mapping has changed.
        if (store.Mapping == 0 && run.Mark?.Session.Checkpoint is Checkpoint known) store.Mapping = known.Mapping;
        await store.WriteAsync(letter).ConfigureAwait(false);
        return true;
    }

    /// <summary>True when there is a letter of the report's run.</summary>
    public bool Holds(WatsReport report) =>
        report.Source is { } run ? StoreOf(run.Site).Has(run.Id)
        : report.Id is { } id && DeadLetterStore.SitesOf(stateFolder, id).Count > 0;

    /// <inheritdoc/>
    public bool HoldsSuspect(WatsReport report) => report.Source is { } run && StoreOf(run.Site).HasSuspect(run.Id);

    /// <summary>Removes the letter of a report that got through, if it holds the content that was sent.</summary>
    public async Task ForgetAsync(WatsReport report)
    {
        if (report.Source is { } run) await StoreOf(run.Site).RemoveSentAsync(run.Id, run.ContentHash).ConfigureAwait(false);
        else if (report.Id is { } id)
            foreach (var site in DeadLetterStore.SitesOf(stateFolder, id)) await StoreOf(site).RemoveAsync(id).ConfigureAwait(false);
    }

    internal static DeadLetterStage StageOf(WatsRejection rejection) =>
        rejection.Stage == RejectionStage.Suspect ? DeadLetterStage.Suspect : DeadLetterStage.Sending;

    /// <summary>The one store of a site.</summary>
    public DeadLetterStore StoreOf(string site) => _stores.GetOrAdd(site, name => new DeadLetterStore(stateFolder, name, limits, time));
}
