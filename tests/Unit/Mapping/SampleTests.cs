using System.Text.Json;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Sample;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Rules;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Mapping;

/// <summary>A whole sample database, read as a site is read, under the default mapping.</summary>
public sealed class SampleTests : IDisposable
{
    private const int RunCount = 10_000;
    private static readonly DateTimeOffset Until = new(2024, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_run_of_a_plant_with_all_its_dirt_is_a_faultless_report_with_all_it_holds_or_was_planted_as_unmappable()
    {
        var path = Path.Combine(_folder.Path, "sample.db");
        var sample = await SampleDatabase.CreateSqliteAsync(path, new SampleOptions { Runs = RunCount, Until = Until });
        var site = new SiteOptions
        {
            Name = "Oslo", TimeZone = sample.TimeZone, Connection = new ConnectionOptions { Path = path },
            Mapping = new MappingOptions { DefaultProcessCode = 100 },
        };
        await using var source = await TestSource.OpenAsync(site, null, CancellationToken.None);
        var mapper = new ReportMapper(site.Mapping, site.Name);
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { KeepBodies = false });
        using var wats = WatsClient.Create(new WatsOptions
        {
            BaseUrl = server.BaseUrl.OriginalString, RequestsPerMinute = 0,
            Proxy = "none"
        }, server.Token);
        var posts = new Queue<Task<PostResult>>();

        var refused = new List<UnmappableRun>();
        var starts = new HashSet<(string?, string?, int?, DateTimeOffset?)>();
        var noted = new HashSet<string>();
        await foreach (var run in source.ReadAsync(new TestRunQuery { Until = Until.AddDays(1), SettleTime = TimeSpan.Zero },
            CancellationToken.None))
        {
            WatsReport report;
            try
            {
                report = mapper.Map(run);
            }
            catch (VteWatsException e) when (e.Error == ErrorKind.RunUnmappable)
            {
                refused.Add(new UnmappableRun(run.Id, ReasonOf(e)));
                continue;
            }
            var wsjf = Wsjf.ToUtf8(report);
            posts.Enqueue(wats.PostAsync(run.Id, wsjf, null, CancellationToken.None));
            if (posts.Count >= 8) Assert.Null((await posts.Dequeue()).Findings);
            using var json = JsonDocument.Parse(wsjf);
            Assert.Empty(ReportRules.Validate(json.RootElement, Until).Select(f => $"{run.Id} {f.RuleId} {f}"));
            ReportContentAssert.Check(run, json.RootElement);
            // What WATS knows a report by, apart from its id.
            Assert.True(starts.Add((report.Sn, report.Pn, report.ProcessCode, report.StartUtc)),
                $"Run {run.Id} would overwrite another one.");
            noted.UnionWith(report.Rules());
        }

        Assert.All(await Task.WhenAll(posts), post => Assert.Null(post.Findings));
        Assert.Equal(starts.Count, server.Store.Count);
        Assert.Empty(server.Store.Swallowed);
        Assert.Equal(RunCount, starts.Count + refused.Count);
        Assert.NotEmpty(refused);
        Assert.Equal(sample.Unmappable.OrderBy(r => r.Id), refused.OrderBy(r => r.Id));
        // The dirt was met, not missed.
        Assert.Superset(
            new HashSet<string>
            {
                NoteRules.Truncated, NoteRules.CharactersRemoved, NoteRules.LimitsReversed, NoteRules.ValueUnusable, NoteRules.NoSteps,
                NoteRules.StartMoved,
                NoteRules.DataLeftOut, NoteRules.Renamed,
            },
            noted);
    }

    private static string ReasonOf(VteWatsException e) =>
        e.Message.Contains("no serial number", StringComparison.Ordinal) ? UnmappableRun.NoSerialNumber
        : e.Message.Contains("Result 7 is unknown", StringComparison.Ordinal) ? UnmappableRun.UnknownResult
        : e.Message;
}
