using System.Diagnostics;

namespace VteWats.Unit.Support;

/// <summary>A test that needs a program which is no part of .NET: it is reported as skipped, with the reason, where that is not
/// there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    /// <param name="program">Name of the program.</param>
    /// <param name="package">Debian's package that has it.</param>
    public ProgramFactAttribute(string program, string package)
    {
        if (Find(program) is null) Skip = $"NOT RUN: needs {program}. Install the package {package}.";
    }

    /// <summary>Where the program is; null where it is not.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs it, with a text as its input, and gives its exit code and all that it said.</summary>
    public static async Task<(int ExitCode, string Said)> RunAsync(string program, string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Find(program)!, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(await said));
    }
}
