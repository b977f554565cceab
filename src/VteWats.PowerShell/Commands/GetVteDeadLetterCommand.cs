using System.Management.Automation;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Shows the runs that could not be put into WATS, and why.</summary>
[Cmdlet(VerbsCommon.Get, "VteDeadLetter", DefaultParameterSetName = "Letter")]
[OutputType(typeof(DeadLetter), ParameterSetName = ["Letter"])]
[OutputType(typeof(DeadLetterCount), ParameterSetName = ["Count"])]
public sealed class GetVteDeadLetterCommand : SiteStateCommand
{
    /// <summary>Only letters of these runs.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [RunId]
    public Guid[]? RunId { get; set; }

    /// <summary>Mapping: no report could be made. Sending: WATS refused it. Suspect: it alone did not get through.</summary>
    [Parameter]
    [ValidateSet("Mapping", "Sending", "Suspect")]
    public string? Stage { get; set; }

    /// <summary>Only units with these serial numbers.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? SerialNumber { get; set; }

    /// <summary>Only these products.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? ProductName { get; set; }

    /// <summary>Only letters with a finding like one of these.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? Finding { get; set; }

    /// <summary>Count the letters by finding instead, most frequent first.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Count")]
    public SwitchParameter Count { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var states = await ResolveStatesAsync(output, allByDefault: true, ct).ConfigureAwait(false);
        if (Site is null) await TellOthersAsync(states, output).ConfigureAwait(false);
        var counts = new FindingCounts();
        foreach (var state in states)
        {
            await foreach (var letter in state.DeadLetters.ReadAsync(output.WriteWarningAsync, ct).ConfigureAwait(false))
            {
                if (!Matches(letter)) continue;
                if (!Count)
                {
                    await output.WriteObjectAsync(letter).ConfigureAwait(false);
                    continue;
                }
                counts.Add(letter);
            }
        }
        foreach (var count in counts.All) await output.WriteObjectAsync(count).ConfigureAwait(false);
    }

    // Letters of a line without a configured site, or of a site that has another name now.
    private static async Task TellOthersAsync(IReadOnlyList<SiteState> states, IPipelineWriter output)
    {
        if (states.Count == 0) return;
        var ours = states.Select(state => state.Site).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var other in DeadLetterStore.SitesWithLetters(states[0].Folder).Where(site => !ours.Contains(site)))
        {
            await output.WriteWarningAsync(
                $"There are dead letters of '{other}' too, which is not a configured site: Get-VteDeadLetter -Site {other} shows them.")
                .ConfigureAwait(false);
        }
    }

    private bool Matches(DeadLetter letter) =>
        (RunId is null || RunId.Contains(letter.RunId))
        && (Stage is null || string.Equals(Stage, letter.Stage.ToString(), StringComparison.OrdinalIgnoreCase))
        && Like(SerialNumber, letter.SerialNumber)
        && Like(ProductName, letter.ProductName)
        && (Finding is null || letter.Findings.Any(finding => Like(Finding, finding)));

    private static bool Like(string[]? patterns, string? text) =>
        patterns is null || text is not null
        && patterns.Any(pattern => new WildcardPattern(pattern,
        WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant).IsMatch(text));
}
