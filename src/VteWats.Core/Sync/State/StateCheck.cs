using Dapper;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Sync.State;

/// <summary>What the state database holds, and whether it can be trusted.</summary>
public sealed record StateReport
{
    /// <summary>The database file.</summary>
    public required string Path { get; init; }

    /// <summary>True when nothing is wrong with it.</summary>
    public required bool IsSound { get; init; }

    /// <summary>What is wrong, one finding an entry.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>What to do about it; null when nothing is wrong.</summary>
    public string? Advice { get; init; }

    /// <summary>Bytes of the file.</summary>
    public long Bytes { get; init; }

    /// <summary>Sites that have state in it.</summary>
    public IReadOnlyList<string> Sites { get; init; } = [];

    /// <summary>Rows of the ledger.</summary>
    public long LedgerRuns { get; init; }

    /// <summary>Dead letters of all sites.</summary>
    public long DeadLetters { get; init; }
}

/// <summary>Looks through the whole state database. Takes some seconds for a million runs; a sync may be at work meanwhile.</summary>
public static class StateCheck
{
    /// <param name="stateFolder">The state folder.</param>
    /// <returns>Null where there is no state yet.</returns>
    public static StateReport? Run(string stateFolder)
    {
        var database = new StateDatabase(stateFolder);
        var copies = Directory.Exists(stateFolder) ? Directory.GetFiles(stateFolder, "*" + SiteFiles.CopySuffix) : [];
        if (!database.Exists && copies.Length == 0) return null;
        var findings = new List<string>();
        VteWatsException? failure = null;
        IReadOnlyList<string> sites = [];
        (long Runs, long Letters) counts = default;
        try
        {
            findings.AddRange(database.Read(connection => connection.Query<string>(StateSql.IntegrityCheck).Where(line => line != "ok")
                .ToList()) ?? []);
            sites = database.Read(connection => connection.Query<string>(StateSql.GetSites).ToList()) ?? [];
            foreach (var site in sites) new WatermarkStore(stateFolder, site).Load();
            // A site that has a copy and is not in the database: the database was removed, or is another one.
            foreach (var site in copies.Select(copy => WatermarkFile.Read(copy).Site).Except(sites, StringComparer.OrdinalIgnoreCase))
                new WatermarkStore(stateFolder, site).Load();
            counts = database.Read(connection => connection.QuerySingle<(long, long)>(StateSql.CountAll));
            var damaged = database.Read(connection => connection.Query<Letter>(StateSql.AllLetters, buffered: false)
                .Count(letter => !letter.IsSealed));
            if (damaged > 0) findings.Add(
                FormattableString.Invariant($"{damaged} dead letters are damaged; Get-VteDeadLetter names them."));
        }
        catch (VteWatsException e)
        {
            findings.Add(e.Message);
            failure = e;
        }
        return new StateReport
        {
            Path = database.Path, IsSound = findings.Count == 0, Findings = findings, Sites = sites,
            Bytes = database.Exists ? new FileInfo(database.Path).Length : 0, LedgerRuns = counts.Runs, DeadLetters = counts.Letters,
            Advice = findings.Count == 0 ? null : failure?.Advice ?? database.Unreadable("").Advice,
        };
    }

    private sealed class Letter
    {
        public byte[] Seal { get; set; } = [];
        public byte[] Body { get; set; } = [];
        public bool IsSealed => Seal.AsSpan().SequenceEqual(System.Security.Cryptography.SHA256.HashData(Body));
    }
}
