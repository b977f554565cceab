using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;

namespace VteWats.Core.Sync.DeadLetters;

/// <summary>
/// The dead letters of one site, in the state database. When there is no room for one, or it cannot be written, that is an error: a run
/// without a letter
/// is not acknowledged.
/// </summary>
public sealed class DeadLetterStore
{
    private static readonly string Release =
        typeof(DeadLetterStore).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private readonly StateDatabase _database;
    private readonly Ledger _ledger;
    private readonly string _name;
    private readonly string _site;
    private readonly DeadLetterLimits _limits;
    private readonly TimeProvider _time;

    public DeadLetterStore(string stateFolder, string site, DeadLetterLimits? limits = null, TimeProvider? time = null)
    {
        _database = new StateDatabase(stateFolder);
        _ledger = new Ledger(_database, site);
        _name = site;
        _site = Ids.Site(site);
        _limits = limits ?? new DeadLetterLimits();
        _time = time ?? TimeProvider.System;
        ReadSince = _time.GetUtcNow();
    }

    /// <summary>The state database.</summary>
    public string Path => _database.Path;

    /// <summary>Given by whoever holds the site: each write then names its epoch.</summary>
    public SyncLease? Lease { get; set; }

    /// <summary>Since when the runs were read that are sent now: a letter that failed before is older than they are.</summary>
    internal DateTimeOffset ReadSince { get; set; }

    /// <summary>Fingerprint of the mapping in use; 0 when it is not known.</summary>
    internal long Mapping { get; set; }

    /// <summary>Writes the letter of a run, over the one that is there: attempts add up and the first failure is kept. On disk when the
    /// task ends.</summary>
    /// <exception cref="VteWatsException"><c>DeadLettersFull</c>: the caps of the configuration are reached;
    /// <c>StateNotWritable</c>.</exception>
    public Task WriteAsync(DeadLetter letter)
    {
        _database.Write(Lease, (connection, transaction) => Write(connection, transaction, letter));
        return Task.CompletedTask;
    }

    /// <summary>Removes the letter of a run; false when there is none.</summary>
    public Task<bool> RemoveAsync(Guid runId) => Task.FromResult(_database.Exists && _database.Write(Lease, (connection, transaction) =>
        connection.Execute(StateSql.RemoveLetter, new { site = _site, id = Ids.Bytes(runId) }, transaction)) > 0);

    /// <summary>Removes the letter of a run whose report got through, if it holds the content that was sent or an older one: a newer one
    /// stays. Where the ledger still has it as a letter, it is one that was sent by now, and is asked for until WATS shows it.</summary>
    public Task<bool> RemoveSentAsync(Guid runId, string? contentHash) => Task.FromResult(
        _database.Read(connection => Has(connection, runId)) && _database.Write(Lease, (connection, transaction) =>
    {
        var id = Ids.Bytes(runId);
        var removed = connection.Execute(contentHash is null ? StateSql.RemoveLetter : StateSql.RemoveLetterOfContent,
            new { site = _site, id, hash = Ids.Hash(contentHash), readSince = ReadSince.UtcTicks }, transaction) > 0;
        if (removed) _ledger.Move(connection, transaction, [runId], LedgerState.Letter, LedgerState.Sent, _time.GetUtcNow());
        return removed;
    }));

    /// <summary>The letter of a run; null when there is none or it is damaged.</summary>
    public async Task<DeadLetter?> FindAsync(Guid runId, Func<string, Task>? warn = null)
    {
        var row = _database.Read(connection => Find(connection, null, runId));
        return row is null ? null : await OpenAsync(row, warn).ConfigureAwait(false);
    }

    /// <summary>True when there is a letter of the run.</summary>
    public bool Has(Guid runId) => _database.Read(connection => Has(connection, runId));

    /// <summary>True when there is one of the stage <see cref="DeadLetterStage.Suspect"/>.</summary>
    public bool HasSuspect(Guid runId) => Has(runId, DeadLetterStage.Suspect);

    /// <summary>True when a person put the run aside.</summary>
    internal bool HasPutAside(Guid runId) => Has(runId, DeadLetterStage.Manual);

    /// <summary>Number of letters.</summary>
    public int Count() => _database.Read(connection => (int)Size(connection, null).Count);

