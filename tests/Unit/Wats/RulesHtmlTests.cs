using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Html;
using VteWats.Unit.Sandbox;

namespace VteWats.Unit.Wats;

/// <summary>The page for people.</summary>
public class RulesHtmlTests
{
    private static WatsReport Sample() => Wsjf.Parse(Encoding.UTF8.GetBytes(SampleReport.New().ToJsonString()));

    [Fact]
    public void The_page_shows_header_failures_values_and_limits()
    {
        var html = ReportPage.Text([Sample()]);
        foreach (var text in (string[])["SN-0001", "PN-100 revision A", "Failed", "VTE-07", "Oslo", "op1", "What failed (1)",
            "0.35 A (limit ≤ 0.2)", "4.9 ≤ x ≤ 5.1", "“1.2.3”", "LOT-9", "first to fail", "Board"])
            Assert.Contains(text, html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("What failed", StringComparison.Ordinal) < html.IndexOf("<h2>Steps</h2>", StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_a_report_holds_is_encoded()
    {
        const string Evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&\u0001";
        var step = new WatsStep
        {
            Name = Evil, Status = Evil, ErrorMessage = Evil, ReportText = Evil,
            NumericMeas = [new WatsNumericMeas { Name = Evil, Unit = Evil, Value = 1, CompOp = Evil, LowLimit = 0, Status = Evil }],
            StringMeas = [new WatsStringMeas { Name = Evil, Value = Evil, Limit = Evil, CompOp = "EQ", Status = "F" }],
            Attachment = new WatsAttachment { Name = Evil, ContentType = "text/html", Data = Encoding.UTF8.GetBytes(Evil) },
        };
        var report = Sample() with
        {
            Sn = Evil,
            Pn = Evil,
            Rev = Evil,
            ResultCode = Evil,
            MachineName = Evil,
            Location = Evil,
            Uut = new WatsUut { User = Evil, Comment = Evil },
            MiscInfos = [new WatsMiscInfo { Description = Evil, Text = Evil }],
            SubUnits = [new WatsSubUnit { PartType = Evil, Sn = Evil }],
            Notes = [new ReportNote(Evil, Evil, Evil)],
            Root = new WatsStep { Name = Evil, Status = "F", Steps = [step, step with { Status = "F" }] },
        };
        var html = ReportPage.Text([report, report]);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\u0001", html, StringComparison.Ordinal);
        Assert.All(Regex.Matches(html, "<[a-z][^>]*>")
            .Select(m => m.Value), tag => Assert.DoesNotMatch("\\son[a-z]+=",
            tag.Replace("&quot;", "", StringComparison.Ordinal).Split('"').Where((_, i) => i % 2 == 0).Aggregate("", (a, b) => a + b)));
    }

    [Fact]
    public void The_page_loads_nothing_from_outside()
    {
        var html = ReportPage.Text([Sample()]);
        Assert.DoesNotMatch("(src|href)=\"(?!#|data:)", html);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_of_nothing_is_still_a_page() =>
    Assert.EndsWith("</html>\n", ReportPage.Text([new WatsReport()]), StringComparison.Ordinal);

    [Theory]
    [InlineData("GELE", 4.9, 5.1, 5.0, 80)]
    [InlineData("GELE", 4.9, 5.1, 4.9, 40)]
    [InlineData("LE", 10.0, null, 5.0, 22.86)]
    [InlineData("GE", 10.0, null, 10.0, 80)]
    public void The_mark_stands_where_the_value_is(string op, double low, double? high, double value, double x)
    {
        var svg = XElement.Parse(
            LimitBar.Svg(new WatsNumericMeas { CompOp = op, LowLimit = low, HighLimit = high, Value = value, Status = "P" }));
        var mark = svg.Elements("path").Single().Attribute("d")!.Value;
        var left = double.Parse(mark[1..mark.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
        Assert.Equal(x, left + 1.5, 1);
    }

    [Theory]
    [InlineData("LOG", null, null, 1.0)]
    [InlineData("GELE", 1e308, -1e308, 0.0)]
    [InlineData("GELE", null, 5.0, 1.0)]
    [InlineData("no such", 1.0, 2.0, 1.0)]
    [InlineData("GE", 1.0, null, double.NaN)]
    public void What_cannot_be_drawn_is_left_out(string op, double? low, double? high, double value) =>
        Assert.Equal("", LimitBar.Svg(new WatsNumericMeas { CompOp = op, LowLimit = low, HighLimit = high, Value = value, Status = "P" }));
}
