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
            (report.Type, report.Pn, report.Sn, report.Rev, report.ProcessCode, report.Result, report.MachineName, report.Location, report.Purpose));
        Assert.Equal(new WatsUut { User = "op1", ExecTime = 41.5, BatchSn = "LOT-9" }, report.Uut);
        Assert.Equal(Runs.Plain().Id, report.Id);
        Assert.Equal(report.Start, report.StartUtc);
        Assert.Equal(TimeSpan.Zero, report.StartUtc!.Value.Offset);
        Assert.Equal(("Main Plan", "P", new WatsSeqCall { Path = "VTE/Main Plan/Full", Name = "Main Plan", Version = "1.4" }), (report.Root!.Name, report.Root.Status, report.Root.SeqCall!));
        Assert.Equal(
            ["VTE Source=VTE:6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001", "Variant=Full", "Exit Code=0", "Test System GUID=6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f00aa"],
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
        var run = Runs.Plain(Runs.Numeric(1, 1, result: 9)) with { Result = 7, Unit = VteUnit.Unknown };
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
}