    /// <summary>All letters, in the order in which they failed last. A damaged one is told to <paramref name="warn"/> and stays where it
    /// is.</summary>
    public async IAsyncEnumerable<DeadLetter> ReadAsync(Func<string, Task>? warn = null, [EnumeratorCancellation] CancellationToken ct =
        default)
    {
        var keys = _database.Read(connection => connection.Query<byte[]>(StateSql.LetterKeys, new { site = _site }).ToList()) ?? [];
        foreach (var key in keys)
        {
            ct.ThrowIfCancellationRequested();
            if (await FindAsync(Ids.Guid(key), warn).ConfigureAwait(false) is { } letter) yield return letter;
        }
    }

    /// <summary>The letters that failed last, the newest first; damaged ones are left out. Waits for nobody for long.</summary>
    public IReadOnlyList<DeadLetter> Newest(int most) => _database.Beside(make: false, connection =>
        connection.Query<Row>(StateSql.NewestLetters, new { site = _site, most }).Where(row => row.IsSealed).Select(row => row.Open())
            .OfType<DeadLetter>().Select(letter => letter with { Site = _name }).ToList(), []);

    /// <summary>The runs whose letters are to be tried again by themselves: it is time, or the mapping has changed since.</summary>
    internal IReadOnlyList<Guid> Due() => _database.Read(connection => connection.Query<byte[]>(
        StateSql.LettersDue, new { site = _site, now = _time.GetUtcNow().UtcTicks, mapping = Mapping }).Select(Ids.Guid).ToList()) ?? [];

    /// <summary>The runs whose reports WATS had taken and did not show, the youngest letters first.</summary>
    internal IReadOnlyList<Guid> NotVisible(int most) => _database.Read(connection => connection.Query<byte[]>(
        StateSql.LettersNotVisible, new { site = _site, most }).Select(Ids.Guid).ToList()) ?? [];

    /// <summary>WATS shows these reports now: their letters go, and their runs are confirmed.</summary>
    internal void Withdraw(IReadOnlyCollection<Guid> ids)
    {
        if (ids.Count == 0) return;
        _database.Write(Lease, (connection, transaction) =>
        {
            var removed = ids.Where(id =>
                connection.Execute(StateSql.RemoveNotVisible, new { site = _site, id = Ids.Bytes(id) }, transaction) > 0).ToList();
            _ledger.Move(connection, transaction, removed, LedgerState.Letter, LedgerState.Confirmed, _time.GetUtcNow());
        });
    }

    /// <summary>Sites that have letters.</summary>
    public static IReadOnlyList<string> SitesWithLetters(string stateFolder) =>
        new StateDatabase(stateFolder).Read(connection => connection.Query<string>(StateSql.LetterSites)
            .Select(site => connection.QueryFirst<Row>(StateSql.AnyLetter, new { site }).Open()?.Site ?? site).ToList()) ?? [];

    /// <summary>The sites that have a letter of a run: a report that comes from a file does not know its site.</summary>
    internal static IReadOnlyList<string> SitesOf(string stateFolder, Guid runId) =>
        new StateDatabase(stateFolder).Read(connection => connection.Query<string>(StateSql.SitesOfLetter, new { id = Ids.Bytes(runId) })
        .ToList()) ?? [];

    private void Write(SqliteConnection connection, SqliteTransaction transaction, DeadLetter letter)
    {
        var now = _time.GetUtcNow();
        var earlierRow = Find(connection, transaction, letter.RunId);
        var earlier = earlierRow is { IsSealed: true } ? earlierRow.Open() : null;
        var whole = letter with
        {
            // A run that was sent from its letter does not know any more where it was read; one that cannot be mapped any more had a report
            // once.
            Source = letter.Source ?? earlier?.Source,
            Report = letter.Report ?? earlier?.Report,
            Attempts = letter.Attempts + (earlier?.Attempts ?? 0),
            FirstFailed = earlier?.FirstFailed ?? now,
            LastFailed = now,
            Version = Release,
        };
        var row = Row.From(_site, whole, Mapping, now);
        EnsureRoom(connection, transaction, letter.RunId, earlierRow, row.Bytes);
        connection.Execute(StateSql.PutLetter, row, transaction);
    }

