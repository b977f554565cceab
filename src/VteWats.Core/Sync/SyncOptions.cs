using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;

namespace VteWats.Core.Sync;

/// <summary>What one sync of a site is asked to do.</summary>
public sealed record SyncRequest
{
    /// <summary>Where the first sync begins when the site has no watermark.</summary>
    public DateTimeOffset? InitialSince { get; init; }

    /// <summary>Send again what is known and what is in WATS already.</summary>
    public bool Force { get; init; }

    /// <summary>Read, map and ask only: nothing is posted, no state and no dead letter is written. The sender must be a dry one too.</summary>
    public bool DryRun { get; init; }

    /// <summary>Given for a backfill: only this stretch is sent, the live watermark is left alone.</summary>
    public BackfillRange? Backfill { get; init; }

    /// <summary>What the lease is taken for: each backfill has its own, so that it may run beside the sync.</summary>
    internal string Purpose => Backfill is { } range ? "backfill-" + BackfillPosition.KeyOf(range) : Live;

    /// <summary><see cref="Purpose"/> of what is no backfill.</summary>
    internal const string Live = "sync";

    /// <summary>Time for posts under way to end after a stop was asked for.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>The stretch of a backfill.</summary>
/// <param name="Since">First instant.</param>
/// <param name="Until">Instant before which it ends; what is settled when it begins, if null.</param>
/// <param name="NewestFirst">Backwards from the end.</param>
public sealed record BackfillRange(DateTimeOffset Since, DateTimeOffset? Until, bool NewestFirst);

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
    public Func<CancellationToken, Task<IAsyncDisposable?>>? DatabaseLease { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
    public VteWatsLog Log { get; init; } = VteWatsLog.None;

    /// <summary>The site's dead letters.</summary>
    public DeadLetterStore DeadLetters => new(StateFolder, Site.Name, Sync, Time);

    /// <summary>How runs become reports.</summary>
    /// <param name="dry">Keep no dead letters.</param>
    public RunMapping Mapping(bool dry) => new(new ReportMapper(Site.Mapping, Site.Name), dry ? null : DeadLetters);

    /// <summary>The parts for a site as it is configured.</summary>
    /// <param name="site">The site.</param>
    /// <param name="password">Password of its login.</param>
    /// <param name="stateFolder">The state folder.</param>
    /// <param name="sync">How the sync runs.</param>
    /// <param name="wats">The server and its limits.</param>
    /// <param name="client">The client, which may be shared by sites.</param>
    /// <param name="options">What is asked for: a dry run needs a dry sender.</param>
    /// <param name="log">The log.</param>
    public static SyncServices Create(
        SiteOptions site, string? password, string stateFolder, SyncOptions sync, WatsOptions wats, WatsClient client, SyncRequest options, VteWatsLog log)
    {
        var letters = new DeadLetterSink(stateFolder, sync);
        var send = SendOptions.From(wats) with { Force = options.Force, WhatIf = options.DryRun, Keep = letters.KeepAsync, Forget = letters.ForgetAsync, Keeps = letters.Keeps };
        return new SyncServices
        {
            Site = site,
            StateFolder = stateFolder,
            Sync = sync,
            Target = client.BaseUrl.ToString(),
            OpenSource = async ct =>
            {
                var source = await VteSource.OpenAsync(site, password, ct).ConfigureAwait(false);
                source.Retrying += e => log.For<VteSource>().Warning(e, "Reading a page of {Site} again", site.Name);
                return source;
            },
            Send = (reports, ct) => new WatsSender(client, send).SendAsync(reports, ct),
            ActiveOperations = async ct => [.. (await client.GetProcessesAsync(ct).ConfigureAwait(false)).Where(p => p.IsTestOperation && p.State is null or 1).Select(p => p.Code)],
            DatabaseLease = ct => SqlServerLease.TryAcquireAsync(VteDatabase.Create(site, password), site.Name, options.Purpose, log, ct),
            Log = log,
        };
    }
}
