using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;

namespace VteWats.Core.Sync;

/// <summary>The parts a sync is composed of. They are the same that the cmdlets of the pipeline use.</summary>
public sealed record SyncServices
{
    public required SiteOptions Site { get; init; }
    public required string StateFolder { get; init; }
    public SyncOptions Sync { get; init; } = new();

    /// <summary>Base URL of the WATS server.</summary>
    public required string Target { get; init; }

    /// <summary>Opens the database and checks its schema.</summary>
    public required Func<CancellationToken, Task<IVteSource>> OpenSource { get; init; }

    /// <summary>Sends reports and gives receipts in their order. It writes the dead letters of refused ones and acknowledges.</summary>
    public required Func<IAsyncEnumerable<WatsReport>, CancellationToken, IAsyncEnumerable<WatsReceipt>> Send { get; init; }

    /// <summary>Codes of the active test operations of the server.</summary>
    public Func<CancellationToken, Task<IReadOnlyCollection<int>>>? ActiveOperations { get; init; }

    /// <summary>The lease in the database, where there is one.</summary>
    internal Func<CancellationToken, Task<IDatabaseLease?>>? DatabaseLease { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
    public VteWatsLog Log { get; init; } = VteWatsLog.None;

    /// <summary>The site's clock: one for all parts, because it counts the local times that occur twice or never.</summary>
    public required SiteClock Clock { get; init; }

    /// <summary>The site's dead letters: one store for all parts, because it counts what it holds.</summary>
    public required DeadLetterStore DeadLetters { get; init; }

    /// <summary>Where posts are written down before they are made; null where nobody does.</summary>
    internal PostJournal? Journal { get; init; }

    /// <summary>What became of the last runs, shared by those who make reports and those who send them.</summary>
    internal RejectionWindow? Rejections { get; init; }

    /// <summary>Those of some ids that WATS shows; null where nothing is confirmed.</summary>
    public Func<IReadOnlyCollection<Guid>, CancellationToken, Task<IReadOnlySet<Guid>>>? FindExisting { get; init; }

    /// <summary>Requests that the limit of the token has left; null where there is no limit.</summary>
    public Func<long?> RequestsLeft { get; init; } = static () => null;

    /// <summary>What is known of the site when its runs are read.</summary>
    /// <param name="watermark">The watermark as it is.</param>
    /// <param name="initialSince">Where the first sync begins; the configured start when null.</param>
    /// <exception cref="VteWatsException"><c>WatermarkMissing</c>, <c>StateForeign</c>.</exception>
    public Checkpoint Checkpoint(Watermark? watermark, DateTimeOffset? initialSince) =>
        new(StateFolder, Site.Name, watermark, new CheckpointOptions
        {
            Clock = Clock,
            GuardBand = TimeSpan.FromMinutes(Sync.GuardBandMinutes),
            InitialSince = initialSince ?? (Site.InitialSince is { } text ? SiteTime.ToInstant(text, Clock) : null),
            Target = Target,
            Mapping = Site.Mapping.Fingerprint(),
            MappingText = Site.Mapping.ToText(),
            Unfinished = Site.Unfinished.WhyNot,
            UnfinishedFor = TimeSpan.FromHours(Sync.UnfinishedHours),
        });

    /// <summary>How runs become reports.</summary>
    /// <param name="dry">Keep no dead letters.</param>
    public RunMapping Mapping(bool dry) => new(new ReportMapper(Site.Mapping, Site.Name, Clock), dry ? null : DeadLetters);

    /// <summary>The parts for a site as it is configured.</summary>
    /// <param name="site">The site.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="password">Password of its login.</param>
    /// <param name="stateFolder">The state folder.</param>
    /// <param name="sync">How the sync runs.</param>
    /// <param name="wats">The server and its limits.</param>
    /// <param name="client">The client, which may be shared by sites.</param>
    /// <param name="request">What is asked for: a dry run needs a dry sender.</param>
    /// <param name="log">The log.</param>
    /// <param name="time">The clock.</param>
    public static SyncServices Create(
        SiteOptions site, SiteClock clock, string? password, string stateFolder, SyncOptions sync, WatsOptions wats, WatsClient client,
        SyncRequest request, VteWatsLog log, TimeProvider? time = null)
    {
        var journal = new PostJournal();
        var letters = new DeadLetterSink(stateFolder, sync.DeadLetterLimits(), time);
        var send = SendOptions.From(wats) with
        {
            WhatIf = request.DryRun,
            Rejected = letters,
            BeforePost = journal,
            SuspectHistory = new SuspectHistory(stateFolder),
        };
        var sender = new WatsSender(client, send);
        var database = site.ToSource() with { OnAttempt = attempt => SyncLog.Write(log, attempt) };
        return new SyncServices
        {
            Site = site,
            StateFolder = stateFolder,
            Sync = sync,
            Clock = clock,
            DeadLetters = letters.StoreOf(site.Name),
            Target = client.BaseUrl.ToString(),
            OpenSource = async ct =>
            {
                var source = await VteSource.OpenAsync(database, clock, password, ct).ConfigureAwait(false);
                source.Retrying += e => log.For<VteSource>().Warning(e, "Reading a page of {Site} again", site.Name);
                return source;
            },
            Send = sender.SendAsync,
            ActiveOperations = async ct => [.. (await client.GetProcessesAsync(ct)
                .ConfigureAwait(false)).Where(p => p.TakesTests).Select(p => p.Code)],
            DatabaseLease = ct => SqlServerLease.TryAcquireAsync(VteDatabase.Create(database, password), site.Name, request.Purpose,
                log, ct),
            Journal = journal,
            Rejections = send.Rejections,
            FindExisting = client.FindExistingAsync,
            RequestsLeft = () => client.RequestsLeft,
            Time = time ?? TimeProvider.System,
            Log = log,
        };
    }
}
