using System.Text;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Unit.Mapping;
using VteWats.Unit.Sandbox;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>Result is the verdict in words and ResultCode its letter, wherever a verdict is shown.</summary>
public sealed class ResultWordTests
{
    public static TheoryData<string, string> Words => new()
    {
        { "P", "Passed" }, { "F", "Failed" }, { "E", "Error" }, { "T", "Terminated" }, { "D", "Done" }, { "S", "Skipped" },
    };

    [Theory]
    [MemberData(nameof(Words))]
    public void A_step_of_a_report_has_its_status_in_words(string letter, string word) =>
        Assert.Equal(word, new WatsStep { Status = letter }.Result);

    [Fact]
    public void A_status_that_is_not_known_stays_as_it_is()
    {
        Assert.Equal("U", new WatsStep { Status = "U" }.Result);
        Assert.Null(new WatsStep().Result);
    }

    [Fact]
    public void The_words_are_not_part_of_the_WSJF_text()
    {
        var text = Encoding.UTF8.GetString(Wsjf.ToUtf8(Runs.Plain(Runs.Numeric(1, 5)).Map()));
        Assert.DoesNotContain("Passed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("resultCode", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Passed", "P")]
    [InlineData("failed", "F")]
    [InlineData("Error", "E")]
    [InlineData("Terminated", "T")]
    [InlineData("Done", "D")]
    [InlineData("P", "P")]
    [InlineData("Unheard", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_header_has_the_letter_of_the_word_that_WATS_lists(string? word, string? letter)
    {
        var header = new WatsReportHeader { Result = word };
        Assert.Equal(letter, header.ResultCode);
        Assert.Equal(word, header.Result);
    }

    [Fact]
    public async Task A_receipt_has_the_verdict_of_its_report()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = WatsClient.Create(new WatsOptions { BaseUrl = server.BaseUrl.ToString() }, server.Token);
        var failed = Wsjf.Parse(Encoding.UTF8.GetBytes(RulesReport.New().ToJsonString()));
        var reports = new[] { failed }.ToAsyncEnumerable();
        var receipt = await new Core.Wats.Sending.WatsSender(client, new Core.Wats.Sending.SendOptions())
            .SendAsync(reports, CancellationToken.None).SingleAsync();
        Assert.Equal(("F", "Failed"), (receipt.ResultCode, receipt.Result));
    }
}
