using System.Security;
using Microsoft.Data.SqlClient;
using VteWats.Core.Diagnostics;
using VteWats.Core.Time;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Sqlite;

namespace VteWats.Core.Vte.Sample;

/// <summary>
/// VTE databases to try things on: a lifelike plant with the dirt of a real one. The same <see cref="SampleOptions"/> give the same data,
/// on SQLite and on SQL Server.
/// </summary>
public static class SampleDatabase
{
    /// <summary>Zone of the sample's local times; both of its sites keep this time.</summary>
    public const string TimeZone = "Europe/Oslo";

    internal const string TableCount = "SELECT COUNT(*) FROM sys.objects WHERE type IN ('U', 'V') AND is_ms_shipped = 0;";

    /// <summary>Makes a SQLite file. It appears under its name when it is complete, and not before.</summary>
    /// <exception cref="VteWatsException">InvalidArgument for options out of range; FileExists without <paramref name="overwrite"/>;
    /// FileUnusable when it cannot be written.</exception>
    public static Task<SampleSummary> CreateSqliteAsync(string path, SampleOptions options, bool overwrite = false,
        CancellationToken ct = default)
    {
        Check(options);
        return NewFileAsync(path, overwrite, partial => Task.Run(() =>
        {
            using var rows = new SqliteRowWriter(partial, options.Profile);
            return Fill(rows, path, options, ct);
        }, ct));
    }

    /// <summary>Makes the tables in a SQL Server database that has none, and fills them.</summary>
    /// <param name="connectionString">Without a password. The login must be allowed to create tables.</param>
    /// <param name="userName">SQL login; null for Windows authentication, or for what the connection string says.</param>
    /// <param name="password">Its password.</param>
    /// <param name="options">What to put into it.</param>
    /// <param name="ct">Stops between two runs; what was written by then stays.</param>
    /// <exception cref="VteWatsException">InvalidArgument for options out of range or a database that is not empty; the connection errors
    /// of a VTE database.</exception>
    public static async Task<SampleSummary> CreateSqlServerAsync(
        string connectionString, string? userName, SecureString? password, SampleOptions options, CancellationToken ct = default)
    {
        Check(options);
        using var connection = Connection(connectionString, userName, password);
        var database = $"{connection.DataSource}/{connection.Database}";
        try
        {
            await Task.Run(connection.OpenForPartialPackets, ct).ConfigureAwait(false);
            using var count = new SqlCommand(TableCount, connection);
            if (await count.ExecuteScalarAsync(ct).ConfigureAwait(false) is not 0)
            {
                throw new VteWatsException(
                    ErrorKind.InvalidArgument, $"Database {database} is not empty: sample data goes into an empty database only.",
                    "Create a database of its own for the sample, and never name a real VTE database here.", database);
            }
            return await Task.Run(() =>
            {
                using var rows = new SqlServerRowWriter(connection, options.Profile);
                return Fill(rows, database, options, ct);
            }, ct).ConfigureAwait(false);
        }
        catch (SqlException e) when (!ct.IsCancellationRequested)
        {
            throw SqlFailures.From(e, database, opening: connection.State != System.Data.ConnectionState.Open);
        }
    }

    /// <summary>Has <paramref name="write"/> fill a file beside <paramref name="path"/>, which then takes that name.</summary>
    internal static async Task<T> NewFileAsync<T>(string path, bool overwrite, Func<string, Task<T>> write)
    {
        if (!overwrite && File.Exists(path))
        {
            throw new VteWatsException(
                ErrorKind.FileExists, $"The file {path} exists already.", "Give another -Path, or -Force to replace the file.", path);
        }
        var partial = path + ".partial";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.Delete(partial);
            var result = await write(partial).ConfigureAwait(false);
            File.Move(partial, path, overwrite);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
        {
            throw new VteWatsException(
                ErrorKind.FileUnusable, $"The database {path} cannot be written: {e.Message}",
                "Check the folder, its permissions and the space on the disk; close other programs that hold the file.", path, e);
        }
        finally
        {
            if (File.Exists(partial)) File.Delete(partial);
        }
    }

    private static SampleSummary Fill(RowWriter rows, string database, SampleOptions options, CancellationToken ct)
    {
        var random = new SampleRandom(options.Seed);
        var plant = new SamplePlant(random);
        plant.Write(rows, random, SiteClock.For(TimeZone).ToLocal(options.Until));
        var summary = new SampleRuns(random, plant, rows, options).Write(database, ct);
        rows.Complete();
        return summary;
    }

    private static SqlConnection Connection(string connectionString, string? userName, SecureString? password)
    {
        try
        {
            var builder = new SqlConnectionStringBuilder(connectionString);
            if (userName is null || password is null) return new SqlConnection(builder.ConnectionString);
            foreach (var key in new[] { "User ID", "Password", "Integrated Security" }) builder.Remove(key);
            password.MakeReadOnly();
            return new SqlConnection(builder.ConnectionString, new SqlCredential(userName, password));
        }
        // The parser's message may quote a piece of the string, and a piece of it may be a password.
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new VteWatsException(
                ErrorKind.InvalidArgument, "The connection string cannot be understood.",
                "Write it as Server=HOST\\INSTANCE;Database=VTE_SAMPLE;Encrypt=True, and give the login with -Credential.");
        }
    }

    private static void Check(SampleOptions options)
    {
        if (options.Runs is >= 1 and <= 10_000_000 && options.DaysBack is >= 1 and <= 3650 && options.Until.Year is >= 1980 and <= 2100)
            return;
        throw new VteWatsException(
            ErrorKind.InvalidArgument, "A sample database has 1 to 10,000,000 runs over 1 to 3650 days, and ends between 1980 and 2100.",
            "Correct -Runs, -DaysBack or -Until.");
    }
}
