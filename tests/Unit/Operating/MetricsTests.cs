using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using VteWats.Core.Operating;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Unit.Support;
using VteWats.Unit.Sync;

namespace VteWats.Unit.Operating;

/// <summary>What Prometheus is given, and what it makes of it.</summary>
[Trait("Category", "Process")]
public sealed class MetricsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2024, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Rules = Path.Combine(Repository.Root, "samples", "prometheus-rules.yml");
    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(Now, new SyncOptions { BatchSize = 10 });

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    private static SiteStatus Strange => new()
    {
        Site = "a\"b\\c\nd", LastAttempt = Now, Version = "1", Runtime = "r", Comparison = new ComparisonStatus { At = Now },
        ClockDifference = TimeSpan.FromSeconds(-1.5), RequestsLeft = 500, BackfillRemaining = 4, ExitCode = 0, SourceConnected = false,
    };

    [ProgramFact("promtool", "prometheus")]
    public async Task The_text_passes_promtool_whatever_the_site_is_called()
    {
        _rig.InsertRuns(12);
        var (_, status, _) = await _rig.RecordAsync();
        var text = MetricsText.Render([status, Strange], new HealthMeasure { TokenExpires = "2027-01-31", FreeBytes = 12 });
        Assert.Equal((0, ""), await ProgramFactAttribute.RunAsync("promtool", text, "check", "metrics"));
    }

    [ProgramFact("promtool", "prometheus")]
    public async Task The_rules_and_their_own_tests_pass_promtool()
    {
        var (code, said) = await ProgramFactAttribute.RunAsync("promtool", "", "check", "rules", Rules);
        Assert.True(code == 0, said);
        (code, said) = await ProgramFactAttribute.RunAsync("promtool", "", "test", "rules",
            Path.Combine(Repository.Root, "tests", "Prometheus", "prometheus-rules.test.yml"));
        Assert.True(code == 0, said);
    }

    [Fact]
    public async Task Counts_of_a_sync_are_in_the_text_by_site()
    {
        _rig.InsertRuns(12);
        var text = MetricsText.Render([(await _rig.RecordAsync()).Status]);
        foreach (var line in new[] { "reports_sent_total{site=\"Oslo\"} 12", "upload_duration_seconds_count{site=\"Oslo\"} 12",
            "upload_duration_seconds_bucket{site=\"Oslo\",le=\"+Inf\"} 12", "sync_lag_seconds{site=\"Oslo\"} 0",
            "source_connected{site=\"Oslo\"} 1", "last_success_timestamp_seconds{site=\"Oslo\"} 1714824000" })
            Assert.Contains("\nvtewats_" + line + "\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_textfile_is_the_same_text_in_utf8_without_a_mark_and_whole()
    {
        var folder = Path.Combine(_rig.Folder, "textfile");
        _rig.InsertRuns(3);
        var (_, status, recorder) = await _rig.RecordAsync(onWritten: s => MetricsFile.Write(folder, s, new HealthMeasure()));
        Assert.Null(recorder.Problem);
        var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, "vtewats_oslo.prom"));
        Assert.Equal(MetricsText.Render([status]), Encoding.UTF8.GetString(bytes));
        Assert.Equal(((byte)'#', (byte)'\n'), (bytes[0], bytes[^1]));
        Assert.DoesNotContain((byte)'\r', bytes);
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task A_textfile_that_cannot_be_written_is_told_and_harms_nothing()
    {
        var taken = Path.Combine(_rig.Folder, "taken");
        await File.WriteAllTextAsync(taken, "");
        _rig.InsertRuns(3);
        var (summary, _, recorder) = await _rig.RecordAsync(onWritten: s => MetricsFile.Write(taken, s, new HealthMeasure()));
        Assert.Equal(0, summary.ExitCode);
        Assert.Contains("metrics.textfileFolder", recorder.Problem!.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_metric_of_the_rules_is_one_that_is_written()
    {
        var text = MetricsText.Render([Strange with { LastSuccess = Now, LastProgress = Now, WaitingSince = Now, LetterCapacity = 1 }],
            new HealthMeasure { TokenExpires = "2027-01-31", FreeBytes = 12 });
        var written = Regex.Matches(text, "^(vtewats_[a-z0-9_]+)", RegexOptions.Multiline).Select(m => m.Groups[1].Value).ToHashSet();
        var used = Regex.Matches(File.ReadAllText(Rules), "vtewats_[a-z0-9_]+").Select(m => m.Value).ToHashSet();
        Assert.NotEmpty(used);
        Assert.Subset(written, used);
    }

    [Fact]
    public void Every_expression_of_the_dashboard_is_one_of_the_rules()
    {
        var recorded = Regex.Matches(File.ReadAllText(Rules), @"record: (\S+)").Select(m => m.Groups[1].Value).ToHashSet();
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "samples", "grafana-dashboard.json")));
        var shown = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!);
        Assert.Subset(recorded, shown.ToHashSet());
    }

    /// <summary>The rules are for those who have no alerts of ours: nothing that health knows may be missing there.</summary>
    [Fact]
    public void Every_condition_that_metrics_can_show_has_its_alert()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operating.md"));
        var conditions = Regex.Matches(page, @"^\| `([A-Z][A-Za-z]+)` \|.*\| (.+) \|$", RegexOptions.Multiline)
            .Select(m => (Name: m.Groups[1].Value, Rule: m.Groups[2].Value)).ToList();
        var alerts = Regex.Matches(File.ReadAllText(Rules), @"- alert: (\S+)").Select(m => m.Groups[1].Value).ToHashSet();
        Assert.NotEmpty(conditions);
        Assert.All(conditions, c => Assert.True(c.Rule == "none" || alerts.Contains(c.Rule.Trim('`')), c.Name));
        Assert.Equal(
            Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", "VteWats.Core", "Operating", "HealthEvaluator.cs")),
                @"new\(""([A-Z][A-Za-z]+)""").Select(m => m.Groups[1].Value).Distinct().Order(),
            conditions.Select(c => c.Name).Order());
    }
}
