using System.Globalization;
using System.Runtime.CompilerServices;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Client;

/// <summary>
/// All headers that a filter matches in a stretch of time. No page is turned: a stretch with more headers than one answer holds is halved
/// until each half fits, so that it is no matter whether a server knows <c>$skip</c>, or how many headers it gives at most.
/// </summary>
/// <param name="Filter">OData filter, without the time.</param>
/// <param name="Select">Fields that are wanted, with commas between; <c>uuid</c> and <c>start</c> must be among them.</param>
internal sealed record HeaderWindows(string Filter, string Select)
{
    // What a server gives that was not asked for a number: no answer is cut below it.
    private const int LeastCap = 10;

    /// <summary>Headers of an answer; WATS gives at most 10,000.</summary>
    public int Most { get; init; } = 2000;

    /// <param name="client">The client.</param>
    /// <param name="from">First start, inclusive.</param>
    /// <param name="to">Last start, exclusive.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="VteWatsException"><c>WatsNotWats</c>: there are more reports of one instant than the server gives at
    /// once.</exception>
    public async IAsyncEnumerable<WatsReportHeader> ReadAsync(
        WatsClient client, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken ct)
    {
        // An answer with fewer headers than one that was whole is whole, too.
        var whole = LeastCap;
        var open = new Stack<(DateTimeOffset From, DateTimeOffset To)>();
        if (from < to) open.Push((from, to));
        while (open.TryPop(out var window))
        {
            var headers = await AskAsync(client, window, "start,uuid", Most, ct).ConfigureAwait(false);
            if (headers.Count < Most
                && (headers.Count < whole || await HoldsTheLastAsync(client, headers, window, ct).ConfigureAwait(false)))
            {
                whole = Math.Max(whole, headers.Count);
                foreach (var header in headers) yield return header;
                continue;
            }
            var middle = window.From + (window.To - window.From) / 2;
            if (middle == window.From) throw TooMany(client.BaseUrl, window.From, headers.Count);
            open.Push((middle, window.To));
            open.Push((window.From, middle));
        }
    }

    // A server may give fewer headers than it was asked for, and does not say so: its answer is cut where the last one is not in it.
    private async Task<bool> HoldsTheLastAsync(
        WatsClient client, IReadOnlyList<WatsReportHeader> headers, (DateTimeOffset From, DateTimeOffset To) window, CancellationToken ct)
    {
        var last = await AskAsync(client, window, "start desc,uuid desc", 1, ct).ConfigureAwait(false);
        return last.Count == 0 || headers.Any(header => header.Uuid == last[0].Uuid);
    }

    private Task<IReadOnlyList<WatsReportHeader>> AskAsync(
        WatsClient client, (DateTimeOffset From, DateTimeOffset To) window, string orderBy, int top, CancellationToken ct) =>
        client.QueryHeadersAsync(
            $"start ge {Text(window.From)} and start lt {Text(window.To)} and ({Filter})", orderBy, top, 0, Select, ct);

    private static VteWatsException TooMany(Uri server, DateTimeOffset instant, int given) => new(
        ErrorKind.WatsNotWats,
        FormattableString.Invariant(
            $"{server} has more reports that start at {instant.UtcDateTime:yyyy-MM-dd HH:mm:ss.fffffff} UTC than the {given} that it ")
        + "lists at once: no shorter span of time can be asked for.",
        "Compare the time before and the time after this instant by themselves, and have the WATS server, or what stands before it, looked "
        + "at: it lists fewer headers than it is asked for.",
        server);

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
