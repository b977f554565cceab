using System.Management.Automation;
using VteWats.Core.Time;
using VteWats.Core.Vte.Sample;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Makes a VTE database to try things on: the same seed and end give the same data.</summary>
[Cmdlet(VerbsCommon.New, "VteSampleDatabase", SupportsShouldProcess = true, DefaultParameterSetName = File)]
[OutputType(typeof(SampleSummary))]
public sealed class NewVteSampleDatabaseCommand : VteAsyncCommand
{
    private const string File = "File";
    private const string SqlServer = "SqlServer";

    /// <summary>The SQLite file to make.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = File)]
    public string Path { get; set; } = "";

    /// <summary>An empty SQL Server database to fill, without a password.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SqlServer)]
    public string ConnectionString { get; set; } = "";

    /// <summary>SQL login that may create tables; Windows authentication without it.</summary>
    [Parameter(ParameterSetName = SqlServer)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Number of test runs.</summary>
    [Parameter]
    [ValidateRange(1, 10_000_000)]
    public int Runs { get; set; } = 1000;

    /// <summary>Start of the random numbers.</summary>
    [Parameter]
    public int Seed { get; set; } = 1;

    /// <summary>Time before which all runs lie: a time in Oslo, or an instant with kind or offset. Now when absent.</summary>
    [Parameter]
    public object? Until { get; set; }

    /// <summary>Days over which the runs are spread.</summary>
    [Parameter]
    [ValidateRange(1, 3650)]
    public int DaysBack { get; set; } = 30;

    /// <summary>Overwrite the file.</summary>
    [Parameter(ParameterSetName = File)]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var until = Until is null ? DateTimeOffset.UtcNow
            : SiteTime.ToInstant(GivenTime.Plain(Until), SiteClock.For(SampleDatabase.TimeZone));
        var options = new SampleOptions { Runs = Runs, Seed = Seed, Until = until, DaysBack = DaysBack };
        var toFile = ParameterSetName == File;
        var path = toFile ? await FilePathAsync(output, Path).ConfigureAwait(false) : "";
        var target = toFile ? path : "SQL Server database";
        if (!await output.OnPipelineThreadAsync(() => ShouldProcess(target, $"Create a sample database of {Runs} test runs"))
            .ConfigureAwait(false)) return;
        var work = toFile
            ? SampleDatabase.CreateSqliteAsync(path, options, Force, ct)
            : SampleDatabase.CreateSqlServerAsync(ConnectionString, Credential?.UserName, Credential?.Password, options, ct);
        await output.WriteObjectAsync(await work.ConfigureAwait(false)).ConfigureAwait(false);
    }
}
