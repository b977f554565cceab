using System.Text.Json.Nodes;
using VteWats.Core.Assistant;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;
using VteWats.Unit.Support;

namespace VteWats.Unit.Assistant;

public sealed class SiteFileTests : IDisposable
{
    private const string Mine = """
        // what I have written
        {
          "sites": {
            "Oslo": {
              "connection": { "path": "oslo.db" }, // by hand
              "timeZone": "Europe/Oslo",
              "timestampIs": "start" // as they told me
            }
            // no more
          },
          "wats": { "baseUrl": "https://wats.example", "token": "env:X" }
        }
        """;

    private readonly TempFolder _temp = new();
    private string File => _temp.File("vtewats.json");

    public void Dispose() => _temp.Dispose();

    private static SiteProposal Bergen(params SiteDecision[] decisions) => new("Bergen", decisions);

    private static SiteDecision Decided(string key, JsonNode value) =>
        new() { Decision = key, Json = value, Certainty = DecisionCertainty.Certain, Evidence = "Seen.\nTwice." };

    private static SiteDecision Open(string key, params string[] choices) => new()
    {
        Decision = key, Certainty = DecisionCertainty.Open, Evidence = "Nobody knows.",
        Choices = [.. choices.Select(c => new DecisionChoice(c, "maybe"))],
    };

    private ConnectionOptions Database => new() { Path = _temp.File("bergen.db") };

    [Fact]
    public void A_new_file_says_at_each_key_why_and_lists_the_choices_of_what_is_open()
    {
        SiteFile.Create(File, Bergen(Decided("timeZone", "Europe/Oslo"), Open("timestampIs", "start", "end")), Database,
            "https://wats.example", "env:WATS_TOKEN");
        var lines = System.IO.File.ReadAllLines(File).Select(l => l.Trim()).ToList();
        Assert.Equal("// Seen. Twice.", lines[lines.IndexOf("\"timeZone\": \"Europe/Oslo\",") - 1]);
        Assert.Contains(lines, l => l.StartsWith("// OPEN timestampIs: Nobody knows. Choices: start (maybe); end (maybe).",
            StringComparison.Ordinal));
        Assert.Equal("$.sites.Bergen.timestampIs", ConfigurationFile.Check(File).Single().Path);
    }

    [Fact]
    public void An_open_key_becomes_right_when_its_slashes_are_taken_away()
    {
        SiteFile.Create(File, Bergen(Decided("timeZone", "Europe/Oslo"), Open("timestampIs", "start", "end"),
            Open("mapping.defaultProcessCode", "100"), Open("mapping.missingSerialNumber", "refuse"), Open("rows.sites", "BGO"),
            Open("mapping.resultCodes.7", "E")), Database, "https://wats.example", "env:WATS_TOKEN");
        var text = System.IO.File.ReadAllText(File);
        Assert.Contains("a line \"7\": \"E\" in resultCodes", text, StringComparison.Ordinal);
        System.IO.File.WriteAllText(File, text.Replace("// \"", "\"", StringComparison.Ordinal));
        Assert.Empty(ConfigurationFile.Check(File));
        Assert.Equal(["BGO"], ConfigurationFile.Load(File).Sites["Bergen"].Rows.Sites);
    }

    [Fact]
    public void A_site_is_added_and_all_that_was_there_stays_comments_too()
    {
        System.IO.File.WriteAllText(File, Mine);
        SiteFile.Add(File, Bergen(Decided("timeZone", "UTC"), Decided("timestampIs", "end"),
            Decided("mapping.resultCodes", new JsonObject { ["0"] = "P" })), Database);
        var text = System.IO.File.ReadAllText(File);
        Assert.All(Mine.Split('\n'), line => Assert.Contains(line.Trim().TrimEnd(','), text, StringComparison.Ordinal));
        var read = ConfigurationFile.Load(File);
        Assert.Equal(["Bergen", "Oslo"], read.Sites.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("P", read.Sites["Bergen"].Mapping.ResultCodes[0]);
    }

    [Fact]
    public void A_site_that_would_make_another_one_wrong_is_refused_and_nothing_is_written()
    {
        System.IO.File.WriteAllText(File, Mine);
        var refused = Assert.Throws<VteWatsException>(() => SiteFile.Add(File,
            Bergen(Decided("timeZone", "UTC"), Decided("timestampIs", "end")), new ConnectionOptions { Path = _temp.File("oslo.db") }));
        Assert.Equal(ErrorKind.ConfigurationInvalid, refused.Error);
        Assert.Contains("$.sites.Oslo.rows", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Mine, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void An_answer_takes_the_place_of_what_was_open()
    {
        SiteFile.Create(File, Bergen(Decided("timeZone", "UTC"), Open("timestampIs", "start", "end"), Open("mapping.defaultProcessCode",
            "10"),
            Open("mapping.resultCodes.7", "E"), Decided("mapping.resultCodes", new JsonObject { ["0"] = "P" })), Database,
            "https://wats.example", "env:WATS_TOKEN");
        SiteFile.Answer(File, Bergen(Decided("mapping.resultCodes.7", "T"), Decided("timestampIs", "end"),
            Decided("mapping.defaultProcessCode", 100), Decided("timeZone", "Asia/Tokyo"),
            Decided("unfinished.withoutSteps", true)));
        Assert.DoesNotContain("OPEN", System.IO.File.ReadAllText(File).Split("{", 2)[1], StringComparison.Ordinal);
        var site = ConfigurationFile.Load(File).Sites["Bergen"];
        Assert.Equal(("Asia/Tokyo", "end", 100, "P", "T", true), (site.TimeZone, site.TimestampIs, site.Mapping.DefaultProcessCode,
            site.Mapping.ResultCodes[0], site.Mapping.ResultCodes[7], site.Unfinished.WithoutSteps));
    }

    [Fact]
    public void A_faulty_site_is_set_aside_with_its_error_and_the_others_go_on()
    {
        System.IO.File.WriteAllText(File, Mine.Replace("// no more",
            """, "Bad": { "connection": { "path": "bad.db" }, "timeZon": "UTC" }""",
            StringComparison.Ordinal));
        var read = ConfigurationFile.Load(File);
        Assert.Equal(["Oslo"], read.Sites.Keys);
        Assert.Contains("$.sites.Bad.timeZon", read.Faulty["bad"].Message, StringComparison.Ordinal);
        Assert.Equal("Oslo", SiteResolver.Choose(read, "oslo").Name);
        Assert.Same(read.Faulty["Bad"], Assert.Throws<VteWatsException>(() => SiteResolver.Choose(read, "BAD")));
        Assert.Contains("Bad, Oslo", Assert.Throws<VteWatsException>(() => SiteResolver.Choose(read, null)).Message,
            StringComparison.Ordinal);
        Assert.Throws<VteWatsException>(() => read.Find("Bad"));
    }

    [Fact]
    public void Where_no_site_is_sound_or_the_rest_of_the_file_is_not_the_whole_file_is_refused()
    {
        foreach (var bad in new[] { Mine.Replace("Europe/Oslo", "Europe/Olso", StringComparison.Ordinal),
            Mine.Replace("// no more", """, "Bad": { }""", StringComparison.Ordinal).Replace("baseUrl", "baseurl",
                StringComparison.Ordinal) })
        {
            System.IO.File.WriteAllText(File, bad);
            Assert.Throws<VteWatsException>(() => ConfigurationFile.Load(File));
        }
    }
}
