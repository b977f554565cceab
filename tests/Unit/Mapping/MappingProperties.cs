using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Rules;

namespace VteWats.Unit.Mapping;

public class MappingProperties
{
    private static readonly ReportMapper Mapper = new(Runs.Options with { MissingSerialNumber = "NOSERIAL-{Id}" }, "Oslo");

    [Fact]
    public void Any_run_gives_a_faultless_report_or_is_unmappable() => ForAll(300, run =>
    {
        if (TryMap(run) is not { } report) return;
        Assert.Empty(ReportRules.Validate(report, DateTimeOffset.MaxValue).Where(f => f.RuleId != "Wsjf.Text.Wildcard")
            .Select(f => $"{f.RuleId} {f}"));
    });

    [Fact]
    public void All_of_any_run_is_found_again_in_its_report() => ForAll(200, run =>
    {
        // A tag a row, so that rows with equal names and values are told apart.
        run = run with { Steps = [.. run.Steps!.Select((row, i) => row with { Number = $"<{i}> {row.Number}" })] };
        if (TryMap(run) is not { } report) return;
        using var json = JsonDocument.Parse(Wsjf.ToUtf8(report));
        ReportContentAssert.Check(run, json.RootElement);
    });

    [Fact]
    public void Mapping_is_deterministic() => ForAll(60, run =>
    {
        var once = TryMap(run);
        var again = TryMap(run with { Steps = [.. run.Steps!] });
        Assert.Equal(once is null, again is null);
        if (once is null) return;
        Assert.Equal(Wsjf.ToUtf8(once), Wsjf.ToUtf8(again!));
        Assert.Equal(once.Notes, again!.Notes);
    });

    [Fact]
    public void Writing_and_reading_a_report_is_the_identity() => ForAll(60, run =>
    {
        if (TryMap(run) is not { } report) return;
        var text = Wsjf.ToUtf8(report);
        var read = Wsjf.Parse(text);
        Assert.Equal(text, Wsjf.ToUtf8(read));
        Assert.Equal(Numbers(report), Numbers(read));
    });

    private static IEnumerable<long> Numbers(WatsReport report) =>
        from step in report.Root!.Steps ?? []
        from measure in step.NumericMeas ?? []
        from number in new[] { measure.Value, measure.LowLimit, measure.HighLimit }
        select BitConverter.DoubleToInt64Bits(number ?? double.NaN);

    /// <summary>The report, or null where the run is refused in the one way that is allowed.</summary>
    private static WatsReport? TryMap(VteTestRun run)
    {
        try
        {
            return Mapper.Map(run);
        }
        catch (VteWatsException e) when (e.Error == ErrorKind.RunUnmappable)
        {
            // Only for what the run really lacks.
            Assert.True(
                run.ResultCode is not (>= 0 and <= 3) || run.Steps!.Any(s => s.ResultCode is not (>= 0 and <= 2))
                || string.IsNullOrWhiteSpace(run.Product.Name)
                || run.Product.Name.Trim().All(c => char.IsControl(c) || char.IsSurrogate(c) || char.IsWhiteSpace(c) || c >= '\uFFFE'),
                e.Message);
            return null;
        }
    }

    private static void ForAll(int runs, Action<VteTestRun> check) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(runs), Prop.ForAll(ArbitraryRuns.Run.ToArbitrary(), check));
}
