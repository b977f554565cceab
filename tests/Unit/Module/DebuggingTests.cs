using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace VteWats.Unit.Module;

/// <summary>What an assembly of the package tells a debugger, and what it does not tell.</summary>
public class DebuggingTests
{
    // The format of portable symbols calls it Embedded Source; .NET has no name for it.
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(Repository.Module)!, "bin", "net8.0");

    public static TheoryData<string> Assemblies =>
        new(Path.Combine(Folder, "VteWats.PowerShell.dll"), Path.Combine(Folder, "deps", "VteWats.Core.dll"), Repository.Adapter);

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Its_sources_are_in_it(string assembly) => WithSymbols(assembly, symbols =>
    {
        var sources = symbols.CustomDebugInformation.Select(symbols.GetCustomDebugInformation)
            .Where(information => symbols.GetGuid(information.Kind) == EmbeddedSource)
            .Select(information => information.Parent).ToHashSet();
        Assert.NotEmpty(symbols.Documents);
        Assert.Empty(symbols.Documents.Where(document => !sources.Contains(document)).Select(document => Name(symbols, document)));
    });

#if DEBUG
    [Theory(Skip = "NOT RUN: builds for debugging keep the paths. Test with -c Release.")]
#else
    [Theory]
#endif
    [MemberData(nameof(Assemblies))]
    public void A_release_names_no_path_of_the_machine_that_built_it(string assembly)
    {
        WithSymbols(assembly, symbols => Assert.All(
            symbols.Documents.Select(document => Name(symbols, document)),
            name => Assert.StartsWith("/_", name, StringComparison.Ordinal)));
        var content = File.ReadAllBytes(assembly);
        foreach (var encoding in new[] { System.Text.Encoding.UTF8, System.Text.Encoding.Unicode })
            Assert.Equal(-1, content.AsSpan().IndexOf(encoding.GetBytes(Repository.Root)));
    }

    private static void WithSymbols(string assembly, Action<MetadataReader> look)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        var embedded = image.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var symbols = image.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
        look(symbols.GetMetadataReader());
    }

    private static string Name(MetadataReader symbols, DocumentHandle document) => symbols.GetString(symbols.GetDocument(document).Name);
}
