using System.Text.RegularExpressions;
using Microsoft.Data.SqlClient;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Schema;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

public sealed class ReadingSqlTests(ReadingSample sample) : IClassFixture<ReadingSample>
{
    private static readonly TestRunQuery Everything = new()
    {
        Since = new DateTimeOffset(2024, 10, 27, 1, 0, 0, TimeSpan.Zero), Until = new DateTimeOffset(2024, 11, 1, 0, 0, 0, TimeSpan.Zero),
        SerialNumbers = ["SN1", "A*"], ProductNames = ["P?"], TestplanNames = ["[a-c]x"], StationNames = ["st", "x*"],
        Results = ["Passed", "9"],
        Ids = [Guid.NewGuid(), Guid.NewGuid()],
    };

    public static TheoryData<string> Queries => ["plain", "everything", "headers", "backwards"];

    [Theory]
    [MemberData(nameof(Queries))]
    public void Every_page_statement_is_SQL_Server_2012_and_binds_to_the_reference_schema(string name)
    {
        foreach (var cursor in new PageCursor?[] { null, new PageCursor(new DateTime(2024, 1, 1), Guid.NewGuid()) })
        {
            using var command = Page(Query(name), cursor);
            SqlProof.Parses(command.CommandText);
            if (cursor is not null) SqlProof.Binds(command.CommandText);
            Harmless(command.CommandText);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_page_whose_first_twins_are_known_is_SQL_Server_2012_too_and_so_is_the_key_of_its_first_run(bool keyOnly)
    {
        var (statement, _) = Statement(Everything);
        using var command = new SqlCommand();
        var request = new PageRequest(new PageCursor(new DateTime(2024, 1, 1), Guid.NewGuid()), 100, Everything.Ids)
        {
            KnowsTwins = true, OneTransaction = true,
        };
        if (keyOnly) statement.PrepareKey(command, request);
        else statement.Prepare(command, request);
        SqlProof.Parses(command.CommandText);
        SqlProof.Binds(command.CommandText);
        Harmless(command.CommandText);
    }

    [Fact]
    public void A_page_is_one_transaction_where_the_database_allows_snapshots()
    {
        var (statement, _) = Statement(new TestRunQuery());
        using var command = new SqlCommand();
        statement.Prepare(command, new PageRequest(null, 100, []) { OneTransaction = true });
        var text = command.CommandText;
        Assert.InRange(text.IndexOf("BEGIN TRANSACTION", StringComparison.Ordinal), 0,
            text.IndexOf("INSERT INTO", StringComparison.Ordinal));
        Assert.EndsWith("COMMIT TRANSACTION;", text.TrimEnd(), StringComparison.Ordinal);
        statement.Prepare(command, new PageRequest(null, 100, []));
        Assert.DoesNotContain("COMMIT", command.CommandText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1", 1.1)]
    [InlineData("-0.333333333333333", -0.333333333333333)]
    [InlineData("12345678901234567890123456789012345678", 12345678901234567890123456789012345678d)]
    [InlineData("1000000000.0000000000000000000000000000", 1e9)]
    public void A_decimal_is_read_however_many_digits_it_has(string text, double expected) =>
        Assert.Equal(expected, SqlServerRowReader.Narrow(System.Data.SqlTypes.SqlDecimal.Parse(text)));

    [Fact]
    public void The_small_statements_are_SQL_Server_2012()
    {
        Assert.All(
            new[] { VteDatabase.SessionSetup, VteDatabase.SnapshotSetup, VteDatabase.SnapshotQuestion, VteDatabase.SqlServerIdentity,
            VteDatabase.SqlServerClock, VteDatabase.AvailabilityGroup },
            sql => { SqlProof.Parses(sql); Harmless(sql); });
        var (statement, _) = Statement(Everything);
        using var command = new SqlCommand();
        statement.PrepareCount(command, null, Everything.Ids);
        SqlProof.Binds(command.CommandText);
        Harmless(command.CommandText);
    }

    [Theory]
    [InlineData("hours")]
    [InlineData("steps of a stretch")]
    [InlineData("steps of runs")]
    [InlineData("ahead")]
    [InlineData("shares")]
    public void Every_statement_of_the_census_is_SQL_Server_2012_and_binds_to_the_reference_schema(string name)
    {
        var schema = Schema();
        var share = new RowShareOptions { Sites = ["Oslo"], Stations = ["VTE-*"], Products = ["PSU*", "Charger"] };
        var census = new CensusStatement(schema, SqlDialect.For(schema),
            RunFilter.OfShare(schema, SqlDialect.For(schema), SiteClock.For("Europe/Oslo"), share));
        using var command = new SqlCommand();
        var (from, to) = (new DateTime(2024, 11, 1), new DateTime(2024, 11, 2));
        if (name == "hours") census.PrepareHours(command, from, to);
        else if (name == "steps of a stretch") census.PrepareSteps(command, from, to);
        else if (name == "shares") census.PrepareShares(command, from, to, RunFilter.OfShares(schema, SqlDialect.For(schema),
            SiteClock.For("Europe/Oslo"), [share, new RowShareOptions(), share with { Sites = [] }]));
        else if (name == "steps of runs") census.PrepareSteps(command, Everything.Ids);
        else census.PrepareAhead(command, from, 3);
        SqlProof.Parses(command.CommandText);
        SqlProof.Binds(command.CommandText);
        Harmless(command.CommandText);
        Assert.All(command.Parameters.Cast<SqlParameter>().Where(p => p.Value is DateTime),
            p => Assert.Equal(System.Data.SqlDbType.DateTime, p.SqlDbType));
    }

    [Theory]
    [InlineData("datetime", null, System.Data.SqlDbType.DateTime, 0)]
    [InlineData("datetime2", 3, System.Data.SqlDbType.DateTime2, 3)]
    [InlineData("smalldatetime", null, System.Data.SqlDbType.SmallDateTime, 0)]
    public void The_boundary_has_the_type_of_the_column(string type, int? precision, System.Data.SqlDbType expected, int scale)
    {
        using var command = Page(new TestRunQuery { Since = Everything.Since }, new PageCursor(new DateTime(2024, 1, 1), Guid.NewGuid()),
            type, precision);
        var times = command.Parameters.Cast<SqlParameter>().Where(p => p.Value is DateTime).ToList();
        Assert.Equal(3, times.Count);
        Assert.All(times, p => Assert.Equal((expected, scale), (p.SqlDbType, (int)p.Scale)));
        Assert.Contains($"DECLARE @After {type}", command.CommandText, StringComparison.Ordinal);
        Assert.Contains($"[Timestamp] {type}", command.CommandText, StringComparison.Ordinal);
    }

    [Fact]
    public void No_value_of_a_query_is_in_the_text_of_a_statement()
    {
        using var command = Page(Everything with { SerialNumbers = ["'; DROP TABLE IndexData--"], ProductNames = ["x'y*"] }, null);
        Assert.DoesNotContain("DROP TABLE IndexData", command.CommandText, StringComparison.Ordinal);
        Assert.DoesNotContain("x'y", command.CommandText, StringComparison.Ordinal);
        Assert.Contains(command.Parameters.Cast<SqlParameter>(), p => Equals(p.Value, "'; DROP TABLE IndexData--"));
    }

    [Theory]
    [InlineData("x]; DROP TABLE IndexData--")]
    [InlineData("x\"; DROP TABLE IndexData--")]
    [InlineData("IndexData; DELETE FROM IndexData")]
    public async Task A_name_that_is_not_in_the_catalogue_never_becomes_SQL(string name)
    {
        foreach (var profile in new[]
        {
            new SchemaProfileOptions { Tables = new Dictionary<string, string> { ["IndexData"] = name } },
            new SchemaProfileOptions { Columns = new Dictionary<string, string> { ["UutData.Serial"] = name } },
            new SchemaProfileOptions { Schema = name },
        })
        {
            var failure = await Assert.ThrowsAsync<VteWatsException>(() => TestSource.OpenAsync(ReadingSample.Site(sample.Path, profile),
                null, CancellationToken.None));
            Assert.Contains(failure.Error, new[] { ErrorKind.SchemaUnsupported, ErrorKind.ConfigurationInvalid });
        }
        Assert.Equal(1000, (await sample.ReadAsync(new TestRunQuery { HeaderOnly = true })).Count);
    }

    [Fact]
    public async Task A_reading_writes_nothing_but_its_temp_table()
    {
        var statements = new List<string>();
        await using var source = await sample.OpenAsync();
        source.Executing += command => statements.Add(command.CommandText);
        foreach (var query in new[] { new TestRunQuery(), Everything, new TestRunQuery { HeaderOnly = true, NewestFirst = true } })
        {
            await foreach (var _ in source.ReadAsync(query, CancellationToken.None)) { }
            await source.CountAsync(query, CancellationToken.None);
        }
        await source.CountByHourAsync(DateTime.MinValue, DateTime.MaxValue, CancellationToken.None);
        await source.CountStepsAsync(DateTime.MinValue, DateTime.MaxValue, CancellationToken.None);
        await source.CountAheadAsync(1, CancellationToken.None);
        Assert.NotEmpty(statements);
        Assert.All(statements, Harmless);
        Assert.Equal("ok", Dapper.SqlMapper.ExecuteScalar<string>(sample.Direct(), "PRAGMA integrity_check"));
    }

    private static void Harmless(string sql)
    {
        Assert.DoesNotContain("Password", sql, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("NOLOCK", sql, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("OFFSET", sql, StringComparison.OrdinalIgnoreCase);
        foreach (Match write in Regex.Matches(sql,
            @"\b(INSERT INTO|DELETE FROM|UPDATE|MERGE|TRUNCATE TABLE|DROP TABLE|CREATE TABLE|CREATE TEMP TABLE IF NOT EXISTS|"
            + @"ALTER|EXEC|INTO)\s+(\S+)", RegexOptions.IgnoreCase))
            Assert.Contains(write.Groups[2].Value.TrimEnd(';'), new[] { "#Page", "temp.[Page]", "[Page]" });
    }

    private static TestRunQuery Query(string name) => name switch
    {
        "everything" => Everything,
        "headers" => new TestRunQuery { HeaderOnly = true },
        "backwards" => Everything with { NewestFirst = true, Ids = [] },
        _ => new TestRunQuery(),
    };

    private static SqlCommand Page(TestRunQuery query, PageCursor? cursor, string type = "datetime", int? precision = null)
    {
        var (statement, _) = Statement(query, type, precision);
        var command = new SqlCommand();
        statement.Prepare(command, new PageRequest(cursor, 100, query.Ids));
        return command;
    }

    private static (PageStatement, SqlDialect) Statement(TestRunQuery query, string type = "datetime", int? precision = null)
    {
        var schema = Schema(type, precision);
        var dialect = SqlDialect.For(schema);
        var filter = RunFilter.Create(schema, dialect, query, new VteResultCodes(new MappingOptions().ResultCodes),
            SiteClock.For("Europe/Oslo"), new RowShareOptions { Sites = ["Oslo", "B*"], Stations = ["VTE*"], Products = ["PSU"] },
            new DateTimeOffset(2024, 11, 20, 0, 0, 0, TimeSpan.Zero));
        return (new PageStatement(schema, dialect, filter, query.HeaderOnly, query.NewestFirst), dialect);
    }

    // The catalogue as a SQL Server with the reference schema would give it.
    private static BoundSchema Schema(string type = "datetime", int? precision = null)
    {
        var catalogue = new Catalogue(DatabaseProvider.SqlServer, "dbo",
        [
            .. ReferenceSchema.Tables.Select(t => new CatalogueTable("dbo", t.Name, false, 0,
                [.. t.Columns.Select(c => c.Name == "Timestamp" && t.Name == "IndexData"
                    ? new CatalogueColumn(c.Name, type, null, precision, false, false)
                    : new CatalogueColumn(c.Name, c.BaseType, null, null, c.Nullable, c.IsKey))], [])),
        ]);
        return BoundSchema.Bind(catalogue, SchemaProfile.Default);
    }
}
