using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Unit.Mapping;

/// <summary>The place of a measurement, by which WATS adds up statistics, depends on numbers and names only.</summary>
public partial class PlaceTests
{
    [Fact]
    public void A_repeated_name_at_one_number_is_a_step_of_its_own_and_the_first_stays_where_it_is()
    {
        var once = Paths(Runs.Plain(Runs.Numeric(10, 5, name: "Vout"), Runs.Numeric(20, 1, name: "Iout")));
        var twice = Paths(Runs.Plain(Runs.Numeric(10, 5, name: "Vout"), Runs.Numeric(10, 6, name: "Vout"),
            Runs.Numeric(20, 1, name: "Iout")));
        Assert.Equal(["Vout", "Iout"], once);
        Assert.Equal(["Vout", "Vout (2)", "Iout"], twice);
    }

    [Fact]
    public void Different_names_at_one_number_are_a_sequence_with_one_child_a_row_whatever_the_values()
    {
        VteStep[] rows =
            [Runs.Numeric(10, 5, 0, 6, name: "A"), Runs.Numeric(10, 7, 0, 6, result: 0, name: "B"), Runs.Text(10, "x", name: "C")];
        var root = Runs.Plain(rows).Map().Root!;
        var sequence = Assert.Single(root.Steps!);
        Assert.Equal(("SequenceCall", "Step 10", "F"), (sequence.StepType, sequence.Name, sequence.Status));
        Assert.Equal(new WatsSeqCall { Path = "VTE/Main Plan/Full/Step 10", Name = "Step 10", Version = "1.4" }, sequence.SeqCall);
        Assert.Equal(["A", "B", "C"], sequence.Steps!.Select(s => s.Name));
        Assert.Equal([1, 2, 3, 4, 5], sequence.Steps!.Select(s => s.Id!.Value).Prepend(sequence.Id!.Value).Prepend(root.Id!.Value));

        // Seen before: a NaN in row A moved row B into a step of its own.
        rows[0] = Runs.Numeric(10, double.NaN, 0, 6, name: "A");
        Assert.Equal(["Step 10/A", "Step 10/B", "Step 10/C"], Paths(Runs.Plain(rows)));
    }

    [Fact]
    public void A_repetition_takes_no_name_from_another_step()
    {
        var once = Paths(Runs.Plain(Runs.Numeric(10, 5, name: "V"), Runs.Numeric(20, 6, name: "V")));
        var repeated = Paths(Runs.Plain(Runs.Numeric(10, 5, name: "V"), Runs.Numeric(10, 5.5, name: "V"), Runs.Numeric(20, 6, name: "V"),
            Runs.Numeric(20, 7, name: "V")));
        Assert.Equal(["V", "V (2)"], once);
        Assert.Equal(["V", "V (3)", "V (2)", "V (2) (2)"], repeated);
    }

    [Fact]
    public void Rows_without_a_number_come_last_in_the_report_as_in_the_run()
    {
        var steps = Runs.MapSteps(Runs.Numeric(1, 1, name: "A") with { StepNumber = null }, Runs.Numeric(5, 1, name: "B"));
        Assert.Equal(["B", "A"], steps.Select(s => s.Name));
    }

    [Fact]
    public void The_first_failing_child_of_a_sequence_is_marked_and_the_contradiction_names_its_path()
    {
        VteStep[] rows = [Runs.Numeric(10, 5, name: "A"), Runs.Numeric(10, 7, result: 0, name: "B")];
        var failed = (Runs.Plain(rows) with { ResultCode = 0 }).Map();
        Assert.Equal(["B"], Leaves(failed.Root!).Where(s => s.Step.CausedSeqFailure == true).Select(s => s.Step.Name));
        Assert.Contains(Runs.Plain(rows).Map().Notes,
            n => n.Rule == NoteRules.VerdictContradiction && n.Path == "root -> step Step 10 -> step B");
    }

