using System.Globalization;
using System.Runtime.CompilerServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.Inspection;
using VteWats.Core.IO;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Operating.Setup;

/// <summary>What the chain is made of, once the configuration and the secrets were read.</summary>
public sealed record SetupParts
{
    /// <summary>The sites with the passwords of their logins.</summary>
    public required IReadOnlyList<(SiteOptions Site, string? Password)> Sites { get; init; }
    public WatsOptions? Wats { get; init; }

    /// <summary>The token; null where it could not be read.</summary>
    public string? Token { get; init; }
    public string? ProxyPassword { get; init; }
    public required string StateFolder { get; init; }
    public LoggingOptions Logging { get; init; } = new();
    public HealthOptions Health { get; init; } = new();
}

/// <summary>Tries the whole chain as the account that runs this, link by link, and changes nothing: no state, no lease, no
/// report.</summary>
public sealed class SetupCheck(SetupParts parts)
{
    // A person waits: what does not answer at once is told.
    private const int Attempts = 1, Patience = 30;

    /// <summary>The steps, as they come out.</summary>
    public async IAsyncEnumerable<SetupStep> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var (site, password) in parts.Sites)
        {
            ConnectionReport? report = null;
            VteWatsException? failure = null;
            try { report = await ConnectionCheck.RunAsync(site.ToSource(), password, ct).ConfigureAwait(false); }
            catch (VteWatsException e) { failure = e; }
            if (report is null)
            {
                yield return SetupStep.From("Connection", site.Name, failure!);
                foreach (var step in (string[])["Schema", "Rights", "Clock"])
                    yield return new SetupStep(step, site.Name, SetupState.Skipped, "There is no connection.");
                continue;
            }
            yield return Connected(report);
            yield return await SchemaAsync(site, password, ct).ConfigureAwait(false);
            yield return Rights(report);
            yield return Clock(report);
        }
        await foreach (var step in WatsAsync(ct).ConfigureAwait(false)) yield return step;
        yield return State();
        foreach (var (site, _) in parts.Sites) yield return Lock(site.Name);
        yield return Disk();
        yield return Log();
        yield return new SetupStep("Versions", null, SetupState.Passed, $"VteWats {Release.Version}, {Release.Runtime}, {Release.System}.");
    }

    private static SetupStep Connected(ConnectionReport report) => new("Connection", report.Site, SetupState.Passed,
        string.Create(CultureInfo.InvariantCulture, $"{report.Database}{(report.Server is null ? "" : $" on {report.Server}")}, version ")
        + $"{report.Version}{(report.Login is null ? "" : $", as {report.Login}")}"
        + $"{(report.Encrypted is { } encrypted ? encrypted ? ", encrypted" : ", not encrypted" : "")}.");

    private static async Task<SetupStep> SchemaAsync(SiteOptions site, string? password, CancellationToken ct)
    {
        try
        {
            var source = await VteSource.OpenAsync(site.ToSource(), SiteClock.For(site.TimeZone), password, ct).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
                return new SetupStep("Schema", site.Name, SetupState.Passed, "The tables and columns that a sync reads are there.");
        }
        catch (VteWatsException e)
        {
            return SetupStep.From("Schema", site.Name, e);
        }
    }

    private static SetupStep Rights(ConnectionReport report) => report switch
    {
        { NotReadable.Count: > 0 } => new("Rights", report.Site, SetupState.Failed,
            $"The login may not read {string.Join(", ", report.NotReadable)}.",
            "Let the database administrator grant SELECT on these tables to the login; db_datareader suffices."),
        { MayWrite: true } => new("Rights", report.Site, SetupState.Warning,
            "The login may read all tables, and write test runs, too.", "Reading is all that is needed: take the right to write from it."),
        _ => new("Rights", report.Site, SetupState.Passed, "The login may read all tables."),
    };

    private SetupStep Clock(ConnectionReport report)
    {
        var seconds = report.ClockDifference.TotalSeconds;
        var text = string.Create(CultureInfo.InvariantCulture, $"The database's clock differs by {seconds:0.0} s from this machine's.");
        return Math.Abs(seconds) <= parts.Health.ClockSeconds ? new("Clock", report.Site, SetupState.Passed, text)
            : new("Clock", report.Site, SetupState.Warning, text, "Let both take their time from the same server (NTP).");
    }

    private async IAsyncEnumerable<SetupStep> WatsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (parts.Wats is null || parts.Token is null)
        {
            yield return parts.Wats is null
                ? new("WATS", null, SetupState.Failed, "The configuration names no WATS server.", "Set wats.baseUrl and wats.token.")
                : new("WATS", null, SetupState.Skipped, "There is no token.");
            foreach (var step in (string[])["Token", "Operations"]) yield return new(step, null, SetupState.Skipped, "WATS was not asked.");
            yield break;
        }
        WatsConnectionReport? report = null;
        IReadOnlyCollection<int>? active = null;
        VteWatsException? failure = null;
        try
        {
            using var client = WatsClient.Create(parts.Wats with { MaxAttempts = Attempts, TotalTimeoutSeconds = Patience }, parts.Token,
                parts.ProxyPassword);
            report = await WatsConnectionCheck.RunAsync(client, ct).ConfigureAwait(false);
            if (report.MayReadProcesses == true) active = await ActiveAsync(client, ct).ConfigureAwait(false);
        }
        catch (VteWatsException e)
        {
            failure = e;
        }
        if (report is null)
        {
            yield return SetupStep.From("WATS", null, failure!);
            foreach (var step in (string[])["Token", "Operations"])
                yield return new(step, null, SetupState.Skipped, "WATS cannot be reached.");
            yield break;
        }
        yield return new("WATS", null, SetupState.Passed, string.Create(CultureInfo.InvariantCulture,
            $"{report.Server} is a WATS server of version {report.Version} and answers in {report.Latency.TotalMilliseconds:0} ms."));
        foreach (var right in report.Rights) yield return new("Token", null, right.Granted == true ? SetupState.Passed : SetupState.Failed,
            right.Message, right.Advice);
        foreach (var (site, _) in parts.Sites) yield return Operations(site, active);
    }

    private static async Task<IReadOnlyCollection<int>> ActiveAsync(WatsClient client, CancellationToken ct) =>
        [.. (await client.GetProcessesAsync(ct).ConfigureAwait(false))
            .Where(p => p.TakesTests).Select(p => p.Code)];

    private static SetupStep Operations(SiteOptions site, IReadOnlyCollection<int>? active)
    {
        var codes = site.Mapping.ProcessCodes();
        if (active is null) return new("Operations", site.Name, SetupState.Skipped, "The token may not read the operations.");
        const string Advice = "Correct mapping.operations and mapping.defaultProcessCode of the site, or activate the operations in WATS. "
            + "Get-WatsProcess lists them.";
        if (codes.Count == 0) return new("Operations", site.Name, SetupState.Failed, "The mapping names no operation.", Advice);
        var missing = codes.Except(active).Order().Select(code => code.ToString(CultureInfo.InvariantCulture)).ToList();
        return missing.Count == 0
            ? new("Operations", site.Name, SetupState.Passed, "All operations of the mapping are active in WATS.")
            : new("Operations", site.Name, missing.Count == codes.Count ? SetupState.Failed : SetupState.Warning,
                $"Operations of the mapping that are not active test operations in WATS: {string.Join(", ", missing)}.", Advice);
    }

    private SetupStep State()
    {
        try
        {
            StateFolder.EnsureLocal(Path.GetFullPath(parts.StateFolder));
            WritableFolder.Ensure(parts.StateFolder);
            return StateCheck.Run(parts.StateFolder) switch
            {
                null => new("State", null, SetupState.Passed, $"There is no state in {parts.StateFolder} yet; it can be made."),
                { IsSound: true } sound => new("State", null, SetupState.Passed, string.Create(CultureInfo.InvariantCulture,
                    $"The state in {parts.StateFolder} is sound: {sound.LedgerRuns} runs, {sound.DeadLetters} dead letters.")),
                var damaged => new("State", null, SetupState.Failed, string.Join(" ", damaged.Findings), damaged.Advice ?? ""),
            };
        }
        catch (VteWatsException e)
        {
            return SetupStep.From("State", null, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return SetupStep.From("State", null, new StateDatabase(parts.StateFolder).NotWritable(e));
        }
    }

    private SetupStep Lock(string site)
    {
        var path = new SiteFiles(parts.StateFolder, site).Lease(SyncLease.Live);
        try
        {
            if (!File.Exists(path)) return new("Lock", site, SetupState.Passed, "No sync is at work.");
            using var free = FileLock.Try(path);
            return free is not null ? new("Lock", site, SetupState.Passed, "No sync is at work.")
                : new("Lock", site, SetupState.Warning, "A sync of the site is at work.",
                    "Nothing, unless nobody knows of it: then end it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("Lock", site, SetupState.Failed, $"{path} cannot be locked: {e.Message}",
                "Let this account own the state folder: another one has made it.");
        }
    }

    private SetupStep Disk()
    {
        var free = new HealthMeasure().On(Nearest(parts.StateFolder)).FreeBytes;
        if (free is null) return new("Disk", null, SetupState.Warning, "How much room the disk of the state has cannot be seen.");
        var text = string.Create(CultureInfo.InvariantCulture, $"{free / 1048576} MB are free on the disk of the state.");
        return free >= parts.Health.DiskMegabytes * 1048576L ? new("Disk", null, SetupState.Passed, text)
            : new("Disk", null, SetupState.Warning, text, "Make room: without it the state cannot be written, and the sync stops.");
    }

    private SetupStep Log()
    {
        if (parts.Logging.Folder is null || parts.Logging.Level == LoggingOptions.Off)
            return new("Log", null, SetupState.Warning, "The log is switched off.",
                "Set logging.level, or nobody can see later what happened.");
        var (log, problem) = VteWatsLog.TryOpen(parts.Logging);
        log.Dispose();
        return problem is null ? new("Log", null, SetupState.Passed, $"The log can be written to {parts.Logging.Folder}.")
            : SetupStep.From("Log", null, problem, SetupState.Warning);
    }

    private static string Nearest(string folder)
    {
        var there = Path.GetFullPath(folder);
        while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } above) there = above;
        return there;
    }
}
