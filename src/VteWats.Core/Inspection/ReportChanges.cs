using System.Globalization;
using VteWats.Core.Wats;

namespace VteWats.Core.Inspection;

/// <summary>
/// In what two reports of one run differ. Steps are the same where they are made of the same row, whatever they are called: that is what
/// tells a renamed step from one that is gone and one that is new.
/// </summary>
internal sealed class ReportChanges
{
    private readonly List<(MappingChangeKind Kind, MappingExample Example)> _found = [];
    private readonly WatsReport _before, _after;

    private ReportChanges(WatsReport before, WatsReport after) => (_before, _after) = (before, after);

    /// <param name="before">The report of the mapping in use.</param>
    /// <param name="after">The other one's.</param>
    /// <param name="pathsBefore">Path of the step that each row becomes under the mapping in use.</param>
    /// <param name="pathsAfter">The same under the other one.</param>
    public static IReadOnlyList<(MappingChangeKind Kind, MappingExample Example)> Between(
        WatsReport before, WatsReport after, IReadOnlyList<string> pathsBefore, IReadOnlyList<string> pathsAfter)
    {
        var changes = new ReportChanges(before, after);
        changes.Header();
        changes.Steps(pathsBefore, pathsAfter);
        // The bytes differ, so something does: a field that nobody has named here.
        if (changes._found.Count == 0) changes.Add(MappingChangeKind.Header, "report", null, null);
        return changes._found;
    }

    private void Header()
    {
        Compare(MappingChangeKind.Unit, "sn", _before.Sn, _after.Sn);
        Compare(MappingChangeKind.Unit, "pn", _before.Pn, _after.Pn);
        Compare(MappingChangeKind.Unit, "rev", _before.Rev, _after.Rev);
        Compare(MappingChangeKind.Operation, "processCode", _before.ProcessCode, _after.ProcessCode);
        Compare(MappingChangeKind.Verdict, "result", _before.ResultCode, _after.ResultCode);
        Compare(MappingChangeKind.Time, "start", _before.Start?.ToUniversalTime(), _after.Start?.ToUniversalTime());
        Compare(MappingChangeKind.Time, "uut.execTime", _before.Uut?.ExecTime, _after.Uut?.ExecTime);
        Compare(MappingChangeKind.Header, "machineName", _before.MachineName, _after.MachineName);
        Compare(MappingChangeKind.Header, "location", _before.Location, _after.Location);
        Compare(MappingChangeKind.Header, "purpose", _before.Purpose, _after.Purpose);
        var (uut, other) = (_before.Uut, _after.Uut);
        Compare(MappingChangeKind.Header, "uut.user", uut?.User, other?.User);
        Compare(MappingChangeKind.Header, "uut.batchSN", uut?.BatchSn, other?.BatchSn);
        Compare(MappingChangeKind.Header, "uut.comment", uut?.Comment, other?.Comment);
        Compare(MappingChangeKind.Header, "uut.errorCode", uut?.ErrorCode, other?.ErrorCode);
        Compare(MappingChangeKind.Header, "uut.errorMessage", uut?.ErrorMessage, other?.ErrorMessage);
        Compare(MappingChangeKind.Header, "uut.fixtureId", uut?.FixtureId, other?.FixtureId);
        Compare(MappingChangeKind.Header, "uut.testSocketIndex", uut?.TestSocketIndex, other?.TestSocketIndex);
        Compare(MappingChangeKind.Header, "assets", Names(_before.Assets, a => a.AssetSn), Names(_after.Assets, a => a.AssetSn));
        Compare(MappingChangeKind.Header, "subUnits", Names(_before.SubUnits, s => $"{s.PartType}:{s.Pn}:{s.Sn}:{s.Rev}"),
            Names(_after.SubUnits, s => $"{s.PartType}:{s.Pn}:{s.Sn}:{s.Rev}"));
        var infos = (_before.MiscInfos ?? []).Where(IsContent).ToLookup(info => info.Description ?? "", info => info.Text);
        var others = (_after.MiscInfos ?? []).Where(IsContent).ToLookup(info => info.Description ?? "", info => info.Text);
        foreach (var name in infos.Select(info => info.Key).Union(others.Select(info => info.Key)))
            Compare(MappingChangeKind.Header, $"miscInfos {name}", Names(infos[name], t => t), Names(others[name], t => t));
        Compare(MappingChangeKind.Step, "root", _before.Root?.ReportText, _after.Root?.ReportText);
    }