    // A letter that only takes the place of its older self needs no room, also where the caps were lowered meanwhile.
    private void EnsureRoom(SqliteConnection connection, SqliteTransaction transaction, Guid runId, Row? earlier, long bytes)
    {
        var held = Size(connection, transaction);
        var (more, grown) = (earlier is null ? 1 : 0, bytes - (earlier?.Bytes ?? 0));
        if ((more == 0 || held.Count + more <= _limits.Count) && (grown <= 0 || held.Bytes + grown <= _limits.Bytes)) return;
        throw new VteWatsException(
            ErrorKind.DeadLettersFull,
            $"There is no room for the dead letter of test run {runId}: '{_name}' has {held.Count} letters with "
            + $"{held.Bytes / (1024 * 1024)} MB, and "
            + $"{_limits.Count} with {_limits.Bytes / (1024 * 1024)} MB are allowed.",
            $"Get-VteDeadLetter -Site {_name} -Count shows why they are there. Correct the mapping and send them with Send-VteDeadLetter, "
            + "remove them with Remove-VteDeadLetter, or raise sync.maxDeadLetters. The watermark waits before this run.", runId);
    }

    private async Task<DeadLetter?> OpenAsync(Row row, Func<string, Task>? warn)
    {
        if (row.IsSealed && row.Open() is { } letter) return letter with { Site = _name };
        if (warn is not null) await warn(
            $"The dead letter of test run {Ids.Guid(row.RunId)} in {Path} is damaged. Compare-VteWatsSync -Repair reads the run again "
            + "and sends it; "
            + "Remove-VteDeadLetter removes the letter.").ConfigureAwait(false);
        return null;
    }

    private (long Count, long Bytes) Size(SqliteConnection connection, SqliteTransaction? transaction) =>
        connection.QuerySingle<(long, long)>(StateSql.LetterSize, new { site = _site }, transaction);

    private bool Has(Guid runId, DeadLetterStage stage) => _database.Read(connection => connection.ExecuteScalar<long>(
        StateSql.HasLetterOfStage, new { site = _site, id = Ids.Bytes(runId), stage = stage.ToString() })) > 0;

    private bool Has(SqliteConnection connection, Guid runId) =>
        connection.ExecuteScalar<long>(StateSql.HasLetter, new { site = _site, id = Ids.Bytes(runId) }) > 0;

    private Row? Find(SqliteConnection connection, SqliteTransaction? transaction, Guid runId) =>
        connection.QuerySingleOrDefault<Row>(StateSql.FindLetter, new { site = _site, id = Ids.Bytes(runId) }, transaction);

    private sealed class Row
    {
        public string Site { get; set; } = "";
        public byte[] RunId { get; set; } = [];
        public string Stage { get; set; } = "";
        public long LastFailed { get; set; }
        public long FirstFailed { get; set; }
        public long Attempts { get; set; }
        public long? NextTry { get; set; }
        public long Mapping { get; set; }
        public byte[]? ContentHash { get; set; }
        public int Place { get; set; }
        public long Bytes { get; set; }
        public byte[] Seal { get; set; } = [];
        public byte[] Body { get; set; } = [];

        public bool IsSealed => Seal.AsSpan().SequenceEqual(SHA256.HashData(Body));

        public static Row From(string site, DeadLetter letter, long mapping, DateTimeOffset now)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(letter, DeadLetterJson.Default.DeadLetter);
            return new Row
            {
                Site = site, RunId = Ids.Bytes(letter.RunId), Stage = letter.Stage.ToString(), LastFailed = letter.LastFailed.UtcTicks,
                FirstFailed = letter.FirstFailed.UtcTicks, Attempts = letter.Attempts, NextTry = letter.NextTryAfter(now)?.UtcTicks,
                Mapping = mapping,
                ContentHash = letter.Run?.ContentHash is { } hash ? Ids.Hash(hash)
                    : null, Place = letter.Run?.DuplicateIndex ?? 0, Bytes = body.Length, Seal = SHA256.HashData(body), Body = body,
            };
        }

        public DeadLetter? Open()
        {
            try { return JsonSerializer.Deserialize(Body, DeadLetterJson.Default.DeadLetter); }
            catch (JsonException) { return null; }
        }
    }
}
