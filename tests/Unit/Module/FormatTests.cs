using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using VteWats.Core.Vte;
using VteWats.Unit.Support;

namespace VteWats.Unit.Module;

/// <summary>A name in a view that is no longer there shows as an empty column, and nobody is told.</summary>
public sealed partial class FormatTests
{
    private static readonly Assembly Core = typeof(VteTestRun).Assembly;
    private static readonly string Folder = Path.Combine(Repository.Root, "src", "VteWats.PowerShell", "Formats");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.Format.ps1xml").Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_view_is_of_a_public_type(string file) =>
        Assert.Empty(Views(file).SelectMany(view => view.Names).Where(name => Core.GetType(name) is not { IsPublic: true }).Distinct());

    // A view of several types shows what some of them do not have as a blank.
    [Theory]
    [MemberData(nameof(Files))]
    public void Every_property_of_a_view_is_one_of_its_types(string file) => Assert.Empty(
        from view in Views(file)
        from property in view.Element.Descendants("PropertyName").Select(e => e.Value.Trim())
        where !view.Has(property)
        select $"{view}: {property}");

    // Inside ForEach-Object, $_ is something else.
    [Theory]
    [MemberData(nameof(Files))]
    public void Every_property_that_a_script_of_a_view_reads_is_one_of_its_types(string file) => Assert.Empty(
        from view in Views(file)
        from script in view.Element.Descendants("ScriptBlock").Select(e => Inner().Replace(e.Value, ""))
        from Match path in Property().Matches(script)
        where !view.Has(path.Groups[1].Value)
        select $"{view}: {path.Value}");

    [GeneratedRegex(@"ForEach-Object \{.*\}")]
    private static partial Regex Inner();

    [GeneratedRegex(@"\$_\.(\w+)\b(?!\()")]
    private static partial Regex Property();

    private static IEnumerable<View> Views(string file) => XDocument.Load(Path.Combine(Folder, file)).Descendants("View")
        .Select(view => new View([.. view.Descendants("TypeName").Select(t => t.Value.Trim())], view));

    private sealed record View(IReadOnlyList<string> Names, XElement Element)
    {
        public bool Has(string property) => Names.Any(name => Core.GetType(name)?.GetProperty(property) is not null);
        public override string ToString() => string.Join(", ", Names);
    }
}
