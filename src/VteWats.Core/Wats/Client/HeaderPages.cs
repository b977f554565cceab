using System.Runtime.CompilerServices;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Wats.Client;

/// <summary>All headers that a filter matches, page by page.</summary>
/// <param name="Filter">OData filter.</param>
/// <param name="OrderBy">Fields to order by. The last one must be the id: without it a page may repeat what another one had.</param>
internal sealed record HeaderPages(string Filter, string OrderBy)
{
    /// <summary>Headers a page; WATS gives at most 10,000.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>At most this many headers.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <exception cref="VteWatsException"><c>WatsNotWats</c>: the server gives the same page again and again.</exception>
    public async IAsyncEnumerable<WatsReportHeader> ReadAsync(WatsClient client, [EnumeratorCancellation] CancellationToken ct)
    {
        HashSet<Guid> before = [];
        for (var (skip, left) = (0, Most); left > 0;)
        {
            var page = await client.QueryHeadersAsync(Filter, OrderBy, Math.Min(PageSize, left), skip, null, ct).ConfigureAwait(false);
            // Reports that come in meanwhile may push some of the last page into this one, but never all of it.
            if (page.Count > 0 && page.All(header => before.Contains(header.Uuid))) throw SamePage(client.BaseUrl);
            foreach (var header in page)
                if (!before.Contains(header.Uuid)) yield return header;
            left -= page.Count;
            skip += page.Count;
            if (page.Count < PageSize) yield break;
            before = [.. page.Select(header => header.Uuid)];
        }
    }

    private VteWatsException SamePage(Uri server) => new(
        ErrorKind.WatsNotWats,
        FormattableString.Invariant(
            $"{server} lists the same {PageSize} reports again when it is asked for the next ones: it ignores $skip."),
        "Ask for a shorter span of time, so that the list fits into one page, and have the WATS server, or what stands before it, looked "
        + "at.",
        server);
}
