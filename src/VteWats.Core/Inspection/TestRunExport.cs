using System.Data.Common;
using VteWats.Core.Diagnostics;
using VteWats.Core.Time;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Sample;
using VteWats.Core.Vte.Schema;
using VteWats.Core.Vte.Sqlite;

namespace VteWats.Core.Inspection;

/// <summary>Copies chosen test runs with everything they refer to into a portable SQLite database that can be read as a source.</summary>
public static class TestRunExport
{
    private const string Run = "IndexData";
    private static readonly string[] NameColumns = ["UserName", "ProductName", "TestplanName", "Hostname"];
    private static readonly string[] StepTables = ["TestDataNumeric", "TestDataText", "TestDataOther"];

    /// <summary>Writes the runs that <paramref name="query"/> chooses. The file appears under its name when it is complete.</summary>
    /// <param name="site">The database to read.</param>
    /// <param name="clock">The site's clock.</param>
    /// <param name="password">Its password, if it needs one.</param>
    /// <param name="query">Which runs.</param>
    /// <param name="path">Absolute path of the new file.</param>
    /// <param name="anonymize">Replace serial numbers, names and operators by tokens.</param>
    /// <param name="overwrite">Replace a file that is there.</param>
    /// <param name="seen">Told each run that is found.</param>
    /// <param name="progress">Told the number of runs written so far.</param>
    /// <param name="ct">Leaves no file behind.</param>
    /// <exception cref="VteWatsException">FileExists; FileUnusable; the connection errors; SchemaUnsupported.</exception>
    public static async Task<ExportSummary> WriteAsync(
        VteSourceOptions site, SiteClock clock, string? password, TestRunQuery query, string path, bool anonymize, bool overwrite,
        Action<Guid>? seen, Func<long, Task>? progress, CancellationToken ct)
    {
        if (site.Connection.Path is { } source && Path.GetFullPath(source) == Path.GetFullPath(path))
            throw new VteWatsException(ErrorKind.InvalidArgument, $"{path} is the database that is to be read.",
                "Choose another path for the export.", path);
        var database = VteDatabase.Create(site, password);
        var reader = await VteSource.OpenAsync(site, clock, password, ct).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            using var connection = await database.OpenAsync(ct).ConfigureAwait(false);
            try
            {
                return await SampleDatabase.NewFileAsync(path, overwrite, async partial =>
                {
                    using var target = new SqliteRowWriter(partial, SchemaProfile.Default);
                    var copy = new Copy(new TableRowReader(connection, reader.Schema, database.CommandTimeoutSeconds), target, anonymize
                        ? new Anonymizer() : null);
                    var chunk = new List<Guid>(TableRowReader.KeysAtOnce);
                    await foreach (var run in reader.ReadAsync(query with { HeaderOnly = true }, ct).ConfigureAwait(false))
                    {
                        seen?.Invoke(run.Id);
                        chunk.Add(run.Id);
                        if (chunk.Count < TableRowReader.KeysAtOnce) continue;
                        await Task.Run(() => copy.Runs(chunk, ct), ct).ConfigureAwait(false);
                        if (progress is not null) await progress(copy.RunCount).ConfigureAwait(false);
                        chunk.Clear();
                    }
                    await Task.Run(() => { copy.Runs(chunk, ct); copy.Rest(ct); }, ct).ConfigureAwait(false);
                    target.Complete();
                    return new ExportSummary(path, copy.RunCount, copy.StepCount, anonymize);
                }).ConfigureAwait(false);
            }
            catch (DbException e) when (!ct.IsCancellationRequested)
            {
                throw SqlFailures.From(e, database.Target, opening: false);
            }
        }
    }

    /// <summary>Everything that depends on one run's rows, written as it is read.</summary>
    private sealed class Copy(TableRowReader rows, RowWriter target, Anonymizer? anonymizer)
    {
        // What the runs refer to is read when all of them are known: most of it is shared.
        private readonly Dictionary<string, HashSet<Guid>> _referenced = new()
        {
            ["Product_GUID"] = [], ["Testplan_GUID"] = [], ["TestplanRevision_GUID"] = [], ["Testsystem_GUID"] = [], ["User_GUID"] = [],
        };
        private readonly HashSet<Guid> _units = [];

        public long RunCount { get; private set; }
        public long StepCount { get; private set; }

        public void Runs(List<Guid> ids, CancellationToken ct)
        {
            if (ids.Count == 0) return;
            var runs = rows.ByKey(Run, "Index_GUID", ids, ct).ToList();
            var units = runs.Select(r => Id(Run, r, "Uut_GUID")).OfType<Guid>().Distinct().ToList();
            var serials = Read("UutData", "Uut_GUID", units, ct).ToList();
            var serialOf = serials.Where(u => u[0] is Guid).GroupBy(u => (Guid)u[0]!).ToDictionary(u => u.Key, u => u.First()[1] as string);
            var secrets = new Dictionary<Guid, (string, string?)[]>();
            foreach (var run in runs)
            {
                foreach (var (column, seen) in _referenced) Note(seen, Id(Run, run, column));
                secrets[(Guid)run[0]!] = Secrets(run, serialOf.GetValueOrDefault(Id(Run, run, "Uut_GUID") ?? Guid.Empty));
                Write(Run, run, secrets[(Guid)run[0]!]);
                RunCount++;
            }
            foreach (var table in StepTables)
            {
                foreach (var step in Read(table, "Index_GUID", ids, ct))
                {
                    Write(table, step, secrets[(Guid)step[0]!]);
                    StepCount++;
                }
            }
            WriteUnits(units, serials, ct);
            WriteRepairs(ids, ct);
        }

        public void Rest(CancellationToken ct)
        {
            foreach (var (table, key) in new[]
            {
                ("Products", "Product_GUID"), ("Testplans", "Testplan_GUID"), ("TestplanRevisions", "TestplanRevision_GUID"),
                ("TestSystems", "Testsystem_GUID"), ("TestsystemComponents", "Testsystem_GUID"), ("Users", "User_GUID"),
            }) WriteAll(table, Read(table, key, _referenced[key], ct));
            foreach (var table in new[] { "RepairActionCodes", "RepairFailureCodes" })
                if (rows.Has(table)) WriteAll(table, rows.All(table, ct));
        }

        private void WriteUnits(List<Guid> units, List<object?[]> unitRows, CancellationToken ct)
        {
            var fresh = units.Where(_units.Add).ToHashSet();
            foreach (var unit in unitRows.Where(u => u[0] is Guid id && fresh.Contains(id)))
            {
                Note(_referenced["Product_GUID"], Id("UutData", unit, "Product_GUID"));
                Write("UutData", unit, []);
            }
            WriteAll("UutHistory", Read("UutHistory", "Uut_GUID", fresh, ct));
            WriteAll("AssemblyData", Read("AssemblyData", "Uut_GUID", fresh, ct));
        }

        private void WriteRepairs(List<Guid> ids, CancellationToken ct)
        {
            var repairs = Read("RepairData", "Index_GUID", ids, ct).ToList();
            foreach (var repair in repairs)
            {
                Note(_referenced["User_GUID"], Id("RepairData", repair, "User_GUID"));
                Write("RepairData", repair, []);
            }
            WriteAll("RepairActions", Read("RepairActions", "Repair_GUID", [.. repairs.Select(r => r[0]).OfType<Guid>()], ct));
        }

        private IEnumerable<object?[]> Read(string table, string key, IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
            rows.Has(table, key) ? rows.ByKey(table, key, ids, ct) : [];

        private void WriteAll(string table, IEnumerable<object?[]> all)
        {
            foreach (var row in all) Write(table, row, []);
        }

        private void Write(string table, object?[] row, (string, string?)[] secrets)
        {
            if (anonymizer is not null) AnonymousColumns.Replace(anonymizer, table, row, secrets);
            target.Write(table, row);
        }

        private static (string, string?)[] Secrets(object?[] run, string? serial) =>
        [
            ("SN", serial), .. NameColumns.Select(c => (AnonymousColumns.Kind(Run, c)!, Text(Run, run, c))),
        ];

        private static Guid? Id(string table, object?[] row, string column) => row[Place(table, column)] as Guid?;

        private static string? Text(string table, object?[] row, string column) => row[Place(table, column)] as string;

        private static int Place(string table, string column)
        {
            var columns = ReferenceSchema.Table(table).Columns;
            for (var i = 0; i < columns.Count; i++) if (columns[i].Name == column) return i;
            throw new ArgumentException($"No column {table}.{column}.", nameof(column));
        }

        private static void Note(HashSet<Guid> seen, Guid? id)
        {
            if (id is { } known) seen.Add(known);
        }
    }
}

/// <summary>What an export wrote.</summary>
public sealed record ExportSummary(string Path, long Runs, long Steps, bool Anonymized);
