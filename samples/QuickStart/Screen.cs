using System.Diagnostics;
using System.Management.Automation;
using VteWats.Shared;

namespace VteWats.QuickStart;

/// <summary>What a console would show while a script runs.</summary>
internal static class Screen
{
    private static readonly Stopwatch Shown = Stopwatch.StartNew();

    // A line for every two seconds is enough for a screen that cannot write over a line.
    public static void Show(ProgressRecord record)
    {
        if (record.RecordType != ProgressRecordType.Processing || Shown.Elapsed < TimeSpan.FromSeconds(2)) return;
        Shown.Restart();
        Console.WriteLine($"  {record.Activity}: {record.StatusDescription}");
    }

    public static void Warn(string message) => Console.WriteLine($"WARNING: {message}");

    /// <summary>True when an error ended the script; that is shown then, with what to do.</summary>
    public static bool Failed(ScriptResult result)
    {
        if (result.Thrown is not { } error) return false;
        Console.Error.WriteLine($"ERROR [{error.FullyQualifiedErrorId}] {error.Exception.Message}");
        Console.Error.WriteLine($"  What to do: {error.ErrorDetails?.RecommendedAction}");
        return true;
    }
}
