using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sandbox;

/// <summary>A bare client of the sandbox, so that its tests do not rest on the module's own.</summary>
internal static class SandboxClient
{
    public static HttpClient For(SandboxServer server)
    {
        var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All })
        {
            BaseAddress =
            server.BaseUrl
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", server.Token);
        return client;
    }

    public static async Task<(HttpStatusCode Status, string Text)> PostReportAsync(this HttpClient client, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/api/Report/WSJF", content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static async Task<IReadOnlyList<JsonElement>> QueryHeadersAsync(this HttpClient client, string query)
    {
        using var document = JsonDocument.Parse(await client.GetStringAsync("/api/Report/Query/Header?" + query));
        return [.. document.RootElement.EnumerateArray().Select(e => e.Clone())];
    }
}
