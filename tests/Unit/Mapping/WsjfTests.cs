using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Unit.Mapping;

public class WsjfTests
{
    private static readonly VteTestRun Run = Runs.Plain(
        Runs.Numeric(10, 0.35, null, 0.2, result: 0, name: "Idle current", units: "A"),
        Runs.Numeric(20, 5.01, 4.75, 5.25, name: "Rail 5V"), Runs.Numeric(20, -0.0, null, null, result: 2, name: "Drift"),
        Runs.Text(30, "4.11.2 – ok \"1\" <b>"), Runs.Other(40, null, [0, 255]), Runs.Numeric(50, double.NaN, 1, name: "Gain"))
        with
    { ResultCode = 0, Start = new DateTimeOffset(2024, 3, 2, 8, 15, 30, TimeSpan.FromHours(1)).AddTicks(1_233_333) };

    private const string Expected = """
        {"type":"T","id":"6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001","pn":"PN-100","sn":"SN-0001","rev":"A","processCode":100,"result":"F",
        "machineName":"VTE-07",
        "location":"Hall 2","purpose":"Production","start":"2024-03-02T08:15:30.1233333+01:00","startUTC":"2024-03-02T07:15:30.1233333Z",
        "uut":{"user":"op1","execTime":41.5,"batchSN":"LOT-9"},
        "miscInfos":[{"description":"VTE Source","text":"VTE:6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001"},
        {"description":"VTE Mapping","text":"FINGERPRINT"},{"description":"Variant","text":"Full"},
        {"description":"Exit Code","text":"0"},{"description":"Test System GUID","text":"6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f00aa"}],
        "root":{"id":1,"group":"M","stepType":"SequenceCall","name":"Main Plan","status":"F","totTime":41.5,
        "seqCall":{"path":"VTE/Main Plan/Full","name":"Main Plan","version":"1.4"},
        "steps":[{"id":2,"group":"M","stepType":"ET_NLT","name":"Idle current","status":"F","causedSeqFailure":true,
        "numericMeas":[{"compOp":"LE","status":"F","unit":"A","value":0.35,"lowLimit":0.2}]},
        {"id":3,"group":"M","stepType":"SequenceCall","name":"Step 20","status":"P",
        "seqCall":{"path":"VTE/Main Plan/Full/Step 20","name":"Step 20","version":"1.4"},
        "steps":[{"id":4,"group":"M","stepType":"ET_NLT","name":"Drift","status":"P",
        "numericMeas":[{"compOp":"LOG","status":"P","unit":"V","value":-0}]},
        {"id":5,"group":"M","stepType":"ET_NLT","name":"Rail 5V","status":"P",
        "numericMeas":[{"compOp":"GELE","status":"P","unit":"V","value":5.01,"lowLimit":4.75,"highLimit":5.25}]}]},
        {"id":6,"group":"M","stepType":"ET_SVT","name":"Firmware","status":"P","stringMeas":[{"compOp":"LOG","status":"P",
        "value":"4.11.2 – ok \"1\" <b>"}]},
        {"id":7,"group":"M","stepType":"ET_A","name":"Trace","status":"P","reportText":"[2 bytes of binary data, attached as step-40.bin]",
        "attachment":{"name":"step-40.bin","contentType":"application/octet-stream","data":"AP8="}},
        {"id":8,"group":"M","stepType":"ET_A","name":"Gain","status":"S",
        "reportText":"Value: NaN (not a number)\nLow limit: 1\nVerdict of VTE: passed\nUnit: V"}]}}
        """;

    [Fact]
    public void The_bytes_of_a_small_report_are_exactly_these() =>
        Assert.Equal(
            Expected.ReplaceLineEndings("").Replace("FINGERPRINT", Runs.Options.FingerprintText(), StringComparison.Ordinal),
             Encoding.UTF8.GetString(Wsjf.ToUtf8(Run.Map())));

