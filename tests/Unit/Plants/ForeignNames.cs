using Dapper;
using Microsoft.Data.Sqlite;
using VteWats.Core.Time;

namespace VteWats.Unit.Plants;

/// <summary>Tables and columns have other names and other types, as after a translation; a table of no concern lies beside.</summary>
internal sealed class ForeignNames : MadeUpPlant
{
    public override string Story => "other table and column names and types";

    public override IReadOnlyList<string> Open => ["timeZone"];

    public override string Right => """
        "timeZone": "Europe/Oslo", "timestampIs": "start",
        "schemaProfile": {
          "tables": { "IndexData": "Pruefungen", "UutData": "Prueflinge", "Products": "Erzeugnisse", "TestDataNumeric": "Messwerte",
            "TestDataText": "Lesewerte" },
          "columns": {
            "IndexData.Index_GUID": "PruefungId", "IndexData.Uut_GUID": "PrueflingId", "IndexData.Product_GUID": "ErzeugnisId",
            "IndexData.Timestamp": "Zeitpunkt", "IndexData.Result": "Ergebnis", "IndexData.TestTime": "Dauer",
            "IndexData.Hostname": "Rechner", "IndexData.UserName": "Bediener", "IndexData.ProductName": "Erzeugnis",
            "IndexData.TestplanName": "Pruefplan",
            "UutData.Uut_GUID": "PrueflingId", "UutData.Serial": "Seriennummer",
            "Products.Product_GUID": "ErzeugnisId", "Products.Name": "Bezeichnung", "Products.Version": "Ausgabestand",
            "TestDataNumeric.Index_GUID": "PruefungId", "TestDataNumeric.TestStepNumber": "Schritt",
            "TestDataNumeric.TestName": "Schrittname",
            "TestDataNumeric.TestUnits": "Einheit", "TestDataNumeric.TestResult": "Messwert", "TestDataNumeric.LowLimit": "Untergrenze",
            "TestDataNumeric.HighLimit": "Obergrenze", "TestDataNumeric.TestResultType": "Urteil",
            "TestDataText.Index_GUID": "PruefungId", "TestDataText.TestStepNumber": "Schritt", "TestDataText.TestName": "Schrittname",
            "TestDataText.TestResult": "Lesewert", "TestDataText.TestResultType": "Urteil" },
          "missing": [ "TestDataOther" ] },
        "mapping": { "operations": [ { "testplan": "In-circuit*", "processCode": 10 },
          { "testplan": "End of line*", "processCode": 100 } ] }
        """;

    public override string WithoutLooking => """
        "timeZone": "Europe/Oslo", "timestampIs": "start", "mapping": { "defaultProcessCode": 10 }
        """;

    protected override string Script => """
        CREATE TABLE Erzeugnisse (ErzeugnisId uniqueidentifier PRIMARY KEY, Bezeichnung varchar(80), Ausgabestand varchar(20));
        CREATE TABLE Prueflinge (PrueflingId uniqueidentifier PRIMARY KEY, Seriennummer varchar(40));
        CREATE TABLE Pruefungen (PruefungId uniqueidentifier PRIMARY KEY, PrueflingId uniqueidentifier, ErzeugnisId uniqueidentifier,
            Zeitpunkt datetime2(3) NOT NULL, Ergebnis smallint, Dauer decimal(9,3), Rechner varchar(60), Bediener varchar(60),
            Erzeugnis varchar(80), Pruefplan varchar(80));
        CREATE INDEX Nach_Zeit ON Pruefungen (Zeitpunkt, PruefungId);
        CREATE TABLE Messwerte (PruefungId uniqueidentifier NOT NULL, Schritt smallint, Schrittname varchar(120), Einheit varchar(20),
            Messwert decimal(18,6), Untergrenze decimal(18,6), Obergrenze decimal(18,6), Urteil tinyint);
        CREATE INDEX Messwerte_Pruefung ON Messwerte (PruefungId);
        CREATE TABLE Lesewerte (PruefungId uniqueidentifier NOT NULL, Schritt smallint, Schrittname varchar(120), Lesewert varchar(400),
            Urteil tinyint);
        CREATE INDEX Lesewerte_Pruefung ON Lesewerte (PruefungId);
        CREATE TABLE Schichtbuch (Tag datetime2(0), Eintrag varchar(400), Bediener varchar(60));
        """;

    protected override IReadOnlyList<TrueRun> History(SiteClock clock, DateTimeOffset until) =>
        new PlantHistory(11, clock, until).Runs(
            ["PR-1", "PR-2", "PR-3"],
            new TruePlan("In-circuit Hauptplatine", "Wechselrichter 3", "C", 10, 95,
            [
                Step(1, "Widerstand R12", "Ohm", 980, 1020), Step(2, "Durchlass D3", "V", 0.55, 0.72),
                Step(3, "Leckstrom", "µA", null, 12),
                Step(4, "Isolation", "MOhm", 50, null), Step(5, "Umgebung", "°C", null, null), Read(6, "Firmware", "4.17.2"),
            ]),
            new TruePlan("End of line Geraet", "Wechselrichter 3", "C", 100, 160,
            [
                Step(1, "Wirkungsgrad", "%", 94, 99.5), Step(2, "Leerlauf", "W", null, 3.5), Read(3, "Typenschild", "WR3-C"),
            ]));

    protected override void Write(SqliteConnection db, TrueRun run)
    {
        var (id, unit, product) = (Key(run.Id), Key(run.Serial), Key(run.Product));
        db.Execute("INSERT OR IGNORE INTO Erzeugnisse VALUES (@product, @Product, @Revision)", new { product, run.Product, run.Revision });
        db.Execute("INSERT OR IGNORE INTO Prueflinge VALUES (@unit, @Serial)", new { unit, run.Serial });
        db.Execute("INSERT INTO Pruefungen VALUES (@id, @unit, @product, @at, @result, @Seconds, @Station, 'Meier', @Product, @Plan)",
            new
            {
                id, unit, product, at = Text(run.Begin), result = run.Verdict == "P" ? 1 : 0, run.Seconds, run.Station, run.Product,
                run.Plan
            });
        foreach (var step in run.Steps)
        {
            var verdict = step.Verdict switch { "P" => 1, "F" => 0, _ => 2 };
            if (step.Text is not null)
                db.Execute("INSERT INTO Lesewerte VALUES (@id, @Number, @Name, @Text, @verdict)",
                    new { id, step.Number, step.Name, step.Text, verdict });
            else
                db.Execute("INSERT INTO Messwerte VALUES (@id, @Number, @Name, @Unit, @Value, @Low, @High, @verdict)",
                    new { id, step.Number, step.Name, step.Unit, step.Value, step.Low, step.High, verdict });
        }
    }
}
