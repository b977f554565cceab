using System.Globalization;
using System.Text.Json;

namespace VteWats.Core.Operating.Evidence;

/// <summary>A report as WATS gives it back, read member by member: not by the model that wrote it.</summary>
internal sealed class PlainReport
{
    private readonly JsonElement _report;

    public PlainReport(ReadOnlyMemory<byte> answer)
    {
        using var document = JsonDocument.Parse(answer);
        _report = document.RootElement.Clone();
        var steps = new List<PlainStep>();
        if (Member(_report, "root") is { } root) Walk(root, steps);
        Steps = steps;
    }

    /// <summary>Every step that holds no steps itself, in the order of the report.</summary>
    public IReadOnlyList<PlainStep> Steps { get; }

    public string? Text(string member) => Text(_report, member);

    public string? Unit(string member) => Member(_report, "uut") is { } uut ? Text(uut, member) : null;

    public DateTimeOffset? Start => DateTimeOffset.TryParse(Text("startUTC") ?? Text("start"), CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal, out var start) ? start : null;

    private static void Walk(JsonElement step, List<PlainStep> found)
    {
        if (Member(step, "steps") is not { ValueKind: JsonValueKind.Array } steps) return;
        foreach (var child in steps.EnumerateArray())
        {
            if (Member(child, "steps") is { ValueKind: JsonValueKind.Array } inner && inner.GetArrayLength() > 0) Walk(child, found);
            else found.Add(Step(child));
        }
    }

    private static PlainStep Step(JsonElement step)
    {
        var number = FirstOf(step, "numericMeas");
        var text = FirstOf(step, "stringMeas");
        var op = number is { } measured ? Text(measured, "compOp") : null;
        var (low, high) = number is { } n ? (Number(n, "lowLimit"), Number(n, "highLimit")) : (null, null);
        // A single limit stands in lowLimit, whichever side it is on.
        (low, high) = op switch
        {
            "GE" or "GT" => (low, null),
            "LE" or "LT" => (null, low ?? high),
            "LOG" or null => (null, null),
            _ => (low, high),
        };
        return new PlainStep(Text(step, "name") ?? "", Text(step, "status"), number is { } v ? Number(v, "value") : null, op, low, high,
            number is { } u ? Text(u, "unit") : null, text is { } t ? Text(t, "value") : null);
    }

    private static JsonElement? FirstOf(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[0] : null;

    private static JsonElement? Member(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
        ? value : null;

    private static string? Text(JsonElement owner, string name) => Member(owner, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => other.GetRawText(),
        null => null,
    };

    private static double? Number(JsonElement owner, string name) =>
        double.TryParse(Text(owner, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>A step of such a report, with its one measurement.</summary>
internal sealed record PlainStep(
    string Name, string? Status, double? Value, string? CompOp, double? Low, double? High, string? Unit, string? Text);
