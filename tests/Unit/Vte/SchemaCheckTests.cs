using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte.Schema;

namespace VteWats.Unit.Vte;

public sealed class SchemaCheckTests : IDisposable
{
    private readonly SqliteConnection _db = new("Data Source=:memory:");

    public SchemaCheckTests() => _db.Open();

    public void Dispose() => _db.Dispose();

    [Fact]
    public async Task A_database_as_the_reference_schema_says_has_no_findings()
    {
        Make(SchemaProfile.Default);
        Assert.Empty(SchemaCheck.Compare(await Catalogue.ReadAsync(_db), SchemaProfile.Default));
    }

    [Fact]
    public async Task The_fix_of_a_finding_is_what_the_configuration_needs()
    {
        Make(SchemaProfile.From(new SchemaProfileOptions
        {
            Tables = new Dictionary<string, string> { ["UutData"] = "Uut_Data" },
            Columns = new Dictionary<string, string> { ["IndexData.Timestamp"] = "StartTimestamp", ["UutData.Serial"] = "SerialNo" },
        }));
        var catalogue = await Catalogue.ReadAsync(_db);
        var errors = SchemaCheck.Compare(catalogue, SchemaProfile.Default).Where(f => f.Severity == FindingSeverity.Error).ToList();
        Assert.Equal(["IndexData.Timestamp", "UutData"], errors.Select(e => e.Logical).Order());
        var table = errors.Single(e => e.Logical == "UutData");
        Assert.Equal("Uut_Data", table.Suggestions[0]);
        Assert.Contains("\"tables\": { \"UutData\": \"Uut_Data\" }", table.Fix, StringComparison.Ordinal);
        var column = errors.Single(e => e.Logical == "IndexData.Timestamp");
        Assert.Equal(SchemaFindingKind.MissingNeeded, column.Kind);
        Assert.Equal("StartTimestamp", column.Suggestions[0]);

        var refused = Assert.Throws<VteWatsException>(() => BoundSchema.Bind(catalogue, SchemaProfile.Default));
        Assert.Same(ErrorKind.SchemaUnsupported, refused.Error);
        Assert.Contains("'Timestamp' (IndexData.Timestamp)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("UutData", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_optional_may_be_missing_and_is_left_out()
    {
        Make(SchemaProfile.From(SampleProfiles.Bare));
        var catalogue = await Catalogue.ReadAsync(_db);
        string[] steps = ["TestDataText", "TestDataOther", "TestDataNumeric.LowLimit", "TestDataNumeric.HighLimit",
            "TestDataNumeric.TestResultType"];
        // What a report would look complete without has to be switched off by name.
        var refused = Assert.Throws<VteWatsException>(() => BoundSchema.Bind(catalogue, SchemaProfile.Default));
        Assert.All(steps, name => Assert.Contains(name, refused.Message, StringComparison.Ordinal));
        Assert.All(
            SchemaCheck.Compare(catalogue, SchemaProfile.Default).Where(f => f.Severity == FindingSeverity.Error),
            f => Assert.Contains($"\"missing\": [ \"{f.Logical}\" ]", f.Fix, StringComparison.Ordinal));
        var profile = SchemaProfile.From(new SchemaProfileOptions { Missing = steps });
        var findings = SchemaCheck.Compare(catalogue, profile);
        Assert.NotEmpty(findings);
        Assert.All(findings, f => Assert.Equal((FindingSeverity.Warning, SchemaFindingKind.MissingOptional), (f.Severity, f.Kind)));
        var schema = BoundSchema.Bind(catalogue, profile);
        Assert.False(schema.Has("Users"));
        Assert.Null(schema.Column("IndexData", "UserName"));
        Assert.Equal("\"IndexData\"", schema.Table("IndexData"));
        Assert.Empty(SchemaCheck.Compare(catalogue, SchemaProfile.From(SampleProfiles.Bare)));
    }

    [Fact]
    public async Task The_name_of_something_else_is_no_suggestion_and_no_two_results_are_read_from_one_column()
    {
        Make(SchemaProfile.Default);
        _db.Execute("ALTER TABLE TestDataNumeric DROP COLUMN LowLimit; ALTER TABLE TestDataNumeric ADD COLUMN LowerLimit float; DROP "
            + "TABLE TestDataOther; ALTER TABLE IndexData DROP COLUMN Info3;");
        var findings = SchemaCheck.Compare(await Catalogue.ReadAsync(_db), SchemaProfile.Default);
        Assert.Equal(["LowerLimit"], findings.Single(f => f.Logical == "TestDataNumeric.LowLimit").Suggestions);
        Assert.DoesNotContain("TestDataText", findings.Single(f => f.Logical == "TestDataOther").Suggestions);
        Assert.Empty(findings.Single(f => f.Logical == "IndexData.Info3").Suggestions);

        Refused(new SchemaProfileOptions { Columns = new Dictionary<string, string> { ["TestDataNumeric.LowLimit"] = "highlimit" } },
            "TestDataNumeric.LowLimit and TestDataNumeric.HighLimit");
        Refused(new SchemaProfileOptions { Tables = new Dictionary<string, string> { ["TestDataOther"] = "TestDataText" } },
            "TestDataText and TestDataOther");

        static void Refused(SchemaProfileOptions configuration, string both)
        {
            var error = Assert.Throws<VteWatsException>(() => SchemaProfile.From(configuration));
            Assert.Same(ErrorKind.ConfigurationInvalid, error.Error);
            Assert.Contains(both, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Other_types_extra_columns_and_a_missing_paging_index_are_found()
    {
        Make(SchemaProfile.Default);
        _db.Execute("DROP INDEX IX_IndexData_Timestamp_Index_GUID; ALTER TABLE IndexData ADD COLUMN Shift int; CREATE TABLE Notes (Id "
            + "int);");
        _db.Execute("ALTER TABLE TestDataNumeric DROP COLUMN TestUnits; ALTER TABLE TestDataNumeric ADD COLUMN TestUnits int;");
        _db.Execute("ALTER TABLE UutData DROP COLUMN BatchNumber; ALTER TABLE UutData ADD COLUMN BatchNumber datetime2(3);");
        var findings = SchemaCheck.Compare(await Catalogue.ReadAsync(_db), SchemaProfile.Default);
        Assert.Equal(
            [
                (FindingSeverity.Warning, SchemaFindingKind.NoPagingIndex, "main.IndexData"), (FindingSeverity.Warning,
                    SchemaFindingKind.OtherType, "main.UutData.BatchNumber"),
                (FindingSeverity.Warning, SchemaFindingKind.OtherType, "main.TestDataNumeric.TestUnits"),
                (FindingSeverity.Information, SchemaFindingKind.Extra, "main.IndexData.Shift"), (FindingSeverity.Information,
                    SchemaFindingKind.Extra, "main.Notes"),
            ],
            findings.Select(f => (f.Severity, f.Kind, f.Physical)));
        Assert.Contains("CREATE INDEX", findings[0].Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_of_steps_without_an_index_on_the_run_is_found()
    {
        Make(SchemaProfile.Default);
        _db.Execute("DROP INDEX IX_TestDataText_Index_GUID_TestStepNumber;");
        var finding = Assert.Single(SchemaCheck.Compare(await Catalogue.ReadAsync(_db), SchemaProfile.Default));
        Assert.Equal((FindingSeverity.Warning, SchemaFindingKind.NoRunIndex, "main.TestDataText"), (finding.Severity, finding.Kind,
            finding.Physical));
        Assert.Contains("CREATE INDEX IX_VteWats_TestDataText ON [main].[TestDataText] ([Index_GUID])", finding.Fix,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("datetime2", true)]
    [InlineData("smalldatetime", true)]
    [InlineData("datetimeoffset", false)]
    [InlineData("nvarchar(30)", false)]
    public async Task The_timestamp_may_be_of_any_type_that_is_read_alike(string type, bool fits)
    {
        Make(SchemaProfile.Default);
        _db.Execute($"DROP TABLE IndexData; CREATE TABLE IndexData (Index_GUID uniqueidentifier, Uut_GUID uniqueidentifier, Timestamp "
            + $"{type}, Result int, ProductName varchar(50)); CREATE INDEX i ON IndexData (Timestamp);");
        var findings = SchemaCheck.Compare(await Catalogue.ReadAsync(_db), SchemaProfile.Default);
        Assert.Equal(fits, !findings.Any(f => f.Severity == FindingSeverity.Error));
    }

    [Theory]
    [InlineData("x]; DROP TABLE IndexData--")]
    [InlineData("x\"; DROP TABLE IndexData--")]
    [InlineData("IndexData] AS i WAITFOR DELAY '0:0:9'--")]
    public async Task A_name_that_the_catalogue_does_not_have_never_becomes_SQL(string name)
    {
        Make(SchemaProfile.Default);
        var catalogue = await Catalogue.ReadAsync(_db);
        foreach (var configuration in new SchemaProfileOptions[]
        {
            new() { Schema = name },
            new() { Tables = new Dictionary<string, string> { ["IndexData"] = name } },
            new() { Tables = new Dictionary<string, string> { ["Users"] = name } },
            new() { Columns = new Dictionary<string, string> { ["IndexData.Result"] = name } },
            new() { Columns = new Dictionary<string, string> { ["IndexData.Info1"] = name } },
        })
        {
            var refused = Assert.Throws<VteWatsException>(() => BoundSchema.Bind(catalogue, SchemaProfile.From(configuration)));
            Assert.Same(ErrorKind.SchemaUnsupported, refused.Error);
            Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_name_that_the_catalogue_does_have_comes_quoted_and_spelt_as_there()
    {
        Make(SchemaProfile.From(SampleProfiles.Renamed));
        var schema = BoundSchema.Bind(await Catalogue.ReadAsync(_db), SchemaProfile.From(SampleProfiles.Renamed));
        Assert.Equal("\"t\"\"IndexData\"", schema.Table("IndexData"));
        Assert.Equal("\"x Timestamp]\"", schema.Column("IndexData", "Timestamp"));
        Assert.Equal("datetime", schema.Describe("IndexData", "Timestamp")!.Type);
        Assert.Equal("[x Timestamp]]]", SqlName.SqlServer("x Timestamp]"));
    }

    [Fact]
    public void A_wrong_profile_is_refused_with_all_its_mistakes()
    {
        var refused = Assert.Throws<VteWatsException>(() => SchemaProfile.From(new SchemaProfileOptions
        {
            Schema = "a\u0007b",
            Tables = new Dictionary<string, string> { ["IndexDat"] = "X", ["Users"] = " " },
            Columns = new Dictionary<string, string> { ["IndexData.Resul"] = "R", ["Nonsense"] = "N" },
            Missing = ["IndexData.Timestamp", "UutData", "Produkts"],
        }));
        Assert.Same(ErrorKind.ConfigurationInvalid, refused.Error);
        foreach (var part in new[] { "schemaProfile.schema", "IndexDat:", "Nearest: IndexData", "tables.Users",
            "Nearest: IndexData.Result", "Nonsense", "without 'IndexData.Timestamp'", "without 'UutData'", "Nearest: Products" })
            Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u0007', refused.Message);
    }

    [Fact]
    public async Task The_live_catalogue_comes_as_diagram_and_as_page()
    {
        Make(SchemaProfile.Default);
        _db.Execute("CREATE TABLE \"Odd | name\" (\"a b\" int); CREATE VIEW V AS SELECT * FROM IndexData;");
        var catalogue = await Catalogue.ReadAsync(_db);
        var diagram = SchemaDocument.Mermaid(catalogue, SchemaProfile.Default);
        Assert.Contains("UutData ||--o{ IndexData : Uut_GUID", diagram, StringComparison.Ordinal);
        Assert.Contains("uniqueidentifier Index_GUID PK", diagram, StringComparison.Ordinal);
        var page = SchemaDocument.Markdown(catalogue, SchemaProfile.Default);
        Assert.Contains("## main.Odd \\| name", page, StringComparison.Ordinal);
        Assert.Contains("IX_IndexData_Timestamp_Index_GUID", page, StringComparison.Ordinal);
        Assert.Equal(23, catalogue.Tables.Count);
    }

    private void Make(SchemaProfile profile)
    {
        foreach (var statement in SchemaScript.Sqlite(profile)) _db.Execute(statement);
    }
}
