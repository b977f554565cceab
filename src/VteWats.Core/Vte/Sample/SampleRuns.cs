using System.Data.SqlTypes;
using System.Globalization;
using VteWats.Core.Time;
using VteWats.Core.Vte.Sqlite;

namespace VteWats.Core.Vte.Sample;

/// <summary>Makes the test runs of a sample plant, one after the other, and writes their rows.</summary>
internal sealed class SampleRuns
{
    private static readonly TimeSpan YoungestAge = TimeSpan.FromMinutes(5);

    private readonly SampleRandom _random;
    private readonly SamplePlant _plant;
    private readonly RowWriter _rows;
    private readonly SampleOptions _options;
    private readonly SiteClock _clock = SiteClock.For(SampleDatabase.TimeZone);
    private readonly SampleSteps _steps;
    private readonly PriorityQueue<Unit, DateTimeOffset> _retests = new();
    private readonly SortedDictionary<string, int> _dirt = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, int> _results = [];
    private readonly List<UnmappableRun> _unmappable = [];
    private readonly DateTime _repeatedHour;
    private DateTime _first = DateTime.MaxValue;
    private DateTime _last = DateTime.MinValue;
    private Unit? _previous;
    private DateTime _previousTime;
    private int _units;

    public SampleRuns(SampleRandom random, SamplePlant plant, RowWriter rows, SampleOptions options)
    {
        (_random, _plant, _rows, _options) = (random, plant, rows, options);
        _steps = new SampleSteps(random, rows, Plant);
        _repeatedHour = LastRepeatedHour(_clock.ToLocal(options.Until));
    }

    /// <summary>A unit on its way through a test plan.</summary>
    private sealed record Unit(Guid Id, string? Serial, SamplePlan Plan, int Attempt);

    public SampleSummary Write(string database, CancellationToken ct)
    {
        var from = _options.Until - TimeSpan.FromDays(_options.DaysBack);
        var span = _options.Until - YoungestAge - from;
        for (var i = 0; i < _options.Runs; i++)
        {
            ct.ThrowIfCancellationRequested();
            var time = from + span * ((i + _random.Share()) / _options.Runs);
            Unit unit;
            if (_retests.TryPeek(out var again, out var due) && due <= time)
            {
                (unit, time) = (again with { Attempt = again.Attempt + 1 }, due);
                _retests.Dequeue();
            }
            else
            {
                unit = NewUnit(i);
            }
            WriteRun(i, unit, time);
        }
        return new SampleSummary
        {
            Database = database, Runs = _options.Runs, Units = _units, Steps = _steps.Count, First = _first, Last = _last,
            Results = _results, Dirt = _dirt, Unmappable = _unmappable,
        };
    }

    // Dirt comes by the run's number, each kind with a period of its own: a small sample has some of each, and kinds meet now and then.
    private bool Plant(string dirt, int number, int period, int place)
    {
        if (number % period != place) return false;
        _dirt[dirt] = _dirt.GetValueOrDefault(dirt) + 1;
        return true;
    }

    private Unit NewUnit(int number)
    {
        var plan = _plant.Plans[Math.Min(_random.Below(_plant.Plans.Count), _random.Below(_plant.Plans.Count))];
        var serial = string.Create(CultureInfo.InvariantCulture, $"{plan.Product.Prefix}-{_options.Seed % 100:00}-{_units:000000}");
        if (Plant("NullSerial", number, 97, 11)) serial = null;
        else if (Plant("BlankSerial", number, 97, 23)) serial = "   ";
        else if (Plant("PaddedSerial", number, 41, 7)) serial = $" {serial}    ";
        else if (Plant("OverLongSerial", number, 401, 211)) serial += new string('9', 110);
        var unit = new Unit(_random.Guid(), serial, plan, 1);
        _units++;
        _rows.Write("UutData", unit.Id, unit.Serial, plan.Product.Id, $"LOT-{_units / 50}");
        if (_random.Chance(0.3)) WriteAssemblies(unit);
        return unit;
    }

