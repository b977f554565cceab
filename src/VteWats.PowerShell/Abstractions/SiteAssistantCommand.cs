using System.Collections;
using System.Globalization;
using System.Management.Automation;
using VteWats.Core.Assistant;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;
using VteWats.Core.Wats.Client;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>A cmdlet that looks at a database that nobody has described, and says what its configuration has to be.</summary>
public abstract class SiteAssistantCommand : WatsTargetCommand
{
    private readonly Dictionary<string, object?> _answers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Name of the site; without it, what the database says of itself.</summary>
    [Parameter(Position = 0)]
    public string? Site { get; set; }

    /// <summary>SQL Server connection string, without a password.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "SqlServer")]
    public string? ConnectionString { get; set; }

    /// <summary>SQLite file made by New-VteSampleDatabase or Export-VteTestRun.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Sqlite")]
    public string? DatabasePath { get; set; }

    /// <summary>SQL login; Windows authentication when left out.</summary>
    [Parameter(ParameterSetName = "SqlServer")]
    public string? UserName { get; set; }

    /// <summary>Reference to the login's password: env:NAME, file:PATH or secret:VAULT/NAME.</summary>
    [Parameter(ParameterSetName = "SqlServer")]
    public string? PasswordReference { get; set; }

    /// <summary>Decisions of yours, by the name of the decision.</summary>
    [Parameter]
    public Hashtable? Answer { get; set; }

    /// <summary>Runs to look at, about: 100 to 100,000.</summary>
    [Parameter]
    [ValidateRange(100, 100_000)]
    public int SampleRuns { get; set; } = 1000;

    /// <summary>Ask for each decision that the data leave open.</summary>
    [Parameter]
    public SwitchParameter Interactive { get; set; }

    private protected async Task<ConnectionOptions> ConnectionAsync(IPipelineWriter output)
    {
        if (ConnectionString is not null && ConnectionOptions.WhatIsWrong(ConnectionString) is { } wrong) throw new VteWatsException(
            ErrorKind.InvalidArgument, $"-ConnectionString {wrong}.",
            "Write it as Server=HOST\\INSTANCE;Database=VTE9_3;Encrypt=True; a SQL login goes into -UserName and -PasswordReference.");
        var options = new ConnectionOptions
        {
            ConnectionString = ConnectionString,
            Path = DatabasePath is null ? null : await FilePathAsync(output, DatabasePath).ConfigureAwait(false),
            UserName = UserName, Password = PasswordReference,
        };
        foreach (DictionaryEntry entry in Answer ?? [])
            _answers[Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!] = Plain(entry.Value);
        return options;
    }

    /// <summary>What the assistant proposes; with -Interactive again after each round of answers.</summary>
    private protected async Task<SiteProposal> ProposeAsync(string? site, ConnectionOptions connection, WatsClient client,
        IReadOnlyDictionary<string, object?> known, IPipelineWriter output, CancellationToken ct)
    {
        var operations = await client.GetProcessesAsync(ct).ConfigureAwait(false);
        var password = connection.Password is { } reference ? await Secrets(output).ReadAsync(reference, ct).ConfigureAwait(false) : null;
        var left = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            await output.WriteVerboseAsync("Looking at the database: names of tables, codes, and a sample of runs.").ConfigureAwait(false);
            var request = new SiteRequest
            {
                Site = site, Connection = connection, Password = password, Operations = operations, SampleRuns = SampleRuns,
                WatsAhead = client.ClockAhead,
                Answers = known.Concat(_answers).GroupBy(a => a.Key, StringComparer.OrdinalIgnoreCase)
                    .ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.OrdinalIgnoreCase),
            };
            var proposal = await SiteAssistant.ProposeAsync(request, ct).ConfigureAwait(false);
            var open = proposal.Decisions.Where(d => d.Certainty == DecisionCertainty.Open && !left.Contains(d.Decision)).ToList();
            if (!Interactive || open.Count == 0) return proposal;
            foreach (var decision in open)
            {
                var answer = await output.OnPipelineThreadAsync(() => Ask(decision)).ConfigureAwait(false);
                if (string.IsNullOrWhiteSpace(answer)) left.Add(decision.Decision);
                else _answers[decision.Decision] = answer.Trim();
            }
        }
    }

    /// <summary>Writes each decision, and a warning that counts what is open.</summary>
    private protected static async Task TellAsync(SiteProposal proposal, string file, IPipelineWriter output)
    {
        foreach (var decision in proposal.Decisions) await output.WriteObjectAsync(decision).ConfigureAwait(false);
        var open = proposal.Decisions.Where(d => d.Certainty == DecisionCertainty.Open).Select(d => d.Decision).ToList();
        if (open.Count > 0) await output.WriteWarningAsync(
            $"{proposal.Site}: no data can decide {string.Join(", ", open)}. Choose in {file}, where each stands with its choices, or give "
            + "-Answer.").ConfigureAwait(false);
    }

    private string Ask(SiteDecision decision)
    {
        Host.UI.WriteLine();
        Host.UI.WriteLine($"{decision.Site}: {decision.Decision}");
        Host.UI.WriteLine(decision.Evidence);
        foreach (var choice in decision.Choices) Host.UI.WriteLine($"  {choice}");
        Host.UI.Write("Answer (Enter leaves it open): ");
        return Host.UI.ReadLine();
    }

    private static object? Plain(object? value) => value is PSObject wrapped ? Plain(wrapped.BaseObject) : value switch
    {
        IDictionary map => map.Keys.Cast<object>().ToDictionary(key => Convert.ToString(key, CultureInfo.InvariantCulture)!,
            key => Plain(map[key])),
        string text => text,
        IEnumerable list => list.Cast<object?>().Select(Plain).ToList(),
        _ => value,
    };
}
