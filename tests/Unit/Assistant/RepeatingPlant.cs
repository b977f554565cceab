using VteWats.Core.Time;
using VteWats.Core.Vte.Schema;

namespace VteWats.Unit.Assistant;

/// <summary>A plant whose rows of one step repeat and whose numbers are nested (1.2.3); verdicts are NULL in half of the rows, results in
/// all of one year; a limit that is none is written as 1E30; four sockets test at once. Norwegian names, codes as usual.</summary>
internal sealed class RepeatingPlant : MadeUpPlant
{
    private static readonly SiteClock Clock = SiteClock.For("Europe/Oslo");

    protected override SchemaProfileOptions Names => new()
    {
        Tables = new Dictionary<string, string>
        {
            ["IndexData"] = "Kjoringer", ["UutData"] = "Enheter", ["Products"] = "Produkter", ["TestSystems"] = "Stasjoner",
            ["TestDataNumeric"] = "Maalinger",
        },
        Columns = new Dictionary<string, string>
        {
            ["IndexData.Index_GUID"] = "KjoringId", ["IndexData.Uut_GUID"] = "EnhetId", ["IndexData.Product_GUID"] = "ProduktId",
            ["IndexData.Testsystem_GUID"] = "StasjonId", ["IndexData.Timestamp"] = "Tidspunkt", ["IndexData.Result"] = "Resultat",
            ["IndexData.TestTime"] = "Varighet", ["IndexData.ProductName"] = "Produkt", ["IndexData.UserName"] = "Bruker",
            ["UutData.Uut_GUID"] = "EnhetId", ["UutData.Serial"] = "Serienummer",
            ["Products.Product_GUID"] = "ProduktId", ["Products.Name"] = "Navn", ["Products.Version"] = "Revisjon",
            ["TestSystems.Testsystem_GUID"] = "StasjonId", ["TestSystems.Name"] = "Navn",
            ["TestDataNumeric.Index_GUID"] = "KjoringId", ["TestDataNumeric.TestStepNumber"] = "Steg",
            ["TestDataNumeric.TestName"] = "Navn",
            ["TestDataNumeric.TestUnits"] = "Enhet", ["TestDataNumeric.TestResult"] = "Verdi", ["TestDataNumeric.LowLimit"] = "Nedre",
            ["TestDataNumeric.HighLimit"] = "Oevre", ["TestDataNumeric.TestNumber"] = "Nummer",
        },
        Missing = ["TestDataText", "TestDataOther", "IndexData.Site"],
    };

    protected override void Fill()
    {
        var article = Guid.NewGuid();
        Row("Products", article, "NO-4711", "Driver", "B", null);
        var station = Guid.NewGuid();
        Row("TestSystems", station, "ST1", "st1");
        var time = new DateTimeOffset(2023, 2, 1, 5, 0, 0, TimeSpan.Zero);
        for (var panel = 0; panel < 300; panel++, time += TimeSpan.FromHours(panel % 20 == 19 ? 900 : 0.5))
        {
            for (var socket = 1; socket <= 4; socket++)
            {
                var (run, unit) = (Guid.NewGuid(), Guid.NewGuid());
                var bad = Random.Next(9) == 0;
                var serial = $"N{panel:0000}{socket}";
                Row("UutData", unit, serial, article, null);
                Row("IndexData", run, unit, article, null, null, station, null, Clock.ToLocal(time.AddSeconds(4 * socket)), 0,
                    panel < 120 ? null : bad ? 0 : 1, 600f, null, null, "kari", "NO-4711", "NO Burn-in", "V1", "3", $"{socket}", null,
                    $"WO-{5000 + panel / 10}");
                for (var step = 1; step <= 4; step++)
                {
                    for (var again = 0; again < (step == 2 ? 3 : 1); again++)
                    {
                        var fails = bad && step == 3;
                        Row("TestDataNumeric", run, step, $"Last {step}", null, $"1.{step}.{again + 1}", "A",
                            fails ? 9.5 : 2 + 2 * Random.NextDouble(), step == 4 ? -1e30 : 1.0, step == 4 ? 1e30 : 5.0,
                            Random.Next(2) == 0 ? null : fails ? 0 : step == 4 ? 2 : 1);
                    }
                }
                Truths[run] = new Truth(time.AddSeconds(4 * socket), bad ? "F" : "P", serial, "NO-4711", bad ? 1 : 0);
            }
        }
    }
}
