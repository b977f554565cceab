using System.Management.Automation;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Writes a first configuration file, with every key explained in it.</summary>
[Cmdlet(VerbsCommon.New, "VteWatsConfiguration", SupportsShouldProcess = true, DefaultParameterSetName = "SqlServer")]
[OutputType(typeof(FileInfo))]
public sealed class NewVteWatsConfigurationCommand : VteAsyncCommand
{
    /// <summary>File to write; vtewats.json in the current folder when left out.</summary>
    [Parameter(Position = 0)]
    public string Path { get; set; } = ConfigurationFile.FileName;

    /// <summary>Name of the site.</summary>
    [Parameter(Mandatory = true)]
    [AllowNull]
    [AllowEmptyString]
    public string Site { get; set; } = "";

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

    /// <summary>IANA or Windows id of the stations' time zone.</summary>
    [Parameter(Mandatory = true)]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public string TimeZone { get; set; } = "";

    /// <summary>Whether Timestamp is the begin or the end of a test.</summary>
    [Parameter(Mandatory = true)]
    [ValidateSet("start", "end")]
    public string TimestampIs { get; set; } = "";

    /// <summary>Base URL of the WATS server.</summary>
    [Parameter(Mandatory = true)]
    public Uri BaseUrl { get; set; } = null!;

    /// <summary>Reference to the token: env:NAME, file:PATH or secret:VAULT/NAME.</summary>
    [Parameter]
    public string TokenReference { get; set; } = "env:WATS_TOKEN";

    /// <summary>Code of the test operation of runs that no rule matches.</summary>
    [Parameter]
    [ValidateRange(0, 32766)]
    public int? DefaultProcessCode { get; set; }

    /// <summary>Start of the very first sync: site local time, or an instant with offset.</summary>
    [Parameter]
    public string? InitialSince { get; set; }

    /// <summary>Replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var file = await FilePathAsync(output, Path).ConfigureAwait(false);
        var database = DatabasePath is null ? null : await FilePathAsync(output, DatabasePath).ConfigureAwait(false);
        if (File.Exists(file) && !Force) throw new VteWatsException(
            ErrorKind.FileExists, $"The file {file} exists already.", "Give another -Path, or -Force to replace the file.", file);
        if (!await output.OnPipelineThreadAsync(() => ShouldProcess(file, "Write configuration")).ConfigureAwait(false)) return;
        ConfigurationFile.Write(file, new InitialConfiguration(
            Site, TimeZone, TimestampIs.ToLowerInvariant(), BaseUrl.OriginalString, TokenReference)
        {
            ConnectionString = ConnectionString,
            DatabasePath = database,
            UserName = UserName,
            PasswordReference = PasswordReference,
            DefaultProcessCode = DefaultProcessCode,
            InitialSince = InitialSince,
        });
        await output.WriteObjectAsync(new FileInfo(file)).ConfigureAwait(false);
    }
}
