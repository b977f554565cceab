using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Reads the log back as objects.</summary>
[Cmdlet(VerbsCommon.Get, "VteWatsLog")]
[OutputType(typeof(LogEntry))]
public sealed class GetVteWatsLogCommand : ConfiguredCommand
{
    /// <summary>Name of the site; wildcards name several. Events of all sites, and of none, without it.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    [SupportsWildcards]
    public string? Site { get; set; }

    /// <summary>Events of this sync: SyncId of what Invoke-VteWatsSync emits.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? SyncId { get; set; }

    /// <summary>Events about these test runs.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [RunId]
    public Guid[] RunId { get; set; } = [];

    /// <summary>The least level: Verbose, Debug, Information, Warning or Error.</summary>
    [Parameter]
    [ValidateSet("Verbose", "Debug", "Information", "Warning", "Error")]
    public string Level { get; set; } = "Verbose";

    /// <summary>Events from this time on.</summary>
    [Parameter]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Only so many of the newest events.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Last { get; set; }

    /// <summary>Folder of the log; the configured one without it.</summary>
    [Parameter]
    public string? LogFolder { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var folder = LogFolder is not null ? await FilePathAsync(output, LogFolder).ConfigureAwait(false)
            : (await RequireConfigurationAsync(output, ct).ConfigureAwait(false)).Logging.Folder!;
        var pattern = Site is null ? null
            : new WildcardPattern(Site, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        var query = new LogQuery
        {
            Site = pattern is null ? null : pattern.IsMatch, SyncId = SyncId, RunIds = RunId, Level = Enum.Parse<LogLevel>(Level),
            Since = Since, Last = Last,
        };
        foreach (var entry in LogReader.Read(folder, query))
        {
            ct.ThrowIfCancellationRequested();
            await output.WriteObjectAsync(entry).ConfigureAwait(false);
        }
    }
}
