using VteWats.Core.Diagnostics;

namespace VteWats.Unit.Diagnostics;

public sealed class SecretMaskTests
{
    // Secrets stay known for the whole process, so these are no words that another test could meet.
    private const string Short = "qzx7";
    private const string Long = "qzx7-long-secret";

    public SecretMaskTests()
    {
        SecretMask.Add(Short);
        SecretMask.Add(Long);
        SecretMask.Add("\"qzy");
    }

    [Theory]
    [InlineData("aqzx7", "aqzx7")]
    [InlineData("qzx7s are qzx77", "qzx7s are qzx77")]
    [InlineData("qzx7", "******")]
    [InlineData("Basic qzx7, 'qzx7' qzx7.", "Basic ******, '******' ******.")]
    [InlineData("?a=1&token=qzx7&b=2", "?a=1&token=******&b=2")]
    [InlineData("Basic%20qzx7", "Basic%20******")]
    [InlineData(@"\u0022qzx7\u0022", @"\u0022******\u0022")]
    [InlineData(@"line\nqzx7\n", @"line\n******\n")]
    [InlineData("_qzx7_", "_******_")]
    public void A_short_secret_is_masked_as_a_whole_word_only(string text, string shown) => Assert.Equal(shown, SecretMask.Scrub(text));

    [Theory]
    [InlineData("aqzx7-long-secretb", "a******b")]
    [InlineData("qzx7-long-secret", "******")]
    public void A_long_secret_is_masked_wherever_it_stands(string text, string shown) => Assert.Equal(shown, SecretMask.Scrub(text));

    [Fact]
    public void A_mark_at_the_end_of_a_short_secret_is_a_border_by_itself() =>
        Assert.Equal("x****** ******", SecretMask.Scrub("x\"qzy \"qzy"));
}
