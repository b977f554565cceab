using System.Text.Json;

namespace VteWats.Core.Wats.Rules;

/// <summary>The properties of one object by their definition; absent and null ones have the kind Undefined.</summary>
internal readonly struct PropertyValues(JsonElement[] values)
{
    public JsonElement this[WsjfProperty property] => values[property.Index];
    public bool Has(WsjfProperty property) => values[property.Index].ValueKind != JsonValueKind.Undefined;

    /// <summary>True for a list with members.</summary>
    public bool HasMembers(WsjfProperty property) =>
        values[property.Index] is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0;

    public string? Text(WsjfProperty property) => WsjfText.TryGet(values[property.Index], out var text) ? text : null;
    public int? Integer(WsjfProperty property) =>
        values[property.Index] is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;

    public IEnumerable<JsonElement> Members(WsjfProperty property) =>
        values[property.Index] is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
