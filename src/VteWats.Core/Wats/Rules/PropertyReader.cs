using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace VteWats.Core.Wats.Rules;

/// <summary>Reads objects by their shape, judges each property by its own rules and collects the findings.</summary>
internal sealed class PropertyReader
{
    private const int QuotedLength = 40;
    private static readonly SearchValues<char> SearchMarks = SearchValues.Create(WsjfText.SearchMarks);
    private readonly List<ReportFinding> _findings = [];

    public IReadOnlyList<ReportFinding> Findings => _findings;

    public void Add(ReportRule rule, ReportPath place, string message) =>
        _findings.Add(new ReportFinding(rule.Id, rule.Severity, place.ToString(), message));

    /// <summary>Reads the members of a list that have to be objects.</summary>
    public IEnumerable<(JsonElement Element, int Index)> Objects(PropertyValues owner, WsjfProperty list, ReportPath place)
    {
        var index = -1;
        foreach (var member in owner.Members(list))
        {
            index++;
            if (member.ValueKind == JsonValueKind.Object) yield return (member, index);
            else Add(Relations.ListMember, place.Child(list.Name).At(index), $"A member of {list.Name} is required to be an object.");
        }
    }

    public PropertyValues Read(WsjfObject shape, JsonElement element, ReportPath place, bool isRepair = false)
    {
        var properties = shape.Properties;
        var values = new JsonElement[properties.Length];
        var seen = 0UL;
        var next = 0;
        foreach (var sent in element.EnumerateObject())
        {
            if (Find(properties, sent, ref next) is not { } property)
            {
                Add(Relations.UnknownProperty, place, Unknown(shape, sent));
                continue;
            }
            if ((seen & (1UL << property.Index)) != 0)
                Add(Relations.DuplicateProperty, place, $"{property.Name} is required to be there once only.");
            seen |= 1UL << property.Index;
            if (sent.Value.ValueKind == JsonValueKind.Null) continue;
            values[property.Index] = sent.Value;
            Validate(property, sent.Value, place);
        }
        foreach (var property in properties)
        {
            if (property.RequiredRule is { } required && values[property.Index].ValueKind == JsonValueKind.Undefined
                && !(isRepair && property.TestOnly))
                Add(required, place, $"{property.Name} is required.");
        }
        return new PropertyValues(values);
    }

    // Writers keep one order: the next property is nearly always the one after the last.
    private static WsjfProperty? Find(WsjfProperty[] properties, JsonProperty sent, ref int next)
    {
        for (var i = 0; i < properties.Length; i++)
        {
            var at = next + i < properties.Length ? next + i : next + i - properties.Length;
            if (!sent.NameEquals(properties[at].Utf8Name)) continue;
            next = at + 1;
            return properties[at];
        }
        return null;
    }

    private static string Unknown(WsjfObject shape, JsonProperty sent)
    {
        string name;
        try { name = WsjfText.OneLine(sent.Name, QuotedLength); }
        catch (InvalidOperationException) { name = "?"; }
        var meant = shape.Properties.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return meant is null ? $"{name} is not a known property; it is passed over."
            : $"{name} is not a known property, {meant.Name} is: names are case-sensitive.";
    }