    private void WriteRun(int number, Unit unit, DateTimeOffset time)
    {
        var local = _clock.ToLocal(time);
        if (Plant("RepeatedHour", number, 59, 43)) local = _repeatedHour.AddMilliseconds(_random.Below(3_600_000));
        else if (_previous is not null && Plant("EqualTimestamp", number, 29, 5)) local = _previousTime;
        else if (_previous is { } twin && Plant("SameUnitSameTimestamp", number, 61, 17)) (unit, local) = (twin, _previousTime);
        local = new SqlDateTime(local).Value;

        var run = _random.Guid();
        var fate = _random.Share();
        var result = fate < 0.86 - 0.1 * (unit.Attempt - 1) ? 1 : fate < 0.95 ? 0 : fate < 0.975 ? 2 : 3;
        var reported = Plant("UnknownResult", number, 101, 31) ? 7 : result;
        var empty = Plant("WithoutSteps", number, 53, 13);
        var seconds = empty ? 0 : _steps.Write(number, run, unit.Plan, result);
        WriteHeader(number, run, unit, local, reported, seconds);

        if (string.IsNullOrWhiteSpace(unit.Serial)) _unmappable.Add(new UnmappableRun(run, UnmappableRun.NoSerialNumber));
        else if (reported != result) _unmappable.Add(new UnmappableRun(run, UnmappableRun.UnknownResult));
        _results[reported] = _results.GetValueOrDefault(reported) + 1;
        (_previous, _previousTime) = (unit, local);
        if (local < _first) _first = local;
        if (local > _last) _last = local;

        if (result == 1) return;
        if (result == 0 && _random.Chance(0.4)) WriteRepair(unit, run, local);
        // A unit that failed comes back, most often soon and to the same plan.
        if (unit.Attempt < 4 && _random.Chance(0.8)) _retests.Enqueue(unit, time + TimeSpan.FromMinutes(2 + _random.Below(90)));
    }

    private void WriteHeader(int number, Guid run, Unit unit, DateTime local, int result, double seconds)
    {
        var station = _random.Of(_plant.Stations);
        var user = _random.Of(_plant.Users);
        var plan = unit.Plan;
        var nameless = Plant("NullNames", number, 83, 59);
        var info1 = Plant("ControlCharacters", number, 67, 29) ? "Fixture\u0001 \u0007A\u001f\r\n2"
            : Plant("OverLongInfo", number, 71, 41) ? string.Join(' ', Enumerable.Repeat("long remark", 21))
            : Plant("OtherAlphabets", number, 43, 37) ? "检验员备注 – Проверено – ✔ \U0001F50C" : $"Fixture {1 + number % 4}";
        _rows.Write(
            "IndexData",
            run, unit.Id, plan.Product.Id, plan.Id, plan.RevisionId, station.Id, user.Id, local,
            result switch { 1 => 0, 0 => 1, _ => 2 }, result, Plant("NullTestTime", number, 89, 61) ? null : (float)Math.Round(seconds, 2),
            station.Hostname, station.Location, nameless ? null : user.Name,
            plan.Product.Name, nameless ? null : plan.Name, nameless ? null : plan.Variant, nameless ? null : plan.Revision,
            info1, number % 3 == 0 ? "" : null, $"Work order {1000 + number / 100}");
    }

    private void WriteAssemblies(Unit unit)
    {
        for (var i = 1 + _random.Below(3); i > 0; i--)
            _rows.Write("AssemblyData", unit.Id, $"PCB-{100 + i}", i == 2 ? null : $"B{_random.Below(1_000_000)}", i == 3 ? ""
                : "R2", $"Board {i}");
    }

    private void WriteRepair(Unit unit, Guid run, DateTime failed)
    {
        var repair = _random.Guid();
        var time = failed.AddMinutes(5 + _random.Below(60));
        _rows.Write("RepairData", repair, run, time, _random.Of(_plant.Users).Id, _random.Of(SamplePlant.FailureCodes).Code,
            "Found at visual inspection");
        for (var i = _random.Below(2); i >= 0; i--)
            _rows.Write("RepairActions", repair, _random.Of(SamplePlant.ActionCodes).Code, $"U{1 + _random.Below(40)}", null);
        _rows.Write("UutHistory", unit.Id, time, "Repaired", null);
    }

    /// <summary>02:00 local time of the last Sunday in October at or before <paramref name="until"/>: the hour from there occurs twice in
    /// Europe.</summary>
    private static DateTime LastRepeatedHour(DateTime until)
    {
        for (var year = until.Year; ; year--)
        {
            var end = new DateTime(year, 10, 31, 2, 0, 0, DateTimeKind.Unspecified);
            var change = end.AddDays(-(int)end.DayOfWeek);
            if (change.AddHours(1) <= until) return change;
        }
    }
}
