using System.Text.Json.Serialization;

namespace VteWats.Core.Vte;

/// <summary>
/// The test runs of a database that belong to a site, where several sites share it. Lists of wildcards (<c>*</c>, <c>?</c>): one of each
/// list that is given has to match. A site's share counts as complete for that site, and belongs to the identity of what it reads.
/// </summary>
public sealed record RowShareOptions
{
    /// <summary>Wildcards on <c>IndexData.Site</c>.</summary>
    public IReadOnlyList<string> Sites { get; init; } = [];

    /// <summary>Wildcards on the name or host name of the station.</summary>
    public IReadOnlyList<string> Stations { get; init; } = [];

    /// <summary>Wildcards on the name of the product.</summary>
    public IReadOnlyList<string> Products { get; init; } = [];

    /// <summary>True where the whole database belongs to the site.</summary>
    [JsonIgnore]
    public bool IsAll => Sites.Count + Stations.Count + Products.Count == 0;

    /// <summary>The share in words, the same for the same share.</summary>
    public override string ToString() => string.Join(", ",
        new[] { Part("site", Sites), Part("station", Stations), Part("product", Products) }.Where(part => part.Length > 0));

    private static string Part(string what, IReadOnlyList<string> patterns) => patterns.Count == 0 ? ""
        : $"{what} {string.Join(" or ", patterns.Select(p => p.Trim().ToUpperInvariant()).Order(StringComparer.Ordinal))}";
}
