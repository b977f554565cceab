using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>Stable names of what the mapper notes on a report.</summary>
internal static class NoteRules
{
    /// <summary>A text was longer than WATS takes.</summary>
    public const string Truncated = "Truncated";

    /// <summary>A text held characters that WATS cannot keep.</summary>
    public const string CharactersRemoved = "CharactersRemoved";

    /// <summary>A serial or part number holds characters that are wildcards in the searches of WATS. It is sent as it is.</summary>
    public const string SearchCharacters = "SearchCharacters";

    /// <summary>Something that WATS requires is missing in VTE, and the configured placeholder stands for it.</summary>
    public const string Placeholder = "Placeholder";

    /// <summary>The start was moved by microseconds, because another run of the unit has the same start.</summary>
    public const string StartMoved = "StartMoved";

    /// <summary>The timestamp is the end of the test, and the test time that leads to its begin is missing.</summary>
    public const string StartUnknown = "StartUnknown";

    /// <summary>A name was made unique among its siblings.</summary>
    public const string Renamed = "Renamed";

    /// <summary>A numeric or text row holds no value that could be sent as a measurement.</summary>
    public const string ValueUnusable = "ValueUnusable";

    /// <summary>A limit is not a number or infinite.</summary>
    public const string LimitLeftOut = "LimitLeftOut";

    /// <summary>The low limit is above the high limit.</summary>
    public const string LimitsReversed = "LimitsReversed";

    /// <summary>The row has limits, but VTE did not judge it by them.</summary>
    public const string LimitsNotJudged = "LimitsNotJudged";

    /// <summary>VTE's verdict on the run does not follow from its verdicts on the steps.</summary>
    public const string VerdictContradiction = "VerdictContradiction";

    /// <summary>VTE holds no step results of the run.</summary>
    public const string NoSteps = "NoSteps";

    /// <summary>The run does not look finished, and has not for too long to wait any longer.</summary>
    public const string Unfinished = "Unfinished";

    /// <summary>Data was too large to be attached; its size and hash are in the report text.</summary>
    public const string DataLeftOut = "DataLeftOut";

    /// <summary>The test time is negative or not a number.</summary>
    public const string TestTimeLeftOut = "TestTimeLeftOut";

    /// <summary>An assembly or component row is empty.</summary>
    public const string RowLeftOut = "RowLeftOut";
}

/// <summary>The notes of one report while it is made.</summary>
internal sealed class ReportNotes
{
    private List<ReportNote>? _notes;

    public void Add(string rule, ReportPath place, string message) => (_notes ??= []).Add(new ReportNote(rule, place.ToString(), message));

    public IReadOnlyList<ReportNote> ToList() => _notes ?? (IReadOnlyList<ReportNote>)[];
}
