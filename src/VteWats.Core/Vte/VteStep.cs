using System.Text.Json.Serialization;

namespace VteWats.Core.Vte;

/// <summary>One row of a <c>TestData*</c> table: what a step of a test run measured.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(VteNumericStep), "numeric")]
[JsonDerivedType(typeof(VteTextStep), "text")]
[JsonDerivedType(typeof(VteOtherStep), "other")]
public abstract record VteStep
{
    /// <summary><c>TestStepNumber</c>. Rows of one run may share it: they then are several measurements of one step.</summary>
    public int? StepNumber { get; init; }

    public string? Name { get; init; }
    public string? Description { get; init; }

    /// <summary><c>TestNumber</c>, free text.</summary>
    public string? Number { get; init; }

    public string? Units { get; init; }

    /// <summary><c>TestResultType</c>, the integer verdict of the step. Its meaning is set by the site's mapping.</summary>
    public int? ResultCode { get; init; }

    /// <summary>The verdict in words (Passed, Failed, Done, Skipped, Error, Terminated), or <c>Code n</c> when the mapping does not know
    /// the code.</summary>
    public string? Result { get; init; }
}

/// <summary>A row of <c>TestDataNumeric</c>. Null, NaN, infinities and sentinels are kept as they were read.</summary>
public sealed record VteNumericStep : VteStep
{
    public double? Value { get; init; }
    public double? LowLimit { get; init; }
    public double? HighLimit { get; init; }
}

/// <summary>A row of <c>TestDataText</c>.</summary>
public sealed record VteTextStep : VteStep
{
    public string? Text { get; init; }

    /// <summary>Given when the text was too long to be kept: <see cref="Text"/> then holds its beginning only.</summary>
    public VteCutValue? Cut { get; init; }
}

/// <summary>A row of <c>TestDataOther</c>: text, or bytes when the column (or the value) is binary.</summary>
public sealed record VteOtherStep : VteStep
{
    public string? Text { get; init; }
    public byte[]? Bytes { get; init; }

    /// <summary>Given when the value was too long to be kept: <see cref="Text"/> then holds its beginning, or nothing where the value is
    /// binary.</summary>
    public VteCutValue? Cut { get; init; }
}

/// <summary>What is known of a value that was too long to be kept: it was read to its end.</summary>
/// <param name="Length">Bytes of the whole value; those of a text as UTF-8.</param>
/// <param name="Sha256">Their hash, lower-case hexadecimal.</param>
public sealed record VteCutValue(long Length, string Sha256);
