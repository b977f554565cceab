using VteWats.Core.Diagnostics;

namespace VteWats.Unit.Diagnostics;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("Größe 王小明 😀", "Größe 王小明 😀")]
    [InlineData("\u001b]0;title\a", @"\u001B]0;title\u0007")]
    [InlineData("a\tb\r\nc\0\u007f\u0085", @"a\u0009b\u000D\u000Ac\u0000\u007F\u0085")]
    [InlineData("\u2028\u2029\u202a\u202e\u2066\u2069", @"\u2028\u2029\u202A\u202E\u2066\u2069")]
    public void A_line_shows_what_a_console_would_obey(string text, string shown) => Assert.Equal(shown, PrintableText.Line(text));

    [Theory]
    [InlineData("one\r\ntwo\nthree", "one\r\ntwo\nthree")]
    [InlineData("one\rtwo\n\u001b[1m", "one\\u000Dtwo\n\\u001B[1m")]
    public void Lines_keep_their_ends_and_nothing_else(string text, string shown) => Assert.Equal(shown, PrintableText.Lines(text));

    [Fact]
    public void An_error_shows_what_a_console_would_obey()
    {
        var failure = new VteWatsException(ErrorKind.RunUnmappable, "Run of SN\u001b[2J", "See\a here", null)
        {
            Findings = ["SN\u001b[2J is odd"],
        };
        Assert.Equal((@"Run of SN\u001B[2J", @"See\u0007 here"), (failure.Message, failure.Advice));
        Assert.Equal([@"SN\u001B[2J is odd"], failure.Findings);
    }
}
