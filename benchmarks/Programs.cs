namespace VteWats.Benchmarks;

/// <summary>Programs that are measured in a process of their own.</summary>
internal static class Programs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>The last line that a program prints before it ends.</summary>
    public static async Task<string> LastLineAsync(string assembly, params string[] arguments)
    {
        using var child = ChildProcess.Start(assembly, arguments);
        var result = await ChildProcess.EndOf(child, Patience).ConfigureAwait(false);
        return result.ExitCode == 0 ? result.Lines[^1] : throw new InvalidOperationException(result.Output + result.Error);
    }
}
