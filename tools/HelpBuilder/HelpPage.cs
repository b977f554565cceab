namespace VteWats.HelpBuilder;

/// <summary>One page of docs/cmdlets. Texts are lists of paragraphs without markup.</summary>
internal sealed record HelpPage(string Path, string Name)
{
    public IReadOnlyList<string> Synopsis { get; set; } = [];
    public IReadOnlyList<string> Description { get; set; } = [];
    public Dictionary<string, ParameterText> Parameters { get; } = new(StringComparer.OrdinalIgnoreCase);
    public List<Example> Examples { get; } = [];
    public IReadOnlyList<string> Notes { get; set; } = [];
    public List<string> Related { get; } = [];
}

internal sealed record ParameterText(int Line, IReadOnlyList<string> Text);

internal sealed record Example(int Line, string Title, string Code, IReadOnlyList<string> Remarks);

/// <summary>Something wrong with a page, in the form that build tools turn into an error with a place.</summary>
internal sealed record Finding(string Path, int Line, string Message)
{
    public override string ToString() => FormattableString.Invariant($"{Path}({Line}): error HELP: {Message}");
}
