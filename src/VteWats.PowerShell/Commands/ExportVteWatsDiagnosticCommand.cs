using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Serialization;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating;
using VteWats.Core.Operating.Support;
using VteWats.Core.Sync;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Schema;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Packs what support needs into a zip file, without secrets and without serial numbers.</summary>
[Cmdlet(VerbsData.Export, "VteWatsDiagnostic", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportVteWatsDiagnosticCommand : ConfiguredCommand
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The zip file; VteWats-diagnostic-TIME.zip in the current folder without it.</summary>
    [Parameter(Position = 0)]
    public string? Path { get; set; }

    /// <summary>Leave serial numbers in, and what the log tells of single runs.</summary>
    [Parameter]
    public SwitchParameter IncludeSerialNumber { get; set; }

    /// <summary>Replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var configuration = await RequireConfigurationAsync(output, ct).ConfigureAwait(false);
        var name = Path ?? FormattableString.Invariant($"VteWats-diagnostic-{DateTime.Now:yyyyMMdd-HHmmss}.zip");
        var path = await FilePathAsync(output, name).ConfigureAwait(false);
        if (File.Exists(path) && !Force) throw new VteWatsException(ErrorKind.FileExists, $"{path} is there already.",
            "Choose another name, or replace it with -Force.", path);
        if (!await output.OnPipelineThreadAsync(() => ShouldProcess(path, "Write what support needs")).ConfigureAwait(false)) return;
        var secrets = Secrets(output);
        // Read, so that they are known where one of them stands by accident.
        foreach (var reference in References(configuration))
        {
            try { await secrets.ReadAsync(reference, ct).ConfigureAwait(false); }
            catch (VteWatsException) { /* what cannot be read can be nowhere else */ }
        }
        var parts = new DiagnosticParts
        {
            Watched = new WatchedSites
            {
                StateFolder = configuration.StateFolder!, Measure = OperatingParts.Measure(configuration, configuration.StateFolder!),
                Sites = [.. configuration.Sites.Keys.Select(name => new WatchedSite(name, null))],
            },
            LogFolder = configuration.Logging.Folder, Configuration = JsonSerializer.Serialize(configuration, Readable),
            WithSerialNumbers = IncludeSerialNumber,
            More = [.. configuration.Sites.Values.Select(site => ($"{new Core.Sync.State.SiteFiles(".", site.Name).Stem}/schema.md",
                (Func<Task<string>>)(() => SchemaAsync(site, secrets, ct))))],
        };
        await new DiagnosticPackage(parts).WriteAsync(path, ct).ConfigureAwait(false);
        await output.WriteObjectAsync(new FileInfo(path)).ConfigureAwait(false);
    }

    private static async Task<string> SchemaAsync(SiteOptions site, SecretReader secrets, CancellationToken ct)
    {
        var password = site.Connection.Password is { } reference ? await secrets.ReadAsync(reference, ct).ConfigureAwait(false) : null;
        var (catalogue, profile) = await LiveSchema.ReadAsync(site.ToSource(), password, ct).ConfigureAwait(false);
        return SchemaDocument.Markdown(catalogue, profile);
    }

    private static IEnumerable<string> References(VteWatsConfiguration configuration) =>
        configuration.Sites.Values.Select(site => site.Connection.Password)
            .Concat(configuration.Alerts.Webhooks.Values.Select(webhook => (string?)webhook.Url))
            .Concat([configuration.Wats?.Token, configuration.Wats?.ProxyPassword, configuration.Alerts.Mail?.Password,
                configuration.Alerts.Heartbeat])
            .OfType<string>();
}
