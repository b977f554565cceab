namespace VteWats.Core.Wats.Rules;

/// <summary>The properties of one part of a report, in the order in which they are usually written.</summary>
internal sealed class WsjfObject
{
    public WsjfObject(string section, params WsjfProperty[] properties)
    {
        Section = section;
        Properties = properties;
        Rules = [.. properties.SelectMany((p, i) => p.Bind(section, i))];
    }

    public string Section { get; }
    public WsjfProperty[] Properties { get; }
    public IReadOnlyList<ReportRule> Rules { get; }
}
