using System.Globalization;
using VteWats.Core.Vte.Sqlite;

namespace VteWats.Core.Vte.Sample;

/// <summary>Makes the step results of a run and writes their rows.</summary>
internal sealed class SampleSteps(SampleRandom random, RowWriter rows, Func<string, int, int, int, bool> plant)
{
    private static readonly double[] Sentinels = [9.91e37, -9.9e37, 1e38, double.MaxValue, -1e308];

    /// <summary>Rows written so far.</summary>
    public long Count { get; private set; }

    /// <summary>The steps of one run with the verdict <paramref name="result"/>; returns the seconds that the test took.</summary>
    public double Write(int number, Guid run, SamplePlan plan, int result)
    {
        var steps = plan.Steps;
        // A failed run has its fault somewhere; half of the plans stop there. Errors and aborts end early.
        var fault = result == 1 ? -1 : random.Below(steps.Count);
        var last = result is 2 or 3 || (result == 0 && random.Chance(0.5)) ? fault : steps.Count - 1;
        if (result == 0) while (steps[fault].Kind != SampleStepKind.Numeric || steps[fault] is { Low: null, High: null })
            fault = (fault + 1) % steps.Count;
        if (result == 0 && last < fault) last = fault;
        var reversed = plant("ReversedLimits", number, 37, 19) ? 0 : -1;
        var sentinel = plant("Sentinel", number, 31, 3) ? 1 : -1;
        var contradicting = plant("ResultAgainstLimits", number, 47, 40) ? 2 : -1;
        var overLong = plant("OverLongStepName", number, 71, 53) ? 3 : -1;
        var repeated = plant("SharedStepNumber", number, 79, 71) ? 4 : -1;
        var large = plant("LargeText", number, 997, 777);
        for (var i = 0; i <= last; i++)
        {
            var step = steps[i];
            var name = i == overLong ? $"{step.Name} {string.Concat(Enumerable.Repeat("and so on ", 20))}" : step.Name;
            var verdict = i == fault && result == 0 ? 0 : i == fault && result == 2 ? 2 : step is { Low: null, High: null } ? 2 : 1;
            switch (step.Kind)
            {
                case SampleStepKind.Numeric:
                    var value = i == sentinel || (i == fault && result == 2) ? random.Of(Sentinels)
                        : Value(step, i == fault || i == contradicting);
                    var (low, high) = i == reversed ? (step.High, step.Low) : (step.Low, step.High);
                    Numeric(run, step, name, value, low, high, verdict);
                    // Several rows with one step number are several measurements of one step.
                    if (i == repeated) for (var n = 2; n < 5; n++) Numeric(run, step, $"{name} #{n}", Value(step, false), low, high, 1);
                    break;
                case SampleStepKind.Text:
                    var text = large && i == 16 ? new string('t', 120_000) : step.Name[0] == 'F' ? "4.11.2"
                        : string.Create(CultureInfo.InvariantCulture, $"CAL {number % 12 + 1:00}/26");
                    Write("TestDataText", run, step, name, text, 1);
                    break;
                case SampleStepKind.OtherText:
                    Write("TestDataOther", run, step, name, number % 9 == 4 ? "måling på nytt\u0002" : "ok", 2);
                    break;
                default:
                    Write("TestDataOther", run, step, name, random.Bytes(number % 211 == 100 ? 7900 : 16 + random.Below(48)), 2);
                    break;
            }
        }
        return (last + 1) * (0.4 + random.Share());
    }

    private double Value(SampleStep step, bool outside)
    {
        var offset = outside ? step.Tolerance * (1.2 + random.Share()) * (step.High is null ? -1 : 1)
            : step.Tolerance * 0.25 * random.Spread();
        return Math.Round((step.Nominal + offset) * step.Scale) / step.Scale;
    }

    private void Numeric(Guid run, SampleStep step, string name, double value, double? low, double? high, int verdict)
    {
        Count++;
        rows.Write("TestDataNumeric", run, step.StepNumber, name, step.Description, step.Number, step.Units, value, low, high, verdict);
    }

    private void Write(string table, Guid run, SampleStep step, string name, object value, int verdict)
    {
        Count++;
        rows.Write(table, run, step.StepNumber, name, step.Description, step.Number, step.Units, value, verdict);
    }
}
