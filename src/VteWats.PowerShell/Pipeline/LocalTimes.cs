using System.Globalization;
using VteWats.Core.Time;

namespace VteWats.PowerShell.Pipeline;

/// <summary>Counts the local times of a site that are not one instant, from now on.</summary>
internal sealed class LocalTimes(SiteClock clock)
{
    private readonly long _ambiguous = clock.AmbiguousCount;
    private readonly long _missing = clock.InvalidCount;

    /// <summary>Those that occur twice: taken as the earlier instant.</summary>
    public long Ambiguous => clock.AmbiguousCount - _ambiguous;

    /// <summary>Those that never occur: taken with the offset before the gap.</summary>
    public long Missing => clock.InvalidCount - _missing;

    public string Summary => string.Create(
        CultureInfo.InvariantCulture, $"{Ambiguous} local times occur twice (taken as the earlier instant), {Missing} never occur (taken "
        + $"with the offset before the gap).");

    /// <summary>Warns of runs of the site whose time never occurs: then its time zone may be another one.</summary>
    public Task WarnAsync(string site, IPipelineWriter output) => WarnAsync(site, Missing, output);

    /// <inheritdoc cref="WarnAsync(string, IPipelineWriter)"/>
    public static Task WarnAsync(string site, long missing, IPipelineWriter output) =>
        missing == 0 ? Task.CompletedTask : output.WriteWarningAsync(string.Create(
            CultureInfo.InvariantCulture, $"{missing} test runs of '{site}' have a local time that never occurs, because clocks are set "
            + $"forward over it. Is the time zone of the site that of its test stations?"));
}
