using Microsoft.Data.Sqlite;
using VteWats.Core.Assistant;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Schema;
using VteWats.Core.Vte.Sqlite;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Unit.Support;

namespace VteWats.Unit.Assistant;

/// <summary>What really happened in a run of a made-up plant, whatever its database says.</summary>
internal sealed record Truth(DateTimeOffset Start, string Verdict, string Serial, string Part, int Failing);

/// <summary>A database unlike the sample, written row by row, with the truth beside it.</summary>
internal abstract class MadeUpPlant : IDisposable
{
    private readonly TempFolder _temp = new();
    private SqliteRowWriter? _rows;

    public string Database => _temp.File("plant.db");
    public string Configuration => _temp.File("vtewats.json");
    public Dictionary<Guid, Truth> Truths { get; } = [];
    protected Random Random { get; } = new(17);

    public static readonly IReadOnlyList<WatsProcess> Operations =
    [
        new() { Code = 10, Name = "In-circuit test", IsTestOperation = true, State = 1 },
        new() { Code = 90, Name = "Burn In test", IsTestOperation = true, State = 1 },
        new() { Code = 100, Name = "End of line test", IsTestOperation = true, State = 1 },
    ];

    /// <summary>Under which names the tables are written.</summary>
    protected virtual SchemaProfileOptions Names => new();

    /// <summary>SQL that is run on the finished database: columns and tables that nobody asked for.</summary>
    protected virtual IEnumerable<string> Afterwards => [];

    protected abstract void Fill();

    public T Made<T>()
        where T : MadeUpPlant
    {
        using (_rows = new SqliteRowWriter(Database, SchemaProfile.From(Names)))
        {
            Fill();
            _rows.Complete();
        }
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        foreach (var statement in Afterwards)
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }
        return (T)this;
    }

    protected void Row(string table, params object?[] values) => _rows!.Write(table, values);

    /// <summary>How far WATS's clock is ahead.</summary>
    public TimeSpan? WatsAhead { get; set; }

    public Task<SiteProposal> ProposeAsync(params (string Key, object Value)[] answers) => SiteAssistant.ProposeAsync(new SiteRequest
    {
        Site = "Plant", Connection = new ConnectionOptions { Path = Database }, Operations = Operations,
        WatsAhead = WatsAhead, Answers = answers.ToDictionary(a => a.Key, a => (object?)a.Value),
    }, default);

    /// <summary>Reports of the runs, by the file that the assistant writes.</summary>
    public async Task<IReadOnlyList<WatsReport>> ReportsAsync(SiteProposal proposal, int most = 3000)
    {
        SiteFile.Create(Configuration, proposal, new ConnectionOptions { Path = Database }, "https://wats.example", "env:WATS_TOKEN");
        var site = ConfigurationFile.Load(Configuration).Sites["Plant"];
        await using var source = await VteSource.OpenAsync(site.ToSource(), SiteClock.For(site.TimeZone), null, default);
        var mapper = new ReportMapper(site.Mapping, site.Name, SiteClock.For(site.TimeZone));
        var reports = new List<WatsReport>();
        await foreach (var run in source.ReadAsync(new TestRunQuery { NewestFirst = true, First = most }, default))
            if (site.Unfinished.WhyNot(run) is null) reports.Add(mapper.Map(run));
        return reports;
    }

    public void AssertTrue(IReadOnlyList<WatsReport> reports, int fewest)
    {
        Assert.True(reports.Count >= fewest, $"{reports.Count} reports");
        foreach (var report in reports)
        {
            var truth = Truths[report.Id!.Value];
            // A start may be moved by the run's id or its twins, never by as much as a second.
            Assert.InRange((report.StartUtc!.Value - truth.Start).TotalSeconds, -0.6, 1.1);
            Assert.Equal((truth.Verdict, truth.Serial, truth.Part), (report.ResultCode, report.SerialNumber, report.PartNumber));
            Assert.Equal(truth.Failing, Leaves(report.Root!).Count(step => step.Status == "F"));
        }
    }

    public void Dispose() => _temp.Dispose();

    private static IEnumerable<WatsStep> Leaves(WatsStep step) => step.Steps is { Count: > 0 } steps ? steps.SelectMany(Leaves) : [step];
}

internal static class Decisions
{
    public static SiteDecision The(this SiteProposal proposal, string decision) => proposal.Decisions.Single(d => d.Decision == decision);

    public static string Text(this SiteProposal proposal) => string.Join("\n", proposal.Decisions.Select(d =>
        $"{d.Decision} [{d.Certainty}] {d.Value}: {d.Evidence} {string.Join("; ", d.Choices)}"));

    public static IEnumerable<string> Open(this SiteProposal proposal) =>
        proposal.Decisions.Where(d => d.Certainty == DecisionCertainty.Open).Select(d => d.Decision).Order(StringComparer.Ordinal);
}
