using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.Core.Time;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>Times that users give: local to the site, unless they bear a kind or an offset.</summary>
internal static class GivenTime
{
    /// <summary>What was given, out of the wrapper that PowerShell puts around it.</summary>
    [return: NotNullIfNotNull(nameof(given))]
    public static object? Plain(object? given) => given is PSObject wrapped ? wrapped.BaseObject : given;

    /// <summary>The instant that is meant; a local time that is not one instant is warned of.</summary>
    /// <exception cref="VteWatsException"><c>InvalidArgument</c>: not a valid time.</exception>
    public static async Task<DateTimeOffset> ToInstantAsync(object given, string parameter, SiteClock clock, IPipelineWriter output)
    {
        var times = new LocalTimes(clock);
        var instant = SiteTime.ToInstant(Plain(given), clock);
        var why = times.Ambiguous > 0 ? "occurs twice, because clocks are set back; it is taken as the earlier instant"
            : times.Missing > 0 ? "never occurs, because clocks are set forward over it; it is taken with the offset before that" : null;
        if (why is not null)
        {
            await output.WriteWarningAsync(string.Create(CultureInfo.InvariantCulture,
                $"-{parameter} {Plain(given):yyyy-MM-dd HH:mm:ss} {why}: {instant:yyyy-MM-dd HH:mm:ss zzz}. "
                + $"An instant with its offset says which one is meant.")).ConfigureAwait(false);
        }
        return instant;
    }
}
