using System.Globalization;
using System.Text.Json;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Configuration;

/// <summary>Walks a document along <see cref="ConfigurationSchema"/> and collects everything that is wrong with it.</summary>
internal sealed class ConfigurationCheck
{
    private readonly List<ConfigurationFinding> _findings = [];

    private ConfigurationCheck() { }

    public static IReadOnlyList<ConfigurationFinding> Findings(JsonElement root)
    {
        var check = new ConfigurationCheck();
        check.Value(root, ConfigurationSchema.Root, "$");
        check._findings.AddRange(SharedDatabases.Findings(root));
        return check._findings;
    }

    private void Value(JsonElement value, ConfigValue shape, string path)
    {
        if (value.ValueKind == JsonValueKind.Null && shape.OrNull) return;
        switch (shape)
        {
            case ConfigText text when Is(JsonValueKind.String, "text"): Text(value.GetString()!, text, path); break;
            case ConfigNumber number
                when Is(JsonValueKind.Number, number.Fraction ? "a number" : "a whole number"):
                Number(value, number, path); break;
            case ConfigFlag when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False):
                Wrong(value, "true or false", path);
                break;
            case ConfigList list when Is(JsonValueKind.Array, "a list"):
                var index = 0;
                foreach (var item in value.EnumerateArray())
                    Value(item, list.Item, $"{path}[{(index++).ToString(CultureInfo.InvariantCulture)}]");
                break;
            case ConfigMap map when Is(JsonValueKind.Object, "an object"): Map(value, map, path); break;
            case ConfigObject known when Is(JsonValueKind.Object, "an object"): Object(value, known, path); break;
        }

        bool Is(JsonValueKind kind, string expected)
        {
            if (value.ValueKind == kind) return true;
            Wrong(value, expected, path);
            return false;
        }
    }

    private void Object(JsonElement value, ConfigObject shape, string path)
    {
        var names = Names(value, path, StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var known = shape.Keys.FirstOrDefault(key => key.Name == member.Name);
            if (known is null)
                Add(Below(path, member.Name),
                    "There is no such key." + NameSuggestions.Hint(member.Name, shape.Keys.Select(key => key.Name)));
            else
                Value(member.Value, known.Shape, Below(path, member.Name));
        }
        foreach (var missing in shape.Keys.Where(key => key.Required && !names.Contains(key.Name)))
            Add(Below(path, missing.Name), $"Missing. {missing.Shape.Description}");

        if (shape.OneOf.Count > 0)
        {
            var given = shape.OneOf.Where(Has).ToList();
            if (given.Count == 0) Add(path, $"Missing: either {string.Join(" or ", shape.OneOf)}.");
            if (given.Count > 1) Add(path, $"Has {string.Join(" and ", given)}; leave one out.");
        }
        foreach (var (key, needs) in shape.Together)
            if (Has(key) && !Has(needs)) Add(Below(path, needs), $"Missing: {key} is of no use without it.");
        foreach (var (key, wrong) in shape.Rules)
            if (wrong(value) is { } message) Add(Below(path, key), message);

        bool Has(string key) => names.Contains(key) && value.GetProperty(key).ValueKind != JsonValueKind.Null;
    }

    private void Map(JsonElement value, ConfigMap shape, string path)
    {
        Names(value, path, shape.KeysIgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (shape.CheckKey?.Invoke(member.Name) is { } wrong) Add(Below(path, member.Name), $"The key {Decapitalised(wrong)}");
            Value(member.Value, shape.Value, Below(path, member.Name));
        }
    }

    private void Text(string text, ConfigText shape, string path)
    {
        if (string.IsNullOrWhiteSpace(text))
            Add(path, "Empty. Write a value, or leave the key out.");
        else if (text.Length > shape.MaxLength)
            Add(path, $"Has {text.Length} characters; {shape.MaxLength} are allowed.");
        else if (shape.Choices is { } choices && !choices.Contains(text, StringComparer.Ordinal))
            Add(path, $"Must be one of {string.Join(", ", choices)}.");
        else if (shape.Check?.Invoke(text) is { } wrong)
            Add(path, wrong);
    }

    private void Number(JsonElement value, ConfigNumber shape, string path)
    {
        // A whole number has to fit the program's 32 bits, and 5.0 is not written as one.
        if (!shape.Fraction && !value.TryGetInt32(out _))
            Add(path, "Must be a whole number" + Range(shape) + ".");
        else if (!value.TryGetDouble(out var number) || !double.IsFinite(number) || number < shape.Minimum || number > shape.Maximum)
            Add(path, $"{value.GetRawText()} is out of range: it must be a number{Range(shape)}.");
    }

    private HashSet<string> Names(JsonElement value, string path, StringComparer comparer)
    {
        var names = new HashSet<string>(comparer);
        foreach (var member in value.EnumerateObject())
            if (!names.Add(member.Name)) Add(Below(path, member.Name), "There twice; only one of them can count.");
        return names;
    }

    private void Wrong(JsonElement value, string expected, string path) => Add(path, $"Must be {expected}, but is {Kind(value)}.");

    private void Add(string path, string message)
    {
        message = char.ToUpperInvariant(message[0]) + message[1..];
        _findings.Add(new(FindingSeverity.Error, path, message.EndsWith('.') ? message : message + "."));
    }

    private static string Range(ConfigNumber shape)
    {
        if (shape.Minimum == double.MinValue) return "";
        var from = shape.Minimum.ToString(CultureInfo.InvariantCulture);
        return shape.Maximum is int.MaxValue or double.MaxValue ? $", at least {from}"
            : $" from {from} to {shape.Maximum.ToString(CultureInfo.InvariantCulture)}";
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "a list",
        _ => "an object",
    };

    public static string Below(string path, string key) =>
        key.Length > 0 && key.All(c => char.IsLetterOrDigit(c) || c is '_' or '$' or '-') ? $"{path}.{key}" : $"{path}['{key}']";

    private static string Decapitalised(string sentence) =>
        sentence.StartsWith("VTE", StringComparison.Ordinal) ? "is wrong: " + sentence : sentence;
}