    private void Validate(WsjfProperty property, JsonElement value, ReportPath place)
    {
        switch (property.Kind)
        {
            case WsjfKind.Text when value.ValueKind == JsonValueKind.String: ValidateText(property, value, place); break;
            case WsjfKind.Integer when value.ValueKind == JsonValueKind.Number
                && value.TryGetInt32(out var whole):
                ValidateRange(property, whole, place); break;
            case WsjfKind.Integer when property.FormRule is { } form && IsWhole(value):
                Add(form, place, $"{property.Name} should be written as a plain whole number; it is {Shown(value)}.");
                break;
            case WsjfKind.Number when value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
                && double.IsFinite(number):
                ValidateRange(property, number, place); break;
            case WsjfKind.Flag when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
            case WsjfKind.Object when value.ValueKind == JsonValueKind.Object:
            case WsjfKind.List when value.ValueKind == JsonValueKind.Array:
            case WsjfKind.Id when value.ValueKind == JsonValueKind.String && WsjfText.TryGet(value, out var id)
                && Guid.TryParse(id, CultureInfo.InvariantCulture, out _):
            case WsjfKind.Time when TryTime(value, out _):
            case WsjfKind.Base64 when value.ValueKind == JsonValueKind.String && WsjfText.TryGet(value, out _)
                && value.TryGetBytesFromBase64(out _):
                break;
            case WsjfKind.OutputOnly:
                Add(Relations.OutputOnlyProperty, place, $"{property.Name} is written by the server only; leave it out.");
                break;
            default:
                Add(property.TypeRule!, place, $"{property.Name} is required to be {property.KindInWords}; it is {Shown(value)}.");
                break;
        }
    }

    private void ValidateText(WsjfProperty property, JsonElement value, ReportPath place)
    {
        if (!WsjfText.TryGet(value, out var text))
        {
            Add(Relations.Characters, place, $"{property.Name} holds half of a surrogate pair, which is not a character.");
            return;
        }
        if (text.Length == 0)
        {
            if (property.RequiredRule is { } required) Add(required, place, $"{property.Name} is required; it is empty.");
            return;
        }
        if (property.MaxLength > 0 && text.Length > property.MaxLength)
            Add(property.LengthRule!, place,
                string.Create(CultureInfo.InvariantCulture,
                $"{property.Name} is required to be at most {property.MaxLength} characters; it has {text.Length}."));
        if (property.Values is { } values && !Contains(values, text, property.AnyCase))
            Add(property.ValueRule!, place, $"{property.Name} is required to be one of {string.Join(", ", values)}; it is {Shown(value)}.");
        if (WsjfText.IndexOfForbidden(text) is >= 0 and var at)
            Add(Relations.Characters, place,
                string.Create(CultureInfo.InvariantCulture,
                $"{property.Name} holds the character U+{(int)text[at]:X4} at position {at}, which cannot be stored."));
        if (property.IsLabel && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])))
            Add(Relations.Blanks, place, string.IsNullOrWhiteSpace(text) ? $"{property.Name} is nothing but blanks."
                : $"{property.Name} has blanks at its ends.");
        if (property.IsSearched && text.AsSpan().IndexOfAny(SearchMarks) is >= 0 and var mark)
            Add(Relations.Wildcards, place, $"{property.Name} holds '{text[mark]}', which is a wildcard or path mark in searches.");
    }

    private static bool IsWhole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
        && double.IsInteger(number) && number is >= int.MinValue and <= int.MaxValue;

    private static bool Contains(IReadOnlyList<string> values, string text, bool anyCase)
    {
        foreach (var value in values)
        {
            if (value.Equals(text, anyCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)) return true;
        }
        return false;
    }

    private void ValidateRange(WsjfProperty property, double value, ReportPath place)
    {
        if (value < property.Min || value > property.Max)
            Add(property.RangeRule!, place,
                string.Create(CultureInfo.InvariantCulture,
                $"{property.Name} is required to be {property.RangeInWords}; it is {value:R}."));
    }

    /// <summary>ISO 8601 with an offset; without one it would be somebody's guess.</summary>
    public static bool TryTime(JsonElement value, out DateTimeOffset time)
    {
        time = default;
        return WsjfText.TryGet(value, out var text) && text.Length >= 17 && (text[^1] == 'Z' || text[^6] is '+' or '-')
            && value.TryGetDateTimeOffset(out time);
    }

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => WsjfText.TryGet(value, out var text) ? $"'{WsjfText.OneLine(text, QuotedLength)}'" : "a broken text",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => WsjfText.OneLine(value.GetRawText(), QuotedLength),
    };
}
