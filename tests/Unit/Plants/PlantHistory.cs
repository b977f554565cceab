using VteWats.Core.Time;

namespace VteWats.Unit.Plants;

/// <summary>
/// Ten days at a plant with three stations that test one unit after the other, round the clock and never on a Sunday. The same seed gives
/// the same days. A unit that failed is tested again at once.
/// </summary>
internal sealed class PlantHistory(int seed, SiteClock clock, DateTimeOffset until)
{
    private const int Days = 10;

    // Not System.Random: its numbers are another runtime's affair.
    private uint _state = (uint)seed * 2654435761u + 1;
    private int _units;

    /// <summary>Share of runs in which nothing was measured at one step.</summary>
    public double NothingMeasured { get; init; }

    /// <summary>True where some tests are aborted, and some end with an error.</summary>
    public bool Aborts { get; init; }

    /// <summary>What happened, the oldest first.</summary>
    public IReadOnlyList<TrueRun> Runs(string[] stations, params TruePlan[] plans)
    {
        var runs = new List<TrueRun>();
        foreach (var station in stations)
        {
            string? again = null;
            var plan = plans[0];
            // Begins of tests are whole seconds, and so that no two stations begin at the same one.
            for (var at = Whole(until.AddDays(-Days)).AddSeconds(runs.Count % 7); ;)
            {
                if (again is null) plan = plans[Next(plans.Length)];
                // A retest is a short one: the fault is known.
                var seconds = (again is null ? plan.Seconds : plan.Seconds / 8) * (0.9 + Next(200) / 1000.0);
                seconds = Math.Round(seconds * 4) / 4;
                if (at.AddSeconds(seconds) > until.AddMinutes(-2)) break;
                if (!IsSunday(at) && !IsSunday(at.AddSeconds(seconds)))
                {
                    var run = Run(plan, station, again, clock.AtSite(at), seconds);
                    runs.Add(run);
                    again = run.Verdict == "F" && again is null ? run.Serial : null;
                }
                at = Whole(at.AddSeconds(seconds + 20 + Next(300)));
            }
        }
        return [.. runs.OrderBy(run => run.Begin).ThenBy(run => run.Id)];
    }

    private TrueRun Run(TruePlan plan, string station, string? serial, DateTimeOffset begin, double seconds)
    {
        var cut = Aborts && Next(25) == 0;
        var failing = Next(12) == 0 ? Next(plan.Steps.Length) : -1;
        var silent = Next(1000) < 1000 * NothingMeasured ? Next(plan.Steps.Length) : -1;
        var steps = plan.Steps.Take(cut ? plan.Steps.Length / 2 : plan.Steps.Length)
            .Select((step, n) => n == silent && step.Text is null ? step with { Verdict = "P" } : Measured(step, n == failing)).ToList();
        var verdict = cut ? Next(2) == 0 ? "T" : "E" : steps.Any(step => step.Verdict == "F") ? "F" : "P";
        return new TrueRun(Id(), serial ?? $"U{++_units:00000}", plan.Product, plan.Revision, plan.Name, plan.Operation, station, begin,
            cut ? Math.Round(seconds) / 2 : seconds, verdict, steps);
    }

    private TrueStep Measured(TrueStep step, bool fails)
    {
        if (step.Text is not null) return step;
        var (low, high) = (step.Low ?? (step.High ?? 10) - 4, step.High ?? (step.Low ?? 0) + 4);
        // Well inside, or well outside on a side that has a limit.
        var share = 0.1 + Next(800) / 1000.0;
        var isJudged = (step.Low ?? step.High) is not null;
        if (fails && isJudged) share = step.High is not null ? 1.1 + share / 4 : -0.1 - share / 4;
        return step with { Value = Math.Round(low + share * (high - low), 4), Verdict = !isJudged ? "D" : fails ? "F" : "P" };
    }

    private bool IsSunday(DateTimeOffset at) => clock.ToLocal(at).DayOfWeek == DayOfWeek.Sunday;

    private Guid Id()
    {
        var bytes = new byte[16];
        for (var i = 0; i < 16; i++) bytes[i] = (byte)Next(256);
        return new Guid(bytes);
    }

    private int Next(int below)
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (int)(_state % (uint)below);
    }

    private static DateTimeOffset Whole(DateTimeOffset at) => new(at.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, at.Offset);
}
