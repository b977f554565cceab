namespace VteWats.Core.Operating.Evidence;

/// <summary>A run as plain statements read it: values of columns, and nothing that anybody has made of them.</summary>
internal sealed record PlainRun
{
    public required Guid Id { get; init; }

    /// <summary><c>IndexData.Timestamp</c>.</summary>
    public required DateTime Timestamp { get; init; }

    /// <summary>Texts and numbers by the words that templates name them by: <c>Product.Name</c>, <c>ExitCode</c>.</summary>
    public required IReadOnlyDictionary<string, string?> Words { get; init; }

    public int? Result { get; init; }
    public double? TestTime { get; init; }
    public IReadOnlyList<PlainRow> Rows { get; init; } = [];

    public string? Word(string name) => Words.GetValueOrDefault(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}

/// <summary>What kind of row it is.</summary>
internal enum PlainKind
{
    Numeric,
    Text,
    Other,
}

/// <summary>A row of step results.</summary>
internal sealed record PlainRow(
    PlainKind Kind, int? Number, string? Name, string? Description, string? Unit, int? Code, double? Value, string? Text, bool HasData,
    double? Low, double? High);
