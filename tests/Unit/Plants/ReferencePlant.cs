using Dapper;
using Microsoft.Data.Sqlite;

namespace VteWats.Unit.Plants;

/// <summary>A plant with the usual names: what is particular about it is what it writes there.</summary>
internal abstract class ReferencePlant : MadeUpPlant
{
    protected override string Script => """
        CREATE TABLE Products (Product_GUID uniqueidentifier PRIMARY KEY, Name nvarchar(255), Type nvarchar(255), Version nvarchar(255));
        CREATE TABLE Testplans (Testplan_GUID uniqueidentifier PRIMARY KEY, Name nvarchar(255), Variant nvarchar(255));
        CREATE TABLE TestSystems (Testsystem_GUID uniqueidentifier PRIMARY KEY, Name nvarchar(255), Hostname nvarchar(255));
        CREATE TABLE TestDataOther (Index_GUID uniqueidentifier NOT NULL, TestStepNumber int, TestName nvarchar(255),
            TestDescription nvarchar(255), TestNumber nvarchar(255), TestUnits nvarchar(255), TestResult sql_variant, TestResultType int);
        CREATE INDEX Other_Run ON TestDataOther (Index_GUID);
        """ + Core;

    /// <summary>The tables without which there is no report, and texts.</summary>
    protected const string Core = """
        CREATE TABLE UutData (Uut_GUID uniqueidentifier PRIMARY KEY, Serial nvarchar(255), BatchNumber nvarchar(255));
        CREATE TABLE IndexData (Index_GUID uniqueidentifier PRIMARY KEY, Uut_GUID uniqueidentifier, Product_GUID uniqueidentifier,
            Testplan_GUID uniqueidentifier, Testsystem_GUID uniqueidentifier, Timestamp datetime NOT NULL, ExitCode int, Result int,
            TestTime real, Hostname nvarchar(255), Site nvarchar(255), UserName nvarchar(255), ProductName nvarchar(255),
            TestplanName nvarchar(255), TestplanVariant nvarchar(255), TestplanRevision nvarchar(255), Info1 nvarchar(255));
        CREATE INDEX Paging ON IndexData (Timestamp, Index_GUID);
        CREATE TABLE TestDataNumeric (Index_GUID uniqueidentifier NOT NULL, TestStepNumber int, TestName nvarchar(255),
            TestDescription nvarchar(255), TestNumber nvarchar(255), TestUnits nvarchar(255), TestResult float, LowLimit float,
            HighLimit float, TestResultType int);
        CREATE INDEX Numeric_Run ON TestDataNumeric (Index_GUID);
        CREATE TABLE TestDataText (Index_GUID uniqueidentifier NOT NULL, TestStepNumber int, TestName nvarchar(255),
            TestDescription nvarchar(255), TestNumber nvarchar(255), TestUnits nvarchar(255), TestResult nvarchar(4000),
            TestResultType int);
        CREATE INDEX Text_Run ON TestDataText (Index_GUID);
        """;

    /// <summary>True where the tables of products, plans and stations are there.</summary>
    protected virtual bool HasCatalogue => true;

    /// <summary>What stands in <c>Timestamp</c>.</summary>
    protected virtual DateTimeOffset Stamp(TrueRun run) => run.Begin;

    /// <summary>What stands in <c>Result</c>.</summary>
    protected virtual int? ResultOf(TrueRun run) => run.Verdict switch { "P" => 1, "F" => 0, "E" => 2, _ => 3 };

    /// <summary>What stands in <c>TestResultType</c>.</summary>
    protected virtual int? ResultOf(TrueStep step) => step.Verdict switch { "P" => 1, "F" => 0, _ => 2 };

    /// <summary>What stands where nothing was measured.</summary>
    protected virtual double? Nothing => null;

    /// <summary>What stands where there is no limit.</summary>
    protected virtual (double? Low, double? High) NoLimit => (null, null);

    protected override void Write(SqliteConnection db, TrueRun run)
    {
        var keys = new
        {
            Id = Key(run.Id), Unit = Key(run.Serial), Product = Key(run.Product), Plan = Key(run.Plan),
            Station = Key(run.Station)
        };
        db.Execute("INSERT OR IGNORE INTO UutData (Uut_GUID, Serial) VALUES (@Unit, @Serial)", new { keys.Unit, run.Serial });
        if (HasCatalogue)
        {
            db.Execute("INSERT OR IGNORE INTO Products VALUES (@Key, @Product, 'Device', @Revision)",
                new { Key = keys.Product, run.Product, run.Revision });
            db.Execute("INSERT OR IGNORE INTO Testplans VALUES (@Key, @Plan, NULL)", new { Key = keys.Plan, run.Plan });
            db.Execute("INSERT OR IGNORE INTO TestSystems VALUES (@Key, @Station, @Station)", new { Key = keys.Station, run.Station });
        }
        db.Execute("""
            INSERT INTO IndexData (Index_GUID, Uut_GUID, Product_GUID, Testplan_GUID, Testsystem_GUID, Timestamp, ExitCode, Result,
                TestTime, Hostname, UserName, ProductName, TestplanName, TestplanRevision)
            VALUES (@Id, @Unit, @ProductKey, @PlanKey, @StationKey, @At, 0, @Result, @Seconds, @Station, 'operator', @Product, @Plan, '1')
            """,
            new
            {
                keys.Id, keys.Unit, ProductKey = keys.Product, PlanKey = keys.Plan, StationKey = keys.Station, At = Text(Stamp(run)),
                Result = ResultOf(run), run.Seconds, run.Station, run.Product, run.Plan
            });
        foreach (var step in run.Steps) Write(db, keys.Id, step);
    }

    private void Write(SqliteConnection db, string id, TrueStep step)
    {
        if (step.Text is not null)
            db.Execute(
                "INSERT INTO TestDataText (Index_GUID, TestStepNumber, TestName, TestResult, TestResultType) VALUES (@id, @Number, @Name, "
                + "@Text, @verdict)", new { id, step.Number, step.Name, step.Text, verdict = ResultOf(step) });
        else
            db.Execute(
                "INSERT INTO TestDataNumeric (Index_GUID, TestStepNumber, TestName, TestUnits, TestResult, LowLimit, HighLimit, "
                + "TestResultType) VALUES (@id, @Number, @Name, @Unit, @value, @low, @high, @verdict)",
                new
                {
                    id, step.Number, step.Name, step.Unit, value = step.Value ?? Nothing, low = step.Low ?? NoLimit.Low,
                    high = step.High ?? NoLimit.High, verdict = ResultOf(step)
                });
    }
}
