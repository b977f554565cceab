using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Configuration;
using VteWats.Core.Sync;
using VteWats.Core.Time;

namespace VteWats.Unit.Plants;

/// <summary>
/// A plant that is unlike the sample: a script that makes its database, what really happened there, and the configuration that is right for
/// it. Whatever proposes configurations can be judged by it: see <see cref="PlantJudge"/>.
/// </summary>
internal abstract class MadeUpPlant
{
    /// <summary>Name of the site in the file.</summary>
    public const string Site = "Plant";

    /// <summary>A Saturday behind the end of summer time.</summary>
    public static readonly DateTimeOffset Someday = new(2024, 11, 2, 11, 30, 0, TimeSpan.Zero);

    public static IReadOnlyList<MadeUpPlant> All { get; } =
        [new ForeignNames(), new StampedAtTheEnd(), new SwappedCodes(), new NoVerdicts(), new NumbersForNothing()];

    /// <summary>What is particular about it.</summary>
    public abstract string Story { get; }

    public virtual string TimeZone => "Europe/Oslo";

    /// <summary>The right configuration of the site, as the text of its members in the file, without its connection.</summary>
    public abstract string Right { get; }

    /// <summary>The same without what is particular about the plant: what somebody writes who has not looked.</summary>
    public abstract string WithoutLooking { get; }

    /// <summary>Keys of the site that nothing in the database decides: whoever proposes a configuration has to leave exactly these open, or
    /// be right about them. Of a time zone, no data tells Oslo from Berlin.</summary>
    public abstract IReadOnlyList<string> Open { get; }

    /// <summary>Makes the database, up to an instant, and tells what really happened.</summary>
    public IReadOnlyList<TrueRun> Create(string path, DateTimeOffset until)
    {
        var clock = SiteClock.For(TimeZone);
        var runs = History(clock, until);
        using var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        db.Open();
        db.Execute("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;");
        using var transaction = db.BeginTransaction();
        db.Execute(Script);
        foreach (var run in runs) Write(db, run);
        transaction.Commit();
        return runs;
    }

    /// <summary>The text of a configuration file with this plant as its only site.</summary>
    /// <param name="database">Path of its database.</param>
    /// <param name="members">The site's members; the right ones when null.</param>
    public string File(string database, string? members = null) => $$"""
        { "sites": { "{{Site}}": { "connection": { "path": {{JsonSerializer.Serialize(database)}}, "settleSeconds": 0 },
        {{members ?? Right}} } } }
        """;

    /// <summary>The site of a configuration file, read as every file is.</summary>
    public static SiteOptions Load(string file, string text)
    {
        System.IO.File.WriteAllText(file, text);
        return ConfigurationFile.Load(file).Sites[Site];
    }

    /// <summary>Statements that make its empty tables.</summary>
    protected abstract string Script { get; }

    protected abstract IReadOnlyList<TrueRun> History(SiteClock clock, DateTimeOffset until);

    /// <summary>Writes a run as this plant does.</summary>
    protected abstract void Write(SqliteConnection db, TrueRun run);

    protected static string Key(Guid id) => id.ToString("D").ToUpperInvariant();

    /// <summary>An id that belongs to a name.</summary>
    protected static string Key(string name) =>
        Key(new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))[..16]));

    /// <summary>A local time as SQLite holds it.</summary>
    protected static string Text(DateTimeOffset at) => at.DateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    protected static TrueStep Step(int number, string name, string unit, double? low, double? high) =>
        new(number, name, unit, null, low, high, "P");

    protected static TrueStep Read(int number, string name, string text) => new(number, name, null, null, null, null, "P", text);

    public override string ToString() => GetType().Name;
}