    /// <summary>Arbitrary runs of one plan: other values, verdicts, NaN, orders and repetitions, the same places.</summary>
    [Fact]
    public void The_places_of_a_plan_do_not_depend_on_values_order_or_repetitions() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Cases.ToArbitrary(), c =>
        {
            var plain = Map(c.Plan.Select(row => c.Fill(row, 0)));
            var varied = c.Plan.SelectMany((row, i) => Enumerable.Range(0, 1 + c.Repeats[i]).Select(k => c.Fill(row, 1 + i + k * 100)))
                .OrderBy(row => HashCode.Combine(c.Seed, row.Name, row.StepNumber, (row as VteNumericStep)?.Value)).ToList();
            var places = Map(varied);
            // Every row of the plan stands where it stood; what is new is a repetition.
            foreach (var (path, row) in plain) Assert.Equal(row, places[path]);
            var repeated = c.Plan.Where((_, i) => c.Repeats[i] > 0).Select(row => row.Number).ToList();
            Assert.All(places.Where(p => !plain.ContainsKey(p.Key)), p => Assert.Contains(p.Value, repeated));
            // Another run of the plan with the same repetitions and other values has the very same places.
            var again = c.Plan.SelectMany((row, i) => Enumerable.Range(0, 1 + c.Repeats[i]).Select(k => c.Fill(row, 7000 + i * 31 + k)));
            Assert.Equal(places.OrderBy(p => p.Key, StringComparer.Ordinal), Map(again).OrderBy(p => p.Key, StringComparer.Ordinal));
        }));

    private sealed record Case(IReadOnlyList<VteStep> Plan, IReadOnlyList<int> Repeats, int Seed)
    {
        // A row of the plan with values of another run; its number and name tell which it is.
        public VteStep Fill(VteStep row, int salt)
        {
            var random = new Random(HashCode.Combine(Seed, salt, row.StepNumber, row.Name));
            double?[] values = [null, double.NaN, double.PositiveInfinity, 9.91e37, 0, random.NextDouble() * 100, -5.5];
            var code = random.Next(3);
            return row switch
            {
                VteNumericStep n => n with { Value = values[random.Next(7)], LowLimit = values[random.Next(7)], ResultCode = code },
                VteTextStep t => t with { Text = random.Next(3) == 0 ? null : new string('x', random.Next(300)), ResultCode = code },
                VteOtherStep o => o with { Text = random.Next(2) == 0 ? null : "1;2", Bytes = null, ResultCode = code },
                _ => row,
            };
        }
    }

    private static readonly Gen<VteStep> Row =
        from number in Gen.Frequency((12, Gen.Choose(1, 6).Select(n => (int?)n)), (1, Gen.Constant<int?>(null)))
        from name in Gen.Elements("Vout", "vout", "Iout", "Vout (2)", "Gain", "Step 3", null)
        from kind in Gen.Choose(0, 2)
        select kind switch
        {
            0 => (VteStep)new VteNumericStep { StepNumber = number, Name = name, Units = "V" },
            1 => new VteTextStep { StepNumber = number, Name = name },
            _ => new VteOtherStep { StepNumber = number, Name = name },
        };

    private static readonly Gen<Case> Cases =
        from count in Gen.Choose(1, 10)
        from rows in Row.ListOf(count)
        from repeats in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 3))).ListOf(count)
        from seed in Gen.Choose(0, int.MaxValue)
            // Rows of one kind, number and name are repetitions of each other already: a plan names each once.
        let plan = rows.Where(r => r.StepNumber is not null)
            .DistinctBy(r => (r.StepNumber, (r.Name ?? $"Step {r.StepNumber}").ToUpperInvariant()))
            .Select(r => r with { Number = $"<{r.StepNumber} {r.Name}>" }).ToList()
        select new Case(plan, [.. repeats.Take(plan.Count)], seed);

    // The row of the plan, which stands in the report text, by path.
    private static Dictionary<string, string> Map(IEnumerable<VteStep> rows) => Leaves(Runs.Plain([.. rows]).Map().Root!).ToDictionary(
        leaf => leaf.Path, leaf => Tag().Match(leaf.Step.ReportText!).Value, StringComparer.Ordinal);

    [GeneratedRegex("<.*>")]
    private static partial Regex Tag();

    private static List<string> Paths(VteTestRun run) => [.. Leaves(run.Map().Root!).Select(leaf => leaf.Path)];

    private static IEnumerable<(string Path, WatsStep Step)> Leaves(WatsStep step, string path = "") =>
        (step.Steps ?? []).SelectMany(child =>
            child.Steps is null ? [($"{path}{child.Name}", child)] : Leaves(child, $"{path}{child.Name}/"));
}
