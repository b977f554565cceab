using System.Text.Json;

namespace VteWats.Core.Configuration;

/// <summary>
/// What a value in <c>vtewats.json</c> may be. Both the check of a file and the published JSON schema are made from the shapes in
/// <see cref="ConfigurationSchema"/>, so that the two cannot disagree.
/// </summary>
/// <param name="Description">For the editor of the file: meaning, unit, what happens without it.</param>
internal abstract record ConfigValue(string Description)
{
    /// <summary>True where null is a value of its own, or means the same as leaving the key out.</summary>
    public bool OrNull { get; init; }
}

/// <summary>A text. It is never empty.</summary>
internal sealed record ConfigText(string Description) : ConfigValue(Description)
{
    public int MaxLength { get; init; } = 32_767;

    /// <summary>The only texts allowed; null for any.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Regular expression for the published schema only; <see cref="Check"/> judges.</summary>
    public string? Pattern { get; init; }

    /// <summary>What is wrong with a text, or null. Says nothing of the text itself where <see cref="Confidential"/>.</summary>
    public Func<string, string?>? Check { get; init; }

    /// <summary>True where somebody may have written a secret by mistake: the text is never repeated.</summary>
    public bool Confidential { get; init; }
}

/// <summary>A number; whole unless <see cref="Fraction"/>. Bounds are allowed values.</summary>
internal sealed record ConfigNumber(string Description, double Minimum = double.MinValue, double Maximum = double.MaxValue)
    : ConfigValue(Description)
{
    public bool Fraction { get; init; }
}

/// <summary>true or false.</summary>
internal sealed record ConfigFlag(string Description) : ConfigValue(Description);

internal sealed record ConfigList(string Description, ConfigValue Item) : ConfigValue(Description);

/// <summary>An object whose keys are the user's.</summary>
internal sealed record ConfigMap(string Description, ConfigValue Value) : ConfigValue(Description)
{
    /// <summary>What is wrong with a key, or null.</summary>
    public Func<string, string?>? CheckKey { get; init; }

    /// <summary>Regular expression of the keys for the published schema only.</summary>
    public string? KeyPattern { get; init; }

    /// <summary>True where keys that differ in case only are the same.</summary>
    public bool KeysIgnoreCase { get; init; }
}

/// <summary>An object with known keys.</summary>
internal sealed record ConfigObject(string Description, IReadOnlyList<ConfigKey> Keys) : ConfigValue(Description)
{
    /// <summary>Exactly one of these keys must be there.</summary>
    public IReadOnlyList<string> OneOf { get; init; } = [];

    /// <summary>Keys that make no sense without another one.</summary>
    public IReadOnlyList<(string Key, string Needs)> Together { get; init; } = [];

    /// <summary>What the object as a whole says about one of its keys: what is wrong, or null.</summary>
    public IReadOnlyList<(string Key, Func<JsonElement, string?> Check)> Rules { get; init; } = [];
}

internal sealed record ConfigKey(string Name, ConfigValue Shape, bool Required = false);
