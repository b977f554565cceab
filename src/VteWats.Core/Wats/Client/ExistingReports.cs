using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace VteWats.Core.Wats.Client;

/// <summary>
/// Asks which ids WATS has. Servers differ in what their filter takes: <c>uuid in (…)</c> is tried first, then a chain of <c>or</c>, then
/// one by one;
/// what worked is remembered for the server. The address must stay below the 2,048 characters that IIS takes.
/// </summary>
internal sealed class ExistingReports(WatsClient client)
{
    private static readonly (int Chunk, Func<IReadOnlyList<Guid>, string> Filter)[] Ways =
    [
        (40, ids => $"uuid in ({string.Join(",", ids.Select(id => id.ToString("D")))})"),
        (25, ids => string.Join(" or ", ids.Select(id => $"uuid eq {id:D}"))),
        (1, ids => $"uuid eq {ids[0]:D}"),
    ];

    private static readonly ConcurrentDictionary<Uri, int> Learnt = new();

    public async Task<IReadOnlySet<Guid>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        (await QueryAsync(ids, "uuid", ct).ConfigureAwait(false)).Keys.ToHashSet();

    /// <summary>The verdicts, in the words that WATS lists, of those that it has.</summary>
    public Task<Dictionary<Guid, string?>> FindResultsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        QueryAsync(ids, "uuid,result", ct);

    private async Task<Dictionary<Guid, string?>> QueryAsync(IReadOnlyCollection<Guid> ids, string select, CancellationToken ct)
    {
        var found = new Dictionary<Guid, string?>();
        var left = new Queue<Guid>(ids.Distinct());
        var way = Learnt.GetValueOrDefault(client.BaseUrl);
        while (left.Count > 0)
        {
            var (size, filter) = Ways[way];
            var chunk = left.Take(size).ToList();
            var answer = await client.QueryAsync(
                FormattableString.Invariant(
                $"api/Report/Query/Header?$filter={Uri.EscapeDataString(filter(chunk))}&$top={chunk.Count}&$select={select}"),
                ct).ConfigureAwait(false);
            if (!answer.IsSuccess)
            {
                // 404 may be a filter that is too long for the server; the last way is short, so then it is the route.
                var isFilter = answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotImplemented or HttpStatusCode.NotFound
                    or HttpStatusCode.RequestUriTooLong;
                if (!isFilter || way == Ways.Length - 1) throw client.Failure(answer);
                if (way == 0 && answer.Status == HttpStatusCode.NotFound && !answer.IsHtml) throw client.Failure(answer);
                way++;
                continue;
            }
            client.Read(answer, json =>
            {
                foreach (var header in json.EnumerateArray())
                {
                    if (!header.TryGetProperty("uuid", out var uuid)) throw new FormatException("A header without an id.");
                    found[uuid.GetGuid()] = header.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.String
                        ? result.GetString() : null;
                }
                return true;
            });
            for (var i = 0; i < chunk.Count; i++) left.Dequeue();
            // Only what has worked: a filter that is refused once may have met a bad moment.
            Learnt[client.BaseUrl] = way;
        }
        return found;
    }
}
