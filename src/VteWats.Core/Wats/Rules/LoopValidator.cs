using System.Text.Json;

namespace VteWats.Core.Wats.Rules;

/// <summary>
/// Validates the loops among the steps of one sequence: a summary step without <c>idx</c>, followed by index steps of the same name with
/// <c>idx</c> 0, 1, …
/// </summary>
internal sealed class LoopValidator(PropertyReader reader, ReportPath parent)
{
    private static readonly WsjfProperty[] SummaryFields = [WsjfSchema.LoopNum, WsjfSchema.LoopEnding, WsjfSchema.LoopPassed,
        WsjfSchema.LoopFailed];

    private sealed record Summary(string Name, JsonElement Step, PropertyValues Loop, ReportPath ReportPath)
    {
        public int Highest { get; set; } = -1;
    }

    private Summary? _open;

    /// <summary>True when the step belongs to a loop.</summary>
    public bool Take(JsonElement element, PropertyValues step)
    {
        if (step[WsjfSchema.StepLoop] is not { ValueKind: JsonValueKind.Object } sent)
        {
            return false;
        }
        var name = step.Text(WsjfSchema.StepName) ?? "";
        var place = parent.Named("loop", element);
        var loop = reader.Read(WsjfSchema.Loop, sent, place);
        if (loop.Integer(WsjfSchema.LoopIndex) is { } index) TakeIndex(element, name, loop, place.At(index), index);
        else TakeSummary(element, name, loop, place);
        return true;
    }

    /// <summary>The last step of the sequence is read.</summary>
    public void End()
    {
        if (_open is not { } summary) return;
        _open = null;
        if (summary.Loop.Integer(WsjfSchema.LoopEnding) is not { } ending) return;
        if (ending != summary.Highest)
            reader.Add(Relations.LoopEnding, summary.ReportPath, "endingIndex is required to be the same as highest index.");
        if (summary.Loop.Integer(WsjfSchema.LoopNum) is { } num && num != ending + 1)
            reader.Add(Relations.LoopNum, summary.ReportPath, "num is required to be one more than endingIndex.");
    }

    private void TakeSummary(JsonElement element, string name, PropertyValues loop, ReportPath place)
    {
        End();
        foreach (var field in SummaryFields.Where(f => !loop.Has(f)))
            reader.Add(Relations.LoopSummaryFields, place, $"{field.Name} is required.");
        _open = new Summary(name, element, loop, place);
    }

    private void TakeIndex(JsonElement element, string name, PropertyValues loop, ReportPath place, int index)
    {
        foreach (var field in SummaryFields.Where(loop.Has))
            reader.Add(Relations.LoopFields, place, $"{field.Name} is allowed in the Summary step only.");
        if (_open is not { } summary || summary.Name != name)
        {
            reader.Add(Relations.LoopSummary, place, "Summary step is required before index steps.");
            return;
        }
        summary.Highest = Math.Max(summary.Highest, index);
        Match(summary.Step, element, place);
    }

    private void Match(JsonElement summary, JsonElement step, ReportPath place)
    {
        MatchLimits(summary, step, place);
        var expected = ByName(summary);
        var found = ByName(step);
        foreach (var name in expected.Keys.Except(found.Keys).Concat(found.Keys.Except(expected.Keys)))
            reader.Add(Relations.LoopSteps, place, $"step {WsjfText.OneLine(name, 100)} in Summary step requires a match.");
        foreach (var (name, child) in found)
        {
            if (expected.TryGetValue(name, out var template)) Match(template, child, place.Named("step", child));
        }
    }

    private void MatchLimits(JsonElement summary, JsonElement step, ReportPath place)
    {
        var expected = Limits(summary);
        var found = Limits(step);
        for (var i = 0; i < Math.Min(expected.Count, found.Count); i++)
        {
            if (expected[i] != found[i])
                reader.Add(Relations.LoopLimit, place.Child("stringMeas"), "limit is required to match Summary step.");
        }
    }

    private static Dictionary<string, JsonElement> ByName(JsonElement step)
    {
        var children = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (!step.TryGetProperty("steps", out var steps) || steps.ValueKind != JsonValueKind.Array) return children;
        foreach (var child in steps.EnumerateArray())
        {
            if (child.ValueKind == JsonValueKind.Object && child.TryGetProperty("name", out var name)
                && WsjfText.TryGet(name, out var text)) children.TryAdd(text, child);
        }
        return children;
    }

    private static List<string?> Limits(JsonElement step)
    {
        if (!step.TryGetProperty("stringMeas", out var list) || list.ValueKind != JsonValueKind.Array) return [];
        return [.. list.EnumerateArray()
            .Select(m => m.ValueKind == JsonValueKind.Object && m.TryGetProperty("limit", out var limit)
            && WsjfText.TryGet(limit, out var text) ? text : null)];
    }
}
