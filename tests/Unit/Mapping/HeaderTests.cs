using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Unit.Mapping;

public class HeaderTests
{
    [Fact]
    public void A_plain_run_fills_the_header()
    {
        var report = Runs.Plain(Runs.Numeric(1, 3.3, 3, 3.6)).Map();
        Assert.Equal(
            ("T", "PN-100", "SN-0001", "A", 100, "P", "VTE-07", "Hall 2", "Production"),
            (report.Type, report.Pn, report.Sn, report.Rev, report.ProcessCode, report.ResultCode, report.MachineName, report.Location,
            report.Purpose));
        Assert.Equal(new WatsUut { User = "op1", ExecTime = 41.5, BatchSn = "LOT-9" }, report.Uut);
        Assert.Equal(Runs.Plain().Id, report.Id);
        Assert.Equal(report.Start, report.StartUtc);
        Assert.Equal(TimeSpan.Zero, report.StartUtc!.Value.Offset);
        Assert.Equal(("Main Plan", "P", new WatsSeqCall { Path = "VTE/Main Plan/Full", Name = "Main Plan", Version = "1.4" }),
            (report.Root!.Name, report.Root.Status, report.Root.SeqCall!));
        Assert.Equal(
            ["VTE Source=VTE:6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001", "Variant=Full", "Exit Code=0",
            "Test System GUID=6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f00aa"],
            report.MiscInfos!.Select(m => $"{m.Description}={m.Text}"));
        Assert.Empty(report.Notes);
    }

    [Fact]
    public void A_run_read_without_its_steps_is_refused_as_a_wrong_argument()
    {
        var e = Assert.Throws<VteWatsException>(() => (Runs.Plain() with { Steps = null }).Map());
        Assert.Equal(ErrorKind.RunHeaderOnly, e.Error);
    }

