using VteWats.Core.Time;
using VteWats.Core.Vte.Schema;

namespace VteWats.Unit.Assistant;

/// <summary>A plant in Kraków, at work round the clock over the clock change of autumn. <c>TestResultType</c> says of what type a row is,
/// the codes of the run are its own (10 and 20), all names are Polish-made English, and 9999 stands for no value.</summary>
internal sealed class TypeCodePlant : MadeUpPlant
{
    private static readonly SiteClock Clock = SiteClock.For("Europe/Warsaw");

    protected override SchemaProfileOptions Names => new()
    {
        Tables = new Dictionary<string, string>
        {
            ["IndexData"] = "tbl_TestRun", ["UutData"] = "tbl_Device", ["Products"] = "tbl_Article", ["TestSystems"] = "tbl_Bench",
            ["TestDataNumeric"] = "tbl_Measurement", ["TestDataText"] = "tbl_TextResult",
        },
        Columns = new Dictionary<string, string>
        {
            ["IndexData.Index_GUID"] = "RunId", ["IndexData.Uut_GUID"] = "DeviceId", ["IndexData.Product_GUID"] = "ArticleId",
            ["IndexData.Testsystem_GUID"] = "BenchId", ["IndexData.Timestamp"] = "StartedAt", ["IndexData.Result"] = "Outcome",
            ["IndexData.ExitCode"] = "ReturnCode", ["IndexData.TestTime"] = "DurationSec", ["IndexData.ProductName"] = "ArticleName",
            ["IndexData.TestplanName"] = "ProgramName", ["IndexData.UserName"] = "OperatorName", ["IndexData.Hostname"] = "PcName",
            ["UutData.Uut_GUID"] = "DeviceId", ["UutData.Serial"] = "SerialNo", ["UutData.BatchNumber"] = "Lot",
            ["UutData.Product_GUID"] = "ArticleId",
            ["Products.Product_GUID"] = "ArticleId", ["Products.Name"] = "ArticleNo", ["Products.Type"] = "Family",
            ["Products.Version"] = "Issue",
            ["TestSystems.Testsystem_GUID"] = "BenchId", ["TestSystems.Name"] = "BenchName", ["TestSystems.Hostname"] = "PcName",
            ["TestDataNumeric.Index_GUID"] = "RunId", ["TestDataNumeric.TestStepNumber"] = "Pos",
            ["TestDataNumeric.TestName"] = "Parameter",
            ["TestDataNumeric.TestUnits"] = "Uom", ["TestDataNumeric.TestResult"] = "Measured", ["TestDataNumeric.LowLimit"] = "MinVal",
            ["TestDataNumeric.HighLimit"] = "MaxVal", ["TestDataNumeric.TestResultType"] = "Kind",
            ["TestDataText.Index_GUID"] = "RunId", ["TestDataText.TestStepNumber"] = "Pos", ["TestDataText.TestName"] = "Parameter",
            ["TestDataText.TestUnits"] = "Uom", ["TestDataText.TestResult"] = "Answer", ["TestDataText.TestResultType"] = "Kind",
        },
        Missing = ["TestDataOther", "Testplans", "TestplanRevisions", "Users", "UutHistory", "AssemblyData", "RepairData"],
    };

    protected override IEnumerable<string> Afterwards =>
    [
        "ALTER TABLE tbl_TestRun ADD COLUMN Temperature real;", "UPDATE tbl_TestRun SET Temperature = 21.5;",
        "CREATE TABLE tbl_Log (LogId uniqueidentifier TEXT PRIMARY KEY, LoggedAt datetime TEXT, Severity int, Message nvarchar(255));",
    ];

    protected override void Fill()
    {
        var (article, issue) = (Guid.NewGuid(), "C2");
        Row("Products", article, "KR-7710", "Drive", issue, null);
        var benches = Enumerable.Range(1, 4).Select(n => (Id: Guid.NewGuid(), Name: $"BENCH{n}")).ToList();
        foreach (var bench in benches) Row("TestSystems", bench.Id, bench.Name, $"pc-{bench.Name}");
        var number = 0;
        foreach (var bench in benches)
        {
            var time = new DateTimeOffset(2025, 10, 6, 4, 0, 0, TimeSpan.Zero).AddMinutes(Random.Next(10));
            while (time < new DateTimeOffset(2025, 11, 8, 0, 0, 0, TimeSpan.Zero))
            {
                var seconds = 300 + Random.Next(900);
                Run(bench, article, time, seconds, number++);
                time += TimeSpan.FromSeconds(seconds + 20 + Random.Next(60));
            }
        }
    }

    private void Run((Guid Id, string Name) bench, Guid article, DateTimeOffset time, int seconds, int number)
    {
        var (run, unit) = (Guid.NewGuid(), Guid.NewGuid());
        var bad = Random.Next(12) == 0;
        var serial = $"KR{number:000000}";
        Row("UutData", unit, serial, article, $"L{number / 40}");
        Row("IndexData", run, unit, article, null, null, bench.Id, null, Clock.ToLocal(time), Random.Next(5), bad ? 20 : 10,
            (float)seconds, $"pc-{bench.Name}", null, "anna", "KR-7710", "KR drive In-Circuit", null, null, null, null, null);
        for (var step = 1; step <= 6; step++)
        {
            double low = 10 * step, high = low + 2;
            var fails = bad && step == 4;
            double value = fails ? high + 0.5 : low + 0.2 + 1.6 * Random.NextDouble();
            if (step == 2 && number % 50 == 7) value = 9999;
            // Kind: 3 is a number, 5 a number in percent: what it says of the row is its type.
            Row("TestDataNumeric", run, step, $"Param {(char)('A' + step)}", null, $"{step}", "V", Math.Round(value, 3), low, high,
                step % 2 == 0 ? 3 : 5);
        }
        Row("TestDataText", run, 7, "Firmware", null, "7", null, "4.2.1", 8);
        Truths[run] = new Truth(time, bad ? "F" : "P", serial, "KR-7710", bad ? 1 : 0);
    }
}
