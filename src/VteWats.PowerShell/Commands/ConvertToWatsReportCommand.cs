using System.Management.Automation;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Errors;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Makes WATS reports of test runs by the mapping of the site they come from.</summary>
[Cmdlet(VerbsData.ConvertTo, "WatsReport")]
[OutputType(typeof(WatsReport))]
public sealed class ConvertToWatsReportCommand : ConfiguredCommand
{
    private readonly Dictionary<string, RunMapping> _mappings = new(StringComparer.OrdinalIgnoreCase);
    private VteWatsConfiguration? _configuration;
    private bool _dry;

    /// <summary>Test runs with their steps, as Get-VteTestRun emits them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Site whose mapping is used; else each run's own.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    /// <summary>Template of the part number.</summary>
    [Parameter]
    public string? PartNumber { get; set; }

    /// <summary>Template of the revision.</summary>
    [Parameter]
    public string? Revision { get; set; }

    /// <summary>Code of the test operation of every run, whatever the rules say.</summary>
    [Parameter]
    [ValidateRange(0, 32766)]
    public int? ProcessCode { get; set; }

    /// <summary>Template of the location.</summary>
    [Parameter]
    public string? Location { get; set; }

    /// <summary>Purpose of the tests.</summary>
    [Parameter]
    public string? Purpose { get; set; }

    /// <summary>Template of the serial number of a run that has none.</summary>
    [Parameter]
    public string? MissingSerialNumber { get; set; }

    /// <summary>Revision of a run that has none.</summary>
    [Parameter]
    public string? MissingRevision { get; set; }

    protected override async Task BeginAsync(IPipelineWriter output, CancellationToken ct)
    {
        _configuration = await LoadConfigurationAsync(output, ct).ConfigureAwait(false);
        if (Site is not null) SiteResolver.Choose(_configuration, Site);
        // Its output is what it is for, so it has no -WhatIf; but a session that must change nothing keeps no dead letters either.
        _dry = await output.OnPipelineThreadAsync(() => LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference")))
            .ConfigureAwait(false);
    }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        foreach (var input in InputObject)
        {
            var (report, error) = input.BaseObject is VteTestRun run ? await MappingOf(run).MapAsync(run).ConfigureAwait(false)
                : (null, NotARun(input));
            if (report is not null) await output.WriteObjectAsync(report).ConfigureAwait(false);
            else await output.WriteErrorAsync(Failures.From(error!)).ConfigureAwait(false);
        }
    }

    // Without a state folder there are no dead letters: an unmappable run is told, and no watermark passes it. A watermark and the letters
    // that it passes lie together.
    private RunMapping MappingOf(VteTestRun run)
    {
        if (_mappings.TryGetValue(run.Site, out var mapping)) return mapping;
        var folder = (run.Mark?.Session.Checkpoint as Checkpoint)?.StateFolder ?? _configuration?.StateFolder;
        var letters = !_dry && folder is not null ? new DeadLetterStore(folder, run.Site, _configuration?.Sync.DeadLetterLimits()) : null;
        return _mappings[run.Site] = new RunMapping(MapperOf(Site ?? run.Site), letters);
    }

    private ReportMapper MapperOf(string site)
    {
        var configured = _configuration?.Find(site);
        var options = configured?.Mapping ?? new MappingOptions();
        options = options with
        {
            PartNumber = PartNumber ?? options.PartNumber,
            Revision = Revision ?? options.Revision,
            Operations = ProcessCode is null ? options.Operations : [],
            DefaultProcessCode = ProcessCode ?? options.DefaultProcessCode,
            Location = Location ?? options.Location,
            Purpose = Purpose ?? options.Purpose,
            MissingSerialNumber = MissingSerialNumber ?? options.MissingSerialNumber,
            MissingRevision = MissingRevision ?? options.MissingRevision,
        };
        return new ReportMapper(options, site, configured is null ? null : SiteClock.For(configured.TimeZone));
    }

    // A run that was serialised on the way (Export-Clixml, a job, a remote session) has lost its steps below the serialisation depth.
    private static VteWatsException NotARun(PSObject input) => input.TypeNames.Contains("Deserialized." + typeof(VteTestRun).FullName)
        ? new VteWatsException(
            ErrorKind.InvalidArgument,
            $"Test run {input.Properties["Id"]?.Value} was serialised on the way and has lost its steps.",
            "Read it again in this session: Get-VteTestRun -Id <id> | ConvertTo-WatsReport.", input.Properties["Id"]?.Value)
        : new VteWatsException(
            ErrorKind.InvalidArgument,
            $"The input is a {input.BaseObject.GetType().FullName}, not a test run.",
            "Pipe what Get-VteTestRun emits.", input.BaseObject);
}
