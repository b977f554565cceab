using System.Text.RegularExpressions;

namespace VteWats.Unit.Support;

/// <summary>The categories that a filter chooses by.</summary>
public class CategoryTests
{
    private static readonly Regex Test = new(@"^\s+\[(Fact|Theory|PesterFiles)\b", RegexOptions.Multiline);
    private static readonly Regex StartsProgram =
        new(@"^\s.*\b(ChildProcess|SandboxProcess|Process\.Start|PesterWorker)\b", RegexOptions.Multiline);

    [Fact]
    public void Tests_that_start_programs_are_not_among_the_fast_ones()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Unit"), "*.cs", SearchOption.AllDirectories)
            .Select(path => (Name: Path.GetFileName(path), Text: File.ReadAllText(path)))
            .Where(file => file.Name != nameof(CategoryTests) + ".cs" && Test.IsMatch(file.Text) && StartsProgram.IsMatch(file.Text))
            .ToList();

        Assert.NotEmpty(files);
        const string trait = """[Trait("Category", "Process")]""";
        Assert.Empty(files.Where(file => !file.Text.Contains(trait, StringComparison.Ordinal)).Select(file => file.Name));
    }
}
