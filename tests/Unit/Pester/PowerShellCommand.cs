using System.Reflection;

namespace VteWats.Unit.Pester;

/// <summary>A command line that starts PowerShell: the program, or <c>dotnet</c> with an assembly.</summary>
public sealed record PowerShellCommand(string Start, params IReadOnlyList<string> Arguments)
{
    /// <summary>Names another PowerShell to test on: a <c>pwsh</c>, or a <c>pwsh.dll</c> to start with <c>dotnet</c>.</summary>
    public const string Variable = "VTEWATS_TEST_POWERSHELL";

    public static readonly string PesterManifest = Built("Pester");

    public static PowerShellCommand Program { get; } =
        From(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } other ? other : Built("PowerShell"));

    public static PowerShellCommand Tool { get; } = From(Built("PowerShellTool"));

    private static PowerShellCommand From(string path) => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
        ? new PowerShellCommand("dotnet", "exec", path)
        : new PowerShellCommand(path);

    private static string Built(string key) =>
        typeof(PowerShellCommand).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
