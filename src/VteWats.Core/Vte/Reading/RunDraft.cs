namespace VteWats.Core.Vte.Reading;

/// <summary>A run as its rows came: not yet in order, without its hashes.</summary>
internal sealed class RunDraft(VteTestRun header, object timestamp, bool headerOnly)
{
    private List<VteAssembly>? _assemblies;

    public VteTestRun Header { get; set; } = header;

    /// <summary>As the database gave it.</summary>
    public object Timestamp { get; } = timestamp;

    public List<VteStep> Steps { get; } = [];

    public List<VteAssembly> Assemblies => _assemblies ??= [];

    /// <summary>Of its station.</summary>
    public IReadOnlyList<VteComponent>? Components { get; set; }

    public VteTestRun Finish()
    {
        var run = Header;
        if (_assemblies is not null)
        {
            _assemblies.Sort(ContentOrder.Assemblies);
            run = run with { Assemblies = _assemblies };
        }
        if (Components is not null) run = run with { Station = run.Station with { Components = Components } };
        if (headerOnly) return ContentHash.Mark(run);
        ContentOrder.Sort(Steps);
        return ContentHash.Mark(run with { Steps = Steps });
    }
}
