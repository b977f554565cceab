using System.Text.Json.Nodes;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating.Evidence;
using VteWats.Core.Sync;
using VteWats.Core.Time;
using VteWats.Core.Wats.Client;
using VteWats.Unit.Plants;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Operating;

/// <summary>A made-up plant whose runs are all in a sandbox, so that faults can be planted in what WATS holds.</summary>
internal sealed class EvidenceRig : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly WatsClient _client;

    private EvidenceRig(TempFolder folder, SandboxServer wats, SiteOptions site)
    {
        (_folder, Wats, Site) = (folder, wats, site);
        Configuration = new WatsOptions { BaseUrl = wats.BaseUrl.ToString(), RequestsPerMinute = 0, MassRejectionShare = 0 };
        _client = WatsClient.Create(Configuration, wats.Token);
    }

    public SandboxServer Wats { get; }
    public SiteOptions Site { get; }
    public string Folder => _folder.Path;
    private WatsOptions Configuration { get; }

    /// <summary>A stretch of a day and a half in which the plant worked.</summary>
    public static EvidenceOptions Stretch { get; } =
        new(MadeUpPlant.Someday.AddHours(-36), MadeUpPlant.Someday, Seed: 7, Runs: 40);

    /// <param name="plant">The plant.</param>
    /// <param name="sent">The site as it was when its runs were sent; as it is configured when null.</param>
    public static async Task<EvidenceRig> StartAsync(MadeUpPlant plant, Func<SiteOptions, SiteOptions>? sent = null)
    {
        var folder = new TempFolder();
        var database = folder.File("plant.db");
        plant.Create(database, MadeUpPlant.Someday);
        var rig = new EvidenceRig(folder, await SandboxServer.StartAsync(),
            MadeUpPlant.Load(folder.File("vtewats.json"), plant.File(database)));
        var request = new SyncRequest { InitialSince = Stretch.Since.AddDays(-1) };
        var summary = await new SiteSync(rig.Services(sent?.Invoke(rig.Site) ?? rig.Site, request), request)
            .RunAsync(CancellationToken.None);
        Assert.True(summary.Error is null, summary.Error?.Message);
        Assert.InRange(summary.Uploaded, 100, 5000);
        return rig;
    }

    public Task<EvidenceData> LookAsync(EvidenceOptions? options = null, SiteOptions? site = null) =>
        new EvidenceMaker(Services(site ?? Site), _client).LookAsync(options ?? Stretch, CancellationToken.None);

    public Task<EvidenceSummary> WriteAsync(string name, EvidenceOptions? options = null) =>
        new EvidenceMaker(Services(Site), _client).WriteAsync(options ?? Stretch, _folder.File(name), CancellationToken.None);

    /// <summary>Changes what WATS holds of a run; gives what it held before.</summary>
    public async Task<byte[]> PlantAsync(Guid run, Action<JsonObject> change)
    {
        var before = Wats.Store.Find(run)!.Body!;
        var report = JsonNode.Parse(before)!.AsObject();
        change(report);
        await PutAsync(run, System.Text.Encoding.UTF8.GetBytes(report.ToJsonString()));
        return before;
    }

    public async Task PutAsync(Guid run, byte[] report)
    {
        var result = await _client.PostAsync(run, report, null, CancellationToken.None);
        Assert.Null(result.Findings);
    }

    public SyncServices Services(SiteOptions site, SyncRequest? request = null) => SyncServices.Create(
        site, SiteClock.For(site.TimeZone), null, _folder.File("state"), new SyncOptions(), Configuration, _client,
        request ?? new SyncRequest(), VteWatsLog.None);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Wats.DisposeAsync();
        _folder.Dispose();
    }
}
