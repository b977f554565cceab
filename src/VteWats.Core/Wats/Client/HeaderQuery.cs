using System.Globalization;
using System.Runtime.CompilerServices;

namespace VteWats.Core.Wats.Client;

/// <summary>Which headers of test reports are wanted. They come newest first, page by page.</summary>
public sealed record HeaderQuery
{
    private const int IdsAtOnce = 25;

    public HeaderText? SerialNumber { get; init; }
    public HeaderText? PartNumber { get; init; }
    public HeaderText? StationName { get; init; }

    /// <summary>In WATS's words: Passed, Failed, Error, Terminated. Empty for all.</summary>
    public IReadOnlyList<string> Results { get; init; } = [];

    /// <summary>First start, inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Last start, exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Ids of reports; null for all.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>At most this many; null for all.</summary>
    public int? First { get; init; }

    /// <summary>Headers a page; WATS gives at most 10,000.</summary>
    internal int PageSize { get; init; } = 1000;

    public async IAsyncEnumerable<WatsReportHeader> RunAsync(WatsClient client, [EnumeratorCancellation] CancellationToken ct)
    {
        var left = First ?? int.MaxValue;
        foreach (var filter in Filters())
        {
            var pages = new HeaderPages(filter, "start desc,uuid") { PageSize = PageSize, Most = ServerDecides ? left : int.MaxValue };
            await foreach (var header in pages.ReadAsync(client, ct).ConfigureAwait(false))
            {
                if (!Matches(header)) continue;
                yield return header;
                if (--left <= 0) yield break;
            }
        }
    }

    private bool ServerDecides => (SerialNumber?.IsExact ?? true) && (PartNumber?.IsExact ?? true) && (StationName?.IsExact ?? true);

    private bool Matches(WatsReportHeader header) =>
        (SerialNumber?.Matches(header.SerialNumber) ?? true) && (PartNumber?.Matches(header.PartNumber) ?? true)
        && (StationName?.Matches(header.StationName) ?? true);

    private IEnumerable<string> Filters()
    {
        var common = new List<string> { "reportType eq 'T'" };
        if (SerialNumber is not null) common.Add(SerialNumber.Filter("serialNumber"));
        if (PartNumber is not null) common.Add(PartNumber.Filter("partNumber"));
        if (StationName is not null) common.Add(StationName.Filter("stationName"));
        if (Results.Count > 0) common.Add($"({string.Join(" or ", Results.Select(result => $"result eq {HeaderText.Quoted(result)}"))})");
        if (From is { } from) common.Add($"start ge {Instant(from)}");
        if (To is { } to) common.Add($"start lt {Instant(to)}");
        if (Ids is null) return [string.Join(" and ", common)];
        return Ids.Distinct().Chunk(IdsAtOnce)
            .Select(ids => string.Join(" and ", [.. common, $"({string.Join(" or ", ids.Select(id => $"uuid eq {id:D}"))})"]));
    }

    private static string Instant(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