    private void Steps(IReadOnlyList<string> pathsBefore, IReadOnlyList<string> pathsAfter)
    {
        var before = Leaves(_before);
        var after = Leaves(_after);
        // Read in two ways, the rows may be others, too: then they are told apart by what they are called.
        var byRow = pathsBefore.Count == pathsAfter.Count;
        foreach (var (path, other) in byRow ? pathsBefore.Zip(pathsAfter) : pathsBefore.Select(p => (p, p)))
        {
            if (!before.TryGetValue(path, out var step)) continue;
            if (!after.Remove(other, out var same)) Add(MappingChangeKind.StepLost, path, path, null);
            else
            {
                if (path != other) Add(MappingChangeKind.StepRenamed, path, path, other);
                Step(path, step, same);
            }
        }
        foreach (var path in after.Keys) Add(MappingChangeKind.StepAdded, path, null, path);
    }

    private void Step(string path, WatsStep before, WatsStep after)
    {
        Compare(MappingChangeKind.StepVerdict, path, before.Status, after.Status);
        Compare(MappingChangeKind.Value, path, ValueOf(before), ValueOf(after));
        if (before.NumericMeas is [var number, ..] && after.NumericMeas is [var other, ..])
        {
            Compare(MappingChangeKind.Limit, path, Limits(number), Limits(other));
            Compare(MappingChangeKind.MeasureUnit, path, number.Unit, other.Unit);
        }
        Compare(MappingChangeKind.Step, path, before.Group, after.Group);
        Compare(MappingChangeKind.Step, path, before.StepType, after.StepType);
        Compare(MappingChangeKind.Step, path, before.ReportText, after.ReportText);
        Compare(MappingChangeKind.Step, path, before.CausedSeqFailure, after.CausedSeqFailure);
        Compare(MappingChangeKind.Step, path, Chart(before.Chart), Chart(after.Chart));
        Compare(MappingChangeKind.Step, path, Attachment(before.Attachment), Attachment(after.Attachment));
    }

    private static Dictionary<string, WatsStep> Leaves(WatsReport report)
    {
        var found = new Dictionary<string, WatsStep>(StringComparer.Ordinal);
        if (report.Root is { } root) Walk(ReportPath.Root, root);
        return found;

        void Walk(ReportPath at, WatsStep step)
        {
            foreach (var child in step.Steps ?? [])
            {
                var path = at.Child($"step {child.Name}");
                if (child.Steps is null) found[path.ToString()] = child;
                else Walk(path, child);
            }
        }
    }

    private static string? ValueOf(WatsStep step) =>
        step.NumericMeas is [{ Value: { } number }, ..] ? number.ToString("R", CultureInfo.InvariantCulture)
        : step.StringMeas is [{ } text, ..] ? text.Value : null;

    private static string Limits(WatsNumericMeas measured) =>
        string.Create(CultureInfo.InvariantCulture, $"{measured.CompOp} {measured.LowLimit} {measured.HighLimit}").Trim();

    private static string? Chart(WatsChart? chart) => chart is null ? null : $"{chart.ChartType} {chart.XLabel} ({chart.XUnit}) "
        + $"{chart.YLabel} ({chart.YUnit}), "
        + string.Create(CultureInfo.InvariantCulture, $"{chart.Series?.Count} series");

    private static string? Attachment(WatsAttachment? data) => data is null ? null
        : string.Create(CultureInfo.InvariantCulture, $"{data.Name} ({data.ContentType}, {data.Data?.Length} bytes)");

    private static bool IsContent(WatsMiscInfo info) => info.Description != Mapping.ReportSameness.Fingerprint;

    private static string? Names<T>(IEnumerable<T>? items, Func<T, string?> name) =>
        items is null ? null : string.Join(", ", items.Select(name)) is { Length: > 0 } text ? text : null;

    private void Compare<T>(MappingChangeKind kind, string place, T before, T after)
    {
        if (!EqualityComparer<T>.Default.Equals(before, after)) Add(kind, place, Text(before), Text(after));
    }

    private void Add(MappingChangeKind kind, string place, string? before, string? after) =>
        _found.Add((kind, new MappingExample(_before.Id ?? Guid.Empty, _before.Sn, place, before, after)));

    private static string? Text<T>(T value) => value switch
    {
        null => null,
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}
