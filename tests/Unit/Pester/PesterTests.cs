namespace VteWats.Unit.Pester;

/// <summary>The whole of tests/Pester, on the program that users start.</summary>
[Trait("Category", "Process")]
public sealed class PesterTests(PesterTests.Program program) : IClassFixture<PesterTests.Program>
{
    [PesterFiles("Pester on pwsh")]
    public Task<IReadOnlyList<PesterResult>> Run(string file) => program.RunAsync(file);

    public sealed class Program() : PesterWorker(PowerShellCommand.Program);
}

/// <summary>
/// PowerShell installed as a .NET tool runs in a process named <c>dotnet</c>: what starts or names it again must work there, too.
/// </summary>
[Trait("Category", "Process")]
public sealed class PesterOnToolTests(PesterOnToolTests.Tool tool) : IClassFixture<PesterOnToolTests.Tool>
{
    [PesterFiles("Pester on the dotnet tool", Mentioning = @"(Start|Invoke)-PowerShell\b|\bProcessPath\b")]
    public Task<IReadOnlyList<PesterResult>> Run(string file) => tool.RunAsync(file);

    public sealed class Tool() : PesterWorker(PowerShellCommand.Tool);
}
