using System.Globalization;
using System.Runtime.CompilerServices;

namespace VteWats.Core.Wats.Client;

/// <summary>Which headers of test reports are wanted. They come newest first, page by page.</summary>
public sealed record HeaderQuery
{
    private const int IdsAtOnce = 25;

    public string? SerialNumber { get; init; }
    public string? PartNumber { get; init; }
    public string? StationName { get; init; }

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
            var pages = new HeaderPages(filter, "start desc,uuid") { PageSize = PageSize, Most = left };
            await foreach (var header in pages.ReadAsync(client, ct).ConfigureAwait(false))
            {
                left--;
                yield return header;
            }
        }
    }

    private IEnumerable<string> Filters()
    {
        var common = new List<string> { "reportType eq 'T'" };
        if (SerialNumber is not null) common.Add($"serialNumber eq {Quoted(SerialNumber)}");
        if (PartNumber is not null) common.Add($"partNumber eq {Quoted(PartNumber)}");
        if (StationName is not null) common.Add($"stationName eq {Quoted(StationName)}");
        if (Results.Count > 0) common.Add($"({string.Join(" or ", Results.Select(result => $"result eq {Quoted(result)}"))})");
        if (From is { } from) common.Add($"start ge {Instant(from)}");
        if (To is { } to) common.Add($"start lt {Instant(to)}");
        if (Ids is null) return [string.Join(" and ", common)];
        return Ids.Distinct().Chunk(IdsAtOnce)
            .Select(ids => string.Join(" and ", [.. common, $"({string.Join(" or ", ids.Select(id => $"uuid eq {id:D}"))})"]));
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    private static string Instant(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
