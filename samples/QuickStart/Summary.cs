using System.Globalization;
using System.Management.Automation;
using VteWats.Shared;

namespace VteWats.QuickStart;

/// <summary>Tells what happened, and compares it with what the server holds.</summary>
internal static class Summary
{
    public static void Print(IReadOnlyList<PSObject> runs, ScriptResult sent, TimeSpan duration)
    {
        var state = sent.Output.ToDictionary(receipt => Id(receipt, "RunId"), receipt => Text(receipt, "State"));
        var refused = sent.Errors.ToDictionary(error => error.TargetObject is Guid id ? id : Guid.Empty);

        Console.WriteLine();
        Console.WriteLine($"{"Product",-28} {"Result",-12} {"Runs",6} {"Uploaded",9} {"Refused",8}");
        foreach (var group in runs
            .GroupBy(run => (Product: Short(Text(run, "ProductName")), Result: Text(run, "Result")))
            .OrderBy(g => g.Key.Product, StringComparer.Ordinal).ThenBy(g => g.Key.Result, StringComparer.Ordinal))
        {
            var uploaded = group.Count(run => state.GetValueOrDefault(Id(run, "Id")) == "Uploaded");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{group.Key.Product,-28} {group.Key.Result,-12} {group.Count(),6} {uploaded,9} "
                + $"{group.Count(run => refused.ContainsKey(Id(run, "Id"))),8}"));
        }

        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{runs.Count} runs, {state.Values.Count(s => s == "Uploaded")} uploaded, {sent.Errors.Count} refused, in "
            + $"{duration.TotalSeconds:0.0} s ({sent.Output.Count / duration.TotalSeconds:0} a second)"));
        if (sent.Errors.Count == 0) return;
        Console.WriteLine("Refused, and why:");
        foreach (var reason in sent.Errors.GroupBy(Reason).OrderByDescending(g => g.Count()))
        {
            Console.WriteLine($"  {reason.Count(),4} x {reason.Key}");
            Console.WriteLine($"         {reason.First().ErrorDetails?.RecommendedAction}");
        }
    }

    /// <summary>True when the server holds exactly the ids that were reported as uploaded.</summary>
    public static async Task<bool> CompareAsync(SandboxProcess sandbox, ScriptResult sent)
    {
        var reported = sent.Output.Where(receipt => Text(receipt, "State") == "Uploaded").Select(receipt => Id(receipt, "RunId"))
            .ToHashSet();
        using var headers = await sandbox.GetAsync("/api/Report/Query/Header?$top=10000&$select=uuid");
        var held = headers.RootElement.EnumerateArray().Select(header => header.GetProperty("uuid").GetGuid()).ToHashSet();
        var agrees = reported.Count > 0 && held.SetEquals(reported);
        Console.WriteLine();
        Console.WriteLine(agrees
            ? $"WATS holds exactly the {held.Count} reports that were reported as uploaded."
            : $"DISAGREEMENT: WATS holds {held.Count} reports, {reported.Count} were reported as uploaded, "
            + $"{held.Except(reported).Count()} of WATS's are not among them.");
        return agrees;
    }

    public static async Task ReadBackAsync(SandboxProcess sandbox, ScriptResult sent)
    {
        Console.WriteLine("Read back from WATS:");
        foreach (var receipt in sent.Output.Where(receipt => Text(receipt, "State") == "Uploaded").Take(3))
        {
            using var report = await sandbox.GetAsync($"/api/Report/Wsjf/{Id(receipt, "RunId"):D}");
            var root = report.RootElement;
            Console.WriteLine($"  {root.GetProperty("id")}  {root.GetProperty("pn")}  {root.GetProperty("sn")}  "
                + $"{root.GetProperty("start")}  result {root.GetProperty("result")}, "
                + $"{root.GetProperty("root").GetProperty("steps").GetArrayLength()} steps");
        }
    }

    // The same reason about many runs is one line.
    private static string Reason(ErrorRecord error)
    {
        var text = error.ErrorDetails?.Message ?? error.Exception.Message;
        return error.TargetObject is Guid id ? text.Replace(id.ToString("D"), "…", StringComparison.OrdinalIgnoreCase) : text;
    }

    private static Guid Id(PSObject item, string property) => (Guid)item.Properties[property].Value;
    private static string Text(PSObject item, string property) => item.Properties[property].Value?.ToString() ?? "(none)";
    private static string Short(string text) => text.Length <= 28 ? text : text[..27] + "…";
}
