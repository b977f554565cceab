using System.Text.Json.Nodes;
using VteWats.Core.Vte;

namespace VteWats.Core.Assistant;

/// <summary>One decision on a site's configuration: what was found, why, and what else it could be.</summary>
public sealed record SiteDecision
{
    /// <summary>Name of the site.</summary>
    public string Site { get; init; } = "";

    /// <summary>The key that is decided, below <c>sites.NAME</c>: <c>timeZone</c>, <c>mapping.stepResultCodes</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>What goes into the file: a text as it is, anything else as JSON. Null for an open decision.</summary>
    public string? Value => Json switch
    {
        null => null,
        JsonValue text when text.TryGetValue<string>(out var plain) => plain,
        var json => json.ToJsonString(SiteText.Literal),
    };

    /// <summary>How sure it is.</summary>
    public required DecisionCertainty Certainty { get; init; }

    /// <summary>What in the database or in WATS says so.</summary>
    public required string Evidence { get; init; }

    /// <summary>What an open decision can be answered with; the most likely first.</summary>
    public IReadOnlyList<DecisionChoice> Choices
    {
        get => _choices;
        init => _choices = value.ToArray();
    }

    /// <summary>Agreement of codes with the limits, for the decisions on codes.</summary>
    public IReadOnlyList<CodeAgreement> Table
    {
        get => _table;
        init => _table = value.ToArray();
    }

    /// <summary>What the file says so far, where it says something else.</summary>
    public string? Was { get; init; }

    internal JsonNode? Json { get; init; }

    // Arrays: a script asks for the first of them.
    private readonly DecisionChoice[] _choices = [];
    private readonly CodeAgreement[] _table = [];

    /// <summary>Runs that a decision on operations is about, one of each kind.</summary>
    internal IReadOnlyList<VteTestRun> Plans { get; init; } = [];
}

/// <summary>How sure a decision is.</summary>
public enum DecisionCertainty
{
    /// <summary>The data allow nothing else.</summary>
    Certain,

    /// <summary>The data speak for it; look at it once.</summary>
    Likely,

    /// <summary>The user has said so.</summary>
    Given,

    /// <summary>No data can decide it: choose.</summary>
    Open,
}

/// <summary>A possible answer to an open decision.</summary>
/// <param name="Value">What to write, or to give to <c>-Answer</c>.</param>
/// <param name="Meaning">What it would mean.</param>
public sealed record DecisionChoice(string Value, string Meaning)
{
    public override string ToString() => Meaning.Length == 0 ? Value : $"{Value} ({Meaning})";
}

/// <summary>How a code goes together with the limits. <paramref name="Code"/> is null for NULL.</summary>
/// <param name="Code">As stored.</param>
/// <param name="Rows">Rows, or runs, that have it.</param>
/// <param name="Inside">Of those that limits can judge, the ones inside; of runs, those without a failing step.</param>
/// <param name="Outside">The ones outside; of runs, those with a failing step.</param>
/// <param name="Verdict">Letter that follows; null for none.</param>
public sealed record CodeAgreement(int? Code, long Rows, long Inside, long Outside, string? Verdict);
