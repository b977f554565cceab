using VteWats.Core.Vte;

namespace VteWats.Core.Sync;

/// <summary>Which runs of a site are not finished yet: they are held, and read again each time. Plants write headers before, with or after
/// the steps.</summary>
public sealed record UnfinishedOptions
{
    /// <summary>Codes of <c>IndexData.Result</c> that a run has while it is under way.</summary>
    public IReadOnlyList<int> ResultCodes { get; init; } = [];

    /// <summary>A run without a test time is under way.</summary>
    public bool WithoutTestTime { get; init; }

    /// <summary>A run without any step result is under way.</summary>
    public bool WithoutSteps { get; init; }

    /// <summary>Why a run is not finished; null for one that is.</summary>
    public string? WhyNot(VteTestRun run) =>
        run.ResultCode is { } code && ResultCodes.Contains(code)
        ? FormattableString.Invariant($"Its result code {code} says that it is under way.")
        : WithoutTestTime && run.TestTime is null ? "It has no test time yet."
        : WithoutSteps && run.StepCount == 0 ? "It has no steps yet."
        : null;
}
