using VteWats.Core.Diagnostics;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;

namespace VteWats.Unit.Wats;

/// <summary>What a server says is told in its own words, however it says it.</summary>
public partial class ClientOddAnswersTests
{
    [Fact]
    public async Task A_refusal_without_end_is_kept_as_far_as_people_read()
    {
        using var server = new ScriptedHttpServer((_,
            _) => "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n\r\nroot: "u8.ToArray())
        {
            WithoutEnd =
            [.. Enumerable.Repeat((byte)'x', 65536)]
        };
        using var client = Client(server);
        var findings = (await client.PostAsync(Id, [1], null, CancellationToken.None)).Findings!;
        Assert.StartsWith("root: xxx", findings, StringComparison.Ordinal);
        Assert.Contains("The answer goes on", findings, StringComparison.Ordinal);
        Assert.InRange(findings.Length, 60_000, 70_000);
    }

    [Theory]
    [InlineData("""{"Message":"The request is invalid.","MessageDetail":"root -> lowLimit is missing"}""", "The request is invalid.",
        "lowLimit is missing")]
    [InlineData("""{"Message":"","code":17}""", "17", "code")]
    [InlineData("""{"Message":null,"other":"x is wrong"}""", "x is wrong", "other")]
    [InlineData("""{"title":"One or more errors","status":400,"traceId":"00-1","errors":{"pn":["too long"]}}""", "One or more errors",
        "too long")]
    [InlineData("\"\"", "\"\"", "")]
    public async Task The_servers_text_is_kept_in_full(string body, string words, string more)
    {
        var findings = (await ResultAsync(ScriptedHttpServer.Text("400 Bad Request", Json, body))).Findings!;
        Assert.Contains(words, findings, StringComparison.Ordinal);
        Assert.Contains(more, findings, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iso-8859-1")]
    [InlineData("windows-1252")]
    public async Task The_servers_text_is_read_in_its_own_character_set(string charset) =>
        Assert.Equal("Prüfung",
        (await ResultAsync(ScriptedHttpServer.Bytes("400 Bad Request",
        $"text/plain; charset={charset}", [.. "Pr"u8, 0xFC, .. "fung"u8]))).Findings);

    [Fact]
    public async Task An_answer_with_a_byte_order_mark_or_an_empty_ID_before_the_id_confirms_the_report()
    {
        Assert.Equal(1, (await ResultAsync(ScriptedHttpServer.Bytes("200 OK",
            Json, [0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes($$"""{"ID":"{{Id}}"}""")]))).Attempts);
        Assert.Equal(1, (await ResultAsync(ScriptedHttpServer.Text("200 OK", Json, $$"""{"ID":null,"id":"{{Id}}"}"""))).Attempts);
    }

    [Fact]
    public async Task An_answer_without_a_body_is_told_with_its_status() =>
        Assert.Contains("answered 204", (await FailureAsync((_, _) => "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray())).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_server_that_refuses_a_large_report_before_it_has_it_refuses_one_report_and_not_the_connection()
    {
        using var server = new ScriptedHttpServer((head, _) =>
            head.Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase)
            ? ScriptedHttpServer.Text("413 Payload Too Large", "text/html", "too large", "Connection: close") : null);
        using var client = Client(server);
        var result = await client.PostAsync(Id, new byte[3 << 20], null, CancellationToken.None);
        Assert.StartsWith("The report is too large", result.Findings, StringComparison.Ordinal);
        Assert.Equal(1, result.Attempts);
    }

    [Fact]
    public async Task A_refusal_and_a_failure_name_the_request_and_the_run()
    {
        using var server = new ScriptedHttpServer((_, _) => ScriptedHttpServer.Text("409 Conflict", "text/plain", "locked"));
        using var client = Client(server);
        var failure = await Assert.ThrowsAsync<VteWatsException>(() => PostAsync(client));
        Assert.Contains(Id.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Contains("(request ", failure.Message, StringComparison.Ordinal);

        var receipt = new WatsReceipt { RunId = Id, State = WatsReceiptState.Failed, Reason = "no", CorrelationId = "abc" };
        Assert.Contains("(request abc)", WatsRejection.ErrorFrom(receipt).Message, StringComparison.Ordinal);
    }
}
