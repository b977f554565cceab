using System.Diagnostics;
using VteWats.Core.Diagnostics;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Inspection;

/// <summary>Whether a token may do one thing.</summary>
/// <param name="Right"><c>Submit</c>, <c>ReadHeaders</c> or <c>ReadProcesses</c>.</param>
/// <param name="Granted">Null where the server did not say.</param>
/// <param name="Message">What was seen.</param>
/// <param name="Advice">What to do.</param>
public sealed record WatsRight(string Right, bool? Granted, string Message, string Advice);

/// <summary>What a connection to a WATS server shows of the server and the rights of the token.</summary>
public sealed record WatsConnectionReport
{
    public const string Submit = "Submit", ReadHeaders = "ReadHeaders", ReadProcesses = "ReadProcesses";

    public required string Server { get; init; }
    public required string Version { get; init; }

    /// <summary>Time of a request and its answer.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>What was tried.</summary>
    public required IReadOnlyList<WatsRight> Rights { get; init; }

    /// <summary>Whether the token may submit reports; null where that cannot be told.</summary>
    public bool? MaySubmit => Of(Submit);

    /// <summary>Whether it may read headers, by which a sync sees what is there already.</summary>
    public bool? MayReadHeaders => Of(ReadHeaders);

    /// <summary>Whether it may read the operations.</summary>
    public bool? MayReadProcesses => Of(ReadProcesses);

    /// <summary>True when it may do all that a sync does.</summary>
    public bool IsSufficient => Rights.All(right => right.Granted == true);

    private bool? Of(string right) => Rights.FirstOrDefault(known => known.Right == right)?.Granted;
}

/// <summary>Tries what a sync does with a WATS server, and leaves nothing behind.</summary>
public static class WatsConnectionCheck
{
    /// <exception cref="VteWatsException">The server cannot be reached, or is no WATS server.</exception>
    public static async Task<WatsConnectionReport> RunAsync(WatsClient client, CancellationToken ct)
    {
        var version = await client.GetVersionAsync(ct).ConfigureAwait(false);
        // The first request makes the connection.
        var since = Stopwatch.GetTimestamp();
        var headers = await TryAsync(WatsConnectionReport.ReadHeaders, "The token may read headers of reports.",
            () => client.ProbeAsync(ct)).ConfigureAwait(false);
        var latency = Stopwatch.GetElapsedTime(since);
        var processes = await TryAsync(WatsConnectionReport.ReadProcesses, "The token may read the operations.", async () =>
        {
            await client.GetProcessesAsync(ct).ConfigureAwait(false);
            return null;
        }).ConfigureAwait(false);
        var submit = await TryAsync(WatsConnectionReport.Submit,
            "The token may submit reports: an empty one was refused for what it is, and not for the token.",
            () => client.ProbeSubmitAsync(ct)).ConfigureAwait(false);
        return new WatsConnectionReport
        {
            Server = client.BaseUrl.ToString(), Version = version, Latency = latency, Rights = [submit, headers, processes],
        };
    }

    private static async Task<WatsRight> TryAsync(string right, string granted, Func<Task<VteWatsException?>> attempt)
    {
        VteWatsException? problem;
        try
        {
            problem = await attempt().ConfigureAwait(false);
        }
        catch (VteWatsException e)
        {
            problem = e;
        }
        if (problem is null) return new WatsRight(right, true, granted, "");
        var refused = problem.Error == ErrorKind.WatsForbidden || problem.Error == ErrorKind.WatsUnauthorized;
        return new WatsRight(right, refused ? false : null, problem.Message, problem.Advice);
    }
}
