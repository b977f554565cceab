using System.Globalization;

namespace VteWats.Core.Wats.Comparison;

/// <summary>
/// Lists every difference between the report that a run maps to and the report that WATS gives back. Numbers must be equal to the last
/// bit and times to the 100 ns; steps and measurements are matched by name.
/// </summary>
public static class ReportComparer
{
    /// <param name="expected">The report as it is mapped today.</param>
    /// <param name="actual">The report in WATS; null when there is none.</param>
    public static IReadOnlyList<ReportDifference> Compare(WatsReport expected, WatsReport? actual)
    {
        var found = new Findings(expected);
        if (actual is null)
        {
            found.Add(ReportDifferenceKind.Missing, "report", "in WATS", null);
            return found.List;
        }
        Header(found, expected, actual);
        if (expected.Root is { } root && actual.Root is { } rootThere)
        {
            found.Compare(ReportDifferenceKind.StepCount, "root", Count(root), Count(rootThere));
            Step(found, "root", root, rootThere);
        }
        else if (expected.Root is not null) found.Add(ReportDifferenceKind.Missing, "root", expected.Root.Name, null);
        else if (actual.Root is not null) found.Add(ReportDifferenceKind.Extra, "root", null, actual.Root.Name);
        return found.List;
    }

    private static void Header(Findings found, WatsReport expected, WatsReport actual)
    {
        found.Compare(ReportDifferenceKind.Result, "result", expected.ResultCode, actual.ResultCode);
        found.Compare(ReportDifferenceKind.Header, "sn", expected.Sn, actual.Sn);
        found.Compare(ReportDifferenceKind.Header, "pn", expected.Pn, actual.Pn);
        found.Compare(ReportDifferenceKind.Header, "rev", expected.Rev, actual.Rev);
        found.Compare(ReportDifferenceKind.Header, "processCode", expected.ProcessCode, actual.ProcessCode);
        found.Compare(ReportDifferenceKind.Header, "machineName", expected.MachineName, actual.MachineName);
        found.Compare(ReportDifferenceKind.Header, "location", expected.Location, actual.Location);
        found.Compare(ReportDifferenceKind.Header, "purpose", expected.Purpose, actual.Purpose);
        found.Compare(ReportDifferenceKind.Time, "start", expected.Start?.ToUniversalTime(), actual.Start?.ToUniversalTime());
        found.Compare(ReportDifferenceKind.Time, "uut.execTime", expected.Uut?.ExecTime, actual.Uut?.ExecTime);
        found.Compare(ReportDifferenceKind.Header, "uut.user", expected.Uut?.User, actual.Uut?.User);
        found.Compare(ReportDifferenceKind.Header, "uut.batchSN", expected.Uut?.BatchSn, actual.Uut?.BatchSn);
        Pairs(
            found, "miscInfos", expected.MiscInfos, actual.MiscInfos, m => m.Description ?? "",
            (path, e, a) =>
            {
                found.Compare(ReportDifferenceKind.Header, path, e.Text, a.Text);
                found.Compare(ReportDifferenceKind.Header, path, e.Numeric, a.Numeric);
            });
        Pairs(
            found, "subUnits", expected.SubUnits, actual.SubUnits, s => $"{s.PartType} {s.Sn}",
            (path, e, a) =>
            {
                found.Compare(ReportDifferenceKind.Header, path, e.Pn, a.Pn);
                found.Compare(ReportDifferenceKind.Header, path, e.Rev, a.Rev);
            });
    }

    private static void Step(Findings found, string path, WatsStep expected, WatsStep actual)
    {
        found.Compare(ReportDifferenceKind.Status, path, expected.Status, actual.Status);
        found.Compare(ReportDifferenceKind.Time, path, expected.TotTime, actual.TotTime);
        found.Compare(ReportDifferenceKind.Text, path, expected.ReportText, actual.ReportText);
        found.Compare(ReportDifferenceKind.Text, path, expected.ErrorMessage, actual.ErrorMessage);
        Pairs(found, path, expected.NumericMeas, actual.NumericMeas, m => m.Name ?? "", (at, e, a) =>
        {
            found.Compare(ReportDifferenceKind.Value, at, e.Value, a.Value);
            found.Compare(ReportDifferenceKind.Limit, at, e.LowLimit, a.LowLimit);
            found.Compare(ReportDifferenceKind.Limit, at, e.HighLimit, a.HighLimit);
            found.Compare(ReportDifferenceKind.Unit, at, e.Unit, a.Unit);
            found.Compare(ReportDifferenceKind.Comparison, at, e.CompOp, a.CompOp);
            found.Compare(ReportDifferenceKind.Status, at, e.Status, a.Status);
        });
        Pairs(found, path, expected.StringMeas, actual.StringMeas, m => m.Name ?? "", (at, e, a) =>
        {
            found.Compare(ReportDifferenceKind.Value, at, e.Value, a.Value);
            found.Compare(ReportDifferenceKind.Limit, at, e.Limit, a.Limit);
            found.Compare(ReportDifferenceKind.Comparison, at, e.CompOp, a.CompOp);
            found.Compare(ReportDifferenceKind.Status, at, e.Status, a.Status);
        });
        Pairs(found, path, expected.BooleanMeas,
            actual.BooleanMeas, m => m.Name ?? "", (at, e, a) => found.Compare(ReportDifferenceKind.Status, at, e.Status, a.Status));
        Pairs(found, path, expected.Steps, actual.Steps, s => s.Name ?? "", (at, e, a) => Step(found, at, e, a), "step ");
    }

    private static void Pairs<T>(
        Findings found, string path, IReadOnlyList<T>? expected, IReadOnlyList<T>? actual, Func<T, string> name,
        Action<string, T, T> compare, string kind = "")
    {
        // Several of one name (an unnamed single measurement, above all) are matched in order.
        var there = (actual ?? []).GroupBy(name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => new Queue<T>(g), StringComparer.Ordinal);
        foreach (var item in expected ?? [])
        {
            var key = name(item);
            if (there.TryGetValue(key, out var same) && same.TryDequeue(out var match)) compare(At(key), item, match);
            else found.Add(ReportDifferenceKind.Missing, At(key), key, null);
        }
        foreach (var (key, rest) in there)
        {
            foreach (var _ in rest) found.Add(ReportDifferenceKind.Extra, At(key), null, key);
        }

        string At(string key) => key.Length == 0 ? path : $"{path} -> {kind}{key}";
    }

    private static int Count(WatsStep step) => 1 + (step.Steps?.Sum(Count) ?? 0);

    private sealed class Findings
    {
        private readonly WatsReport _report;

        public Findings(WatsReport report) => _report = report;

        public List<ReportDifference> List { get; } = [];

        public void Compare<T>(ReportDifferenceKind kind, string path, T expected, T actual)
        {
            if (!EqualityComparer<T>.Default.Equals(expected, actual)) Add(kind, path, Text(expected), Text(actual));
        }

        public void Add(ReportDifferenceKind kind, string path, string? expected, string? actual) => List.Add(new ReportDifference
        {
            RunId = _report.Id ?? Guid.Empty, SerialNumber = _report.Sn, Kind = kind, Path = path, Expected = expected, Actual = actual,
        });

        private static string? Text<T>(T value) => value switch
        {
            null => null,
            DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        };
    }
}
