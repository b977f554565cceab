using VteWats.Core.Sync.DeadLetters;

namespace VteWats.Unit.Support;

/// <summary>The dead letters of a state folder, of all sites.</summary>
internal static class Letters
{
    public static IReadOnlyList<DeadLetter> In(string stateFolder) =>
        [.. DeadLetterStore.SitesWithLetters(stateFolder)
        .SelectMany(site => new DeadLetterStore(stateFolder, site).ReadAsync().ToBlockingEnumerable())];
}