    [Fact]
    public void Every_reason_is_told_at_once_with_the_keys_to_set()
    {
        var run = Runs.Plain(Runs.Numeric(1, 1, result: 9)) with { ResultCode = 7, Unit = VteUnit.Unknown };
        var e = Assert.Throws<VteWatsException>(() => run.Map(new MappingOptions()));
        Assert.Equal(ErrorKind.RunUnmappable, e.Error);
        Assert.Equal(run.Id, e.Target);
        Assert.Contains("Result 7", e.Message, StringComparison.Ordinal);
        Assert.Contains("TestResultType 9", e.Message, StringComparison.Ordinal);
        Assert.Contains("serial number", e.Message, StringComparison.Ordinal);
        Assert.Contains("operation", e.Message, StringComparison.Ordinal);
        foreach (var key in new[] { "resultCodes", "stepResultCodes", "missingSerialNumber", "defaultProcessCode" })
            Assert.Contains($"sites.Oslo.mapping.{key}", e.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Templates_and_placeholders_fill_what_WATS_requires()
    {
        var run = Runs.Plain() with
        {
            Product = new VteProduct(null, " PN-100 ", "Widget", null),
            Unit = VteUnit.Unknown,
            Station = new VteStation(null, null, "host07", null),
            Operator = " ",
            Testplan = VteTestplan.Unknown,
        };
        var report = run.Map(Runs.Options with
        {
            PartNumber = "{Product.Name}/{product.type}",
            MissingSerialNumber = "NOSERIAL-{Id}",
            Purpose = " Repair "
        });
        Assert.Equal(
            ("PN-100/Widget", "-", $"NOSERIAL-{run.Id}", "host07", "Oslo", "Unknown", "Repair"),
            (report.Pn, report.Rev, report.Sn, report.MachineName, report.Location, report.Uut!.User, report.Purpose));
        Assert.Equal(("Unknown", "VTE/Unknown", "-"), (report.Root!.Name, report.Root.SeqCall!.Path, report.Root.SeqCall.Version));
        Assert.Equal(4, report.Rules().Count(r => r == NoteRules.Placeholder));
        Assert.Contains(NoteRules.SearchCharacters, report.Rules());
    }

    [Theory]
    [InlineData("{Product.Name}-{Product.Type}", null, null, null)]
    [InlineData("{Product.Name}-{Product.Type}", "A", null, "A-")]
    [InlineData("fixed", null, null, "fixed")]
    public void A_template_whose_values_are_all_missing_is_empty(string template, string? name, string? type, string? expected)
    {
        var run = Runs.Plain() with { Product = new VteProduct(null, name, type, "1") };
        var options = Runs.Options with { PartNumber = template };
        if (expected is not null) Assert.Equal(expected, run.Map(options).Pn);
        else Assert.Contains("sites.Oslo.mapping.partNumber", Assert.Throws<VteWatsException>(() => run.Map(options)).Advice,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_a_revision_is_refused_where_the_site_wants_it()
    {
        var run = Runs.Plain() with { Product = new VteProduct(null, "A", null, null) };
        var e = Assert.Throws<VteWatsException>(() => run.Map(Runs.Options with { MissingRevision = null }));
        Assert.Contains("sites.Oslo.mapping.missingRevision", e.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 30)]
    public void Runs_of_one_unit_at_one_time_start_a_microsecond_apart(int index, int ticks)
    {
        var run = Runs.Plain() with { DuplicateIndex = index };
        var report = run.Map();
        Assert.Equal(run.Start.AddTicks(ticks), report.Start);
        Assert.Equal(report.Start, report.StartUtc);
        Assert.Equal(run.Start.Offset, report.Start!.Value.Offset);
        Assert.Equal(index > 0, report.Rules().Contains(NoteRules.StartMoved));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1.0)]
    public void A_test_time_that_is_none_is_left_out(double seconds)
    {
        var report = (Runs.Plain(Runs.Numeric(1, 1)) with { TestTime = seconds }).Map();
        Assert.Null(report.Uut!.ExecTime);
        Assert.Equal([NoteRules.TestTimeLeftOut], report.Rules());
    }

    [Fact]
    public void A_start_that_WATS_takes_for_unset_is_refused()
    {
        var run = Runs.Plain() with { Start = new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        Assert.Equal(ErrorKind.RunUnmappable, Assert.Throws<VteWatsException>(() => run.Map()).Error);
    }

    [Fact]
    public void Header_texts_that_are_too_long_are_cut_and_kept_in_the_root_step()
    {
        var serial = new string('9', 130);
        var report = (Runs.Plain(Runs.Numeric(1, 1)) with
        {
            Unit = new VteUnit(null, serial, "L\u0001OT"),
            Info2 = new string('i', 101)
        }).Map();
        Assert.Equal(serial[..100], report.Sn);
        Assert.Equal("LOT", report.Uut!.BatchSn);
        Assert.Equal($"Serial number in full: {serial}\nBatch number in full: L\\u0001OT\nInfo2 in full: {new string('i', 101)}",
            report.Root!.ReportText);
        Assert.Equal([NoteRules.Truncated, NoteRules.CharactersRemoved, NoteRules.Truncated], report.Rules());
        Assert.All(report.Notes, n => Assert.Equal("report", n.Path));
    }

    [Fact]
    public void Assemblies_become_sub_units_with_all_four_fields()
    {
        var run = Runs.Plain() with
        {
            Assemblies = [new("Board", "PN-7", "S7", "B"), new(null, null, "S8", " "),
            new(null, "", null, null)]
        };
        Assert.Equal(
            [new WatsSubUnit { PartType = "Board", Pn = "PN-7", Sn = "S7", Rev = "B" },
            new WatsSubUnit { PartType = "Unknown", Pn = "-", Sn = "S8", Rev = "-" }],
            run.Map().SubUnits!);
    }

    [Fact]
    public void Components_are_misc_infos_and_assets_only_on_request()
    {
        var station = new VteStation(null, "VTE-07", null, null)
        {
            Components = [new("DMM", "MY123", new DateTime(2024, 1, 31), new DateTime(2027, 1, 31)), new("Fixture", null, null, null),
                new("DMM 2", "MY123", null, null)],
        };
        var run = Runs.Plain() with { Station = station };
        var report = run.Map();
        Assert.Contains(new WatsMiscInfo { Description = "Component DMM", Text = "SN MY123, calibrated 2024-01-31, next 2027-01-31" },
            report.MiscInfos!);
        Assert.Contains(new WatsMiscInfo { Description = "Component Fixture", Text = "no serial number, no calibration date" },
            report.MiscInfos!);
        Assert.Null(report.Assets);
        Assert.Equal([new WatsAsset { AssetSn = "MY123", UsageCount = 1 }],
            run.Map(Runs.Options with { ComponentsAsAssets = true }).Assets!);
    }

    [Fact]
    public void Further_misc_infos_come_from_templates()
    {
        var report = Runs.Plain()
            .Map(Runs.Options with
            {
                MiscInfos =
            new Dictionary<string, string> { ["Plant"] = "{Site} {Product.Type}", ["Empty"] = "{Info1}" }
            });
        Assert.Equal(new WatsMiscInfo { Description = "Plant", Text = "Oslo Widget" }, report.MiscInfos![^1]);
    }

    [Fact]
    public void Options_that_cannot_be_used_are_told_all_at_once()
    {
        var options = new MappingOptions
        {
            PartNumber = "{Product.Nam}", Station = "{Station.Name", Purpose = " ", DefaultProcessCode = 40000,
            Operations = [new OperationRule { Product = "/(/", ProcessCode = -1 }],
            ResultCodes = new Dictionary<int, string> { [1] = "OK" }, StepResultCodes = new Dictionary<int, string> { [1] = "U" },
        };
        var e = Assert.Throws<VteWatsException>(() => new ReportMapper(options, "Oslo"));
        Assert.Equal(ErrorKind.ConfigurationInvalid, e.Error);
        foreach (var key in new[] { "partNumber", "station", "purpose", "defaultProcessCode", "operations[0].product",
            "operations[0].processCode", "resultCodes.1", "stepResultCodes.1" })
            Assert.Contains($"sites.Oslo.mapping.{key}:", e.Message, StringComparison.Ordinal);
    }
}
