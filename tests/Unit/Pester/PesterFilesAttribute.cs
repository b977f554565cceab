using System.Text.RegularExpressions;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace VteWats.Unit.Pester;

/// <summary>A method that runs a Pester file: found once for each file, and each Pester test in it becomes a test of its own.</summary>
/// <param name="title">Begins the name of each of them.</param>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("VteWats.Unit.Pester.PesterFileDiscoverer", "VteWats.Unit")]
public sealed class PesterFilesAttribute(string title) : FactAttribute
{
    public string Title { get; } = title;

    /// <summary>Only files with a match of this pattern; all when it is empty.</summary>
    public string Mentioning { get; init; } = "";
}

/// <summary>Finds the files without running any.</summary>
public sealed class PesterFileDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var pattern = factAttribute.GetNamedArgument<string>(nameof(PesterFilesAttribute.Mentioning)) ?? "";
        var title = (string)factAttribute.GetConstructorArguments().Single();
        var files = Directory.EnumerateFiles(PesterWorker.Suite, "*" + PesterWorker.Extension)
            .Where(path => Regex.IsMatch(File.ReadAllText(path), pattern))
            .Select(path => Path.GetFileName(path)[..^PesterWorker.Extension.Length]).Order(StringComparer.Ordinal).ToList();
        if (files.Count > 0) return files.Select(file => new PesterTestCase(diagnostics, testMethod, title, file));
        return [new ExecutionErrorTestCase(
            diagnostics, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, testMethod,
            $"There is no such file in {PesterWorker.Suite}.")];
    }
}
