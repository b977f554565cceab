using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;

namespace VteWats.Unit.Mapping;

public class OperationTests
{
    [Theory]
    [InlineData("PN-100", null, null, true)]
    [InlineData("pn-*", "main plan", "F?ll", true)]
    [InlineData("PN-1", null, null, false)]
    [InlineData("PN.100", null, null, false)]
    [InlineData("/^pn.1\\d+$/", null, "/full/", true)]
    [InlineData("/^PN$/", null, null, false)]
    [InlineData(null, null, "", false)]
    public void A_rule_matches_by_wildcard_or_regular_expression(string? product, string? testplan, string? variant, bool matches)
    {
        var rule = new OperationRule { Product = product, Testplan = testplan, Variant = variant, ProcessCode = 7 };
        Assert.Equal(matches ? 7 : 100, Runs.Plain().Map(Runs.Options with { Operations = [rule] }).ProcessCode);
    }

    [Fact]
    public void The_first_rule_that_matches_wins_and_an_absent_value_is_empty()
    {
        var options = Runs.Options with { Operations = [new() { Variant = "", ProcessCode = 5 }, new() { ProcessCode = 6 }] };
        Assert.Equal(6, Runs.Plain().Map(options).ProcessCode);
        Assert.Equal(5, (Runs.Plain() with { Testplan = new VteTestplan(null, "x", null, null) }).Map(options).ProcessCode);
    }

    [Fact]
    public void A_regular_expression_that_backtracks_without_end_refuses_the_run_instead_of_hanging()
    {
        var run = Runs.Plain() with { Product = new VteProduct(null, new string('a', 40) + "!", null, "1") };
        var e = Assert.Throws<VteWatsException>(() =>
            run.Map(Runs.Options with { Operations = [new() { Product = "/^(a+)+$/", ProcessCode = 5 }] }));
        Assert.Equal(ErrorKind.RunUnmappable, e.Error);
        Assert.Contains("sites.Oslo.mapping.operations", e.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_rule_and_a_default_the_error_names_product_plan_and_variant()
    {
        var e = Assert.Throws<VteWatsException>(() => Runs.Plain()
            .Map(new MappingOptions { Operations = [new() { Product = "other", ProcessCode = 5 }] }));
        Assert.Contains("product 'PN-100', test plan 'Main Plan', variant 'Full'", e.Message, StringComparison.Ordinal);
    }
}
