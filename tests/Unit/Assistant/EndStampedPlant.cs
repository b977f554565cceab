using VteWats.Core.Time;
using VteWats.Core.Vte.Schema;

namespace VteWats.Unit.Assistant;

/// <summary>A plant of which half the tables are missing: runs, units and numbers, under German names, without a station table, a product
/// table, an operator. It stamps the end of a test, its codes are exchanged (1 failed, 0 passed), and at work by day only, so that
/// nothing shows its time zone but that it is at work now.</summary>
internal sealed class EndStampedPlant : MadeUpPlant
{
    public static readonly SiteClock Clock = SiteClock.For("UTC");

    protected override SchemaProfileOptions Names => new()
    {
        Tables = new Dictionary<string, string>
        {
            ["IndexData"] = "Pruefung", ["UutData"] = "Pruefling", ["TestDataNumeric"] = "Messwert",
        },
        Columns = new Dictionary<string, string>
        {
            ["IndexData.Index_GUID"] = "PruefungId", ["IndexData.Uut_GUID"] = "PrueflingId", ["IndexData.Timestamp"] = "Zeitpunkt",
            ["IndexData.Result"] = "Ergebnis", ["IndexData.TestTime"] = "Dauer", ["IndexData.ProductName"] = "Artikel",
            ["IndexData.Hostname"] = "Rechner", ["IndexData.TestplanName"] = "Pruefplan",
            ["UutData.Uut_GUID"] = "PrueflingId", ["UutData.Serial"] = "Seriennummer",
            ["TestDataNumeric.Index_GUID"] = "PruefungId", ["TestDataNumeric.TestStepNumber"] = "LfdNr",
            ["TestDataNumeric.TestName"] = "Merkmal", ["TestDataNumeric.TestUnits"] = "Einheit", ["TestDataNumeric.TestResult"] = "Istwert",
            ["TestDataNumeric.LowLimit"] = "UntereGrenze", ["TestDataNumeric.HighLimit"] = "ObereGrenze",
            ["TestDataNumeric.TestResultType"] = "Bewertung",
        },
        Missing =
        [
            .. ReferenceSchema.Tables.Where(t => t.Name is not ("IndexData" or "UutData" or "TestDataNumeric")).Select(t => t.Name),
            "IndexData.Product_GUID", "IndexData.Testplan_GUID", "IndexData.TestplanRevision_GUID", "IndexData.Testsystem_GUID",
            "IndexData.User_GUID", "IndexData.Site", "IndexData.UserName", "IndexData.ExitCode", "IndexData.TestplanVariant",
            "IndexData.TestplanRevision", "IndexData.Info1", "IndexData.Info2", "IndexData.Info3", "UutData.Product_GUID",
            "UutData.BatchNumber", "TestDataNumeric.TestDescription", "TestDataNumeric.TestNumber",
        ],
    };

    protected override void Fill()
    {
        var number = 0;
        for (var day = new DateTime(2025, 1, 7); day < new DateTime(2025, 1, 30); day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) continue;
            foreach (var host in new[] { "P1", "P2", "P3" })
            {
                var time = day.AddHours(7).AddSeconds(Random.Next(300));
                while (time < day.AddHours(15))
                {
                    var seconds = 60 + Random.Next(1200);
                    var (run, unit) = (Guid.NewGuid(), Guid.NewGuid());
                    var bad = Random.Next(10) == 0;
                    Row("UutData", unit, $"DE-{number:00000}", null, null);
                    Row("IndexData", run, unit, null, null, null, null, null, time.AddSeconds(seconds), null, bad ? 1 : 0, (float)seconds,
                        host, null, null, "A-100", "Endtest A", null, null, null, null, null);
                    for (var step = 1; step <= 5; step++)
                    {
                        var fails = bad && step == 3;
                        Row("TestDataNumeric", run, step, $"Spannung {step}", null, null, "V",
                            fails ? 5.9 : 4.6 + 0.8 * Random.NextDouble(), 4.5, 5.5, fails ? 1 : 0);
                    }
                    Truths[run] = new Truth(new DateTimeOffset(time, TimeSpan.FromHours(1)), bad ? "F" : "P", $"DE-{number++:00000}",
                        "A-100",
                        bad ? 1 : 0);
                    time = time.AddSeconds(seconds + 15 + Random.Next(30));
                }
            }
        }
    }
}