    /// <summary>The writer is made by hand; the serialiser knows every member by itself.</summary>
    [Fact]
    public void The_writer_and_the_serialiser_write_the_same()
    {
        var full = Run.Map(Runs.Options with
        {
            ComponentsAsAssets = true,
            Comment = "c",
            FixtureId = "f",
            TestSocketIndex = "1",
            ErrorCode = "-4",
            ErrorMessage = "m",
            Charts = [new ChartRule { Name = "Curve", XUnit = "s", YUnit = "V" }],
        });
        full = full with
        {
            Root = full.Root! with { TotTime = 1.5, ErrorCode = 3, ErrorMessage = "e" },
            SubUnits = [new WatsSubUnit { PartType = "x" }],
            MiscInfos = [.. full.MiscInfos!, new WatsMiscInfo { Description = "n", Numeric = 4 }],
            Assets = [new WatsAsset { AssetSn = "a", UsageCount = 1 }],
        };
        var more = Runs.Plain(Runs.Text(1, "1;2 3;4", name: "Curve"), Runs.Numeric(2, null), Runs.Text(3, "x") with { Number = "1" })
            .Map(Runs.Options with { Charts = [new ChartRule { Name = "Curve", XUnit = "s", YUnit = "V" }] });
        Assert.All([full, more], report => Assert.Equal(
            Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(report, Relaxed.WatsReport)),
            Encoding.UTF8.GetString(Wsjf.ToUtf8(report))));
        // A member that is added to the model without being written is found here.
        var unwritten = typeof(WatsReport).Assembly.GetTypes().Where(t => t.Namespace == typeof(WatsReport).Namespace && t.IsPublic
            && t.Name.StartsWith("Wats", StringComparison.Ordinal) && t.GetProperty("Unknown", Hidden) is not null)
            .SelectMany(t => t.GetProperties().Where(p => p.GetCustomAttributes(typeof(JsonIgnoreAttribute), false).Length == 0))
            .Select(p => p.GetCustomAttributes(typeof(JsonPropertyNameAttribute), false).Cast<JsonPropertyNameAttribute>()
                .FirstOrDefault()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(p.Name)).Distinct();
        var written = Encoding.UTF8.GetString(Wsjf.ToUtf8(full)) + Encoding.UTF8.GetString(Wsjf.ToUtf8(more));
        Assert.All(unwritten.Except(["limit"]), name => Assert.Contains($"\"{name}\":", written, StringComparison.Ordinal));
    }

    private const System.Reflection.BindingFlags Hidden =
        System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance;

    private static readonly WsjfJsonContext Relaxed = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("fa-IR")]
    public void No_culture_changes_a_report(string name)
    {
        var run = Run with
        {
            TestTime = 1234.5,
            DuplicateIndex = 2,
            Product = new VteProduct(null, "IıİI", "T", "i"),
            Station = Run.Station with { Components = [new("DMM", "MY1", new DateTime(2024, 1, 31), null)] },
            Steps = [.. Run.Steps!, Runs.Numeric(60, 1e-7, double.NegativeInfinity, 12345.678, result: 2),
                Runs.Numeric(70, 1234567.5, 2e6, 1e6)],
        };
        var options = Runs.Options with
        {
            Operations = [new OperationRule { Product = "/^iıi/", ProcessCode = 7 },
            new OperationRule { Product = "IIII", ProcessCode = 8 }]
        };
        var (text, notes) = MapIn("", run, options);
        Assert.Equal((text, notes), MapIn(name, run, options));
    }

    [Fact]
    public void A_report_that_was_read_has_its_lists_and_no_notes()
    {
        var read = Wsjf.Parse(
            """
            {"id":"6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001","sn":null,"origin":"x",
             "root":{"steps":[{"numericMeas":[{"value":1.5}]}]}}
            """u8);
        Assert.Empty(read.Notes);
        Assert.Null(read.Sn);
        Assert.Equal(1.5, read.Root!.Steps![0].NumericMeas![0].Value);
    }

    [Fact]
    public void Text_that_is_no_report_is_refused() => Assert.Throws<JsonException>(() => Wsjf.Parse("null"u8));

    private static (string Text, string Notes) MapIn(string culture, VteTestRun run, MappingOptions options)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            var report = run.Map(options);
            return (Encoding.UTF8.GetString(Wsjf.ToUtf8(report)), string.Join('\n', report.Notes));
        }
        finally
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = before;
        }
    }
}
