using System.Text;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Rules;

namespace VteWats.Unit.Mapping;

/// <summary>Charts, groups, nested sequences, kinds of attachments, and the budget of a report.</summary>
public class StepShapeTests
{
    [Fact]
    public void An_array_of_pairs_becomes_a_chart_where_a_pattern_says_so()
    {
        var rule = new ChartRule { Name = "*sweep*", ChartType = "LineLogX", XLabel = "Frequency", XUnit = "Hz" };
        var options = Runs.Options with { Charts = [rule] };
        var report = Runs.Plain(Runs.Text(1, "10;0.5\r\n100;0.7\n1e3;-1", name: "Gain sweep") with { Units = "dB" },
            Runs.Other(2, "0;1 1;2", name: "Sweep 2", result: 0), Runs.Text(3, "1;2", name: "Pair")).Map(options);
        var steps = report.Root!.Steps!;
        Assert.Equal(
            ("LineLogX", "Gain sweep", "Frequency", "Hz", "y", "dB"),
            (steps[0].Chart!.ChartType, steps[0].Chart!.Label, steps[0].Chart!.XLabel, steps[0].Chart!.XUnit, steps[0].Chart!.YLabel,
            steps[0].Chart!.YUnit));
        var series = Assert.Single(steps[0].Chart!.Series!);
        Assert.Equal(("10;100;1e3", "0.5;0.7;-1"), (series.XData, series.YData));
        Assert.Equal(["P", "F", "P"], steps.Select(s => s.Status));
        Assert.Null(steps[2].Chart);
        Assert.DoesNotContain(ReportRules.Validate(report), f => !f.RuleId.Contains("Future", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10;0.5\nhalf;1")]
    [InlineData("no curve")]
    public void A_text_that_is_no_curve_stays_a_text_and_is_noted(string text)
    {
        var report = Runs.Plain(Runs.Text(1, text, name: "Sweep")).Map(Runs.Options with { Charts = [new ChartRule { Name = "Sweep" }] });
        Assert.Equal("ET_SVT", report.Root!.Steps![0].StepType);
        Assert.Contains(NoteRules.ChartUnreadable, report.Rules());
    }

    [Fact]
    public void Steps_go_into_their_group_by_pattern()
    {
        var options = Runs.Options with
        {
            StepGroups = [new StepGroupRule { Name = "Init*", Group = "S" }, new StepGroupRule { Number = "/^9\\./", Group = "C" }],
        };
        var steps = Runs.Plain(Runs.Numeric(1, 1, name: "Init supply"), Runs.Numeric(2, 1),
            Runs.Numeric(3, 1, name: "Off") with { Number = "9.1" }).Map(options).Root!.Steps!;
        Assert.Equal(["S", "M", "C"], steps.Select(s => s.Group));
    }

    [Fact]
    public void Steps_are_nested_by_a_pattern_of_their_test_number()
    {
        var options = Runs.Options with { Sequences = new SequenceRule { Pattern = "/^([A-Z]+)\\.(?<Module>[0-9]+)\\./" } };
        var root = Runs.Plain(
            Runs.Numeric(1, 1, name: "a") with { Number = "PWR.1.1" }, Runs.Numeric(2, 1, name: "b", result: 0) with { Number = "PWR.2.1" },
            Runs.Numeric(3, 1, name: "c") with { Number = "none" }, Runs.Numeric(4, 1, name: "a") with { Number = "PWR.1.2" })
            .Map(options).Root!;
        Assert.Equal(["PWR", "c"], root.Steps!.Select(s => s.Name));
        var power = root.Steps![0];
        Assert.Equal(("F", "VTE/Main Plan/Full/PWR"), (power.Status, power.SeqCall!.Path));
        Assert.Equal(["Module 1", "Module 2"], power.Steps!.Select(s => s.Name));
        Assert.Equal(["a", "a (2)"], power.Steps![0].Steps!.Select(s => s.Name));
        Assert.Equal(Enumerable.Range(2, 7), Ids(root.Steps!));
    }

    [Fact]
    public void Steps_are_nested_by_their_number()
    {
        var options = Runs.Options with { Sequences = new SequenceRule { Of = "stepNumber", Pattern = "/^(?<Block>\\d+)\\d\\d$/" } };
        var root = Runs.Plain(Runs.Numeric(101, 1, name: "a"), Runs.Numeric(102, 1, name: "b"), Runs.Numeric(201, 1, name: "a"))
            .Map(options).Root!;
        Assert.Equal(["Block 1", "Block 2"], root.Steps!.Select(s => s.Name));
        Assert.Equal(["a", "b"], root.Steps![0].Steps!.Select(s => s.Name));
    }

    public static TheoryData<byte[], string, string> Files() => new()
    {
        { [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2], "step-1.png", "image/png" },
        { [0xFF, 0xD8, 0xFF, 0xE0, 1], "step-1.jpg", "image/jpeg" },
        { [.. "GIF89a..."u8], "step-1.gif", "image/gif" },
        { [.. "%PDF-1.7 ..."u8], "step-1.pdf", "application/pdf" },
        { [.. "t;v\n1;2\n3;4\n"u8], "step-1.csv", "text/csv; charset=utf-8" },
        { [1, 2, 3], "step-1.bin", "application/octet-stream" },
        { [.. "BM is no bitmap, only a text that begins so"u8], "step-1.bin", "application/octet-stream" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Pictures_documents_and_tables_have_their_own_content_type(byte[] data, string name, string type)
    {
        var file = Assert.Single(Runs.MapSteps(Runs.Other(1, null, data))).Attachment!;
        Assert.Equal((name, type), (file.Name, file.ContentType));
    }

    [Fact]
    public void A_long_table_is_attached_as_one()
    {
        var table = string.Join('\n', Enumerable.Range(0, 900).Select(i => $"{i};{i * 2}"));
        var file = Assert.Single(Runs.MapSteps(Runs.Other(1, table))).Attachment!;
        Assert.Equal(("step-1.csv", table), (file.Name, Encoding.UTF8.GetString(file.Data!)));
    }

    [Fact]
    public void A_report_keeps_to_its_budget_and_the_largest_data_are_told_by_size_and_hash()
    {
        // 400 rows of 100 kB made a report of 52 MB.
        var rows = Enumerable.Range(1, 400)
            .Select(i => (VteStep)Runs.Other(i, null, new byte[i <= 10 ? 1000 : 100 * 1024], name: $"Trace {i}"));
        var report = Runs.Plain([.. rows]).Map();
        var size = Wsjf.ToUtf8(report).Length;
        Assert.InRange(size, 15_000_000, 20_000_000);
        var steps = report.Root!.Steps!;
        Assert.All(steps.Take(10), step => Assert.NotNull(step.Attachment));
        var told = steps.Where(step => step.Attachment is null).ToList();
        Assert.NotEmpty(told);
        Assert.All(told,
            step => Assert.Contains("102400 bytes of binary data, not attached, SHA-256", step.ReportText!, StringComparison.Ordinal));
        Assert.Equal(told.Count, report.Rules().Count(r => r == NoteRules.DataLeftOut));
    }

    [Fact]
    public void Long_texts_count_too_and_what_cannot_be_left_out_is_noted()
    {
        var texts = Runs.Plain([.. Enumerable.Range(1, 300).Select(i => (VteStep)Runs.Other(i, new string('t', 3900), name: $"T{i}"))]);
        var small = texts.Map(Runs.Options with { ReportBudgetBytes = 400_000 });
        Assert.InRange(Wsjf.ToUtf8(small).Length, 1, 450_000);
        var numbers = Runs.Plain([.. Enumerable.Range(1, 1000).Select(i => (VteStep)Runs.Numeric(i, 1, name: $"N{i}"))]);
        Assert.Contains(NoteRules.OverBudget, numbers.Map(Runs.Options with { ReportBudgetBytes = 100_000 }).Rules());
    }

    private static IEnumerable<int> Ids(IEnumerable<WatsStep> steps) => steps.SelectMany(s => Ids(s.Steps ?? []).Prepend(s.Id!.Value));
}
