using System.Globalization;
using VteWats.Core.Wats;

namespace VteWats.Benchmarks;

/// <summary>Reports to send: 40 steps each, the same for the same number.</summary>
internal static class SendReports
{
    public static IEnumerable<WatsReport> Take(int count, int batch = 0)
    {
        for (var n = 0; n < count; n++) yield return New(n, batch);
    }

    private static WatsReport New(int n, int batch)
    {
        var start = new DateTimeOffset(2024, 3, 2, 8, 0, 0, TimeSpan.FromHours(1)).AddSeconds(n);
        var steps = new WatsStep[40];
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = new WatsStep
            {
                Id = i + 2, Group = "M", StepType = "ET_NLT", Name = string.Create(CultureInfo.InvariantCulture, $"Voltage {i}"),
                Status = "P", TotTime = 0.1,
                NumericMeas = [new WatsNumericMeas { CompOp = "GELE", Status = "P", Unit = "V", Value = i + n / 1e6, LowLimit = -1,
                    HighLimit = 1000 }],
            };
        }
        return new WatsReport
        {
            Id = new Guid(n, (short)batch, 2, 3, 4, 5, 6, 7, 8, 9, 10), Pn = "PN-100",
            Sn = string.Create(CultureInfo.InvariantCulture, $"SN-{batch}-{n:000000}"), Rev = "A",
            ProcessCode = 100, ResultCode = "P", MachineName = "VTE-07", Location = "Oslo", Purpose = "Production", Start = start,
            StartUtc = start,
            Uut = new WatsUut { User = "op", ExecTime = 4.1 },
            Root = new WatsStep
            {
                Id = 1, Group = "M", StepType = "SequenceCall", Name = "Main", Status = "P", TotTime = 4,
                SeqCall = new WatsSeqCall { Path = "VTE/Main", Name = "Main", Version = "1" }, Steps = steps,
            },
        };
    }
}
