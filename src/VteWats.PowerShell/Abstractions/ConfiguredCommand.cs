using System.Management.Automation;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>A cmdlet that may take values from <c>vtewats.json</c>.</summary>
public abstract class ConfiguredCommand : VteAsyncCommand
{
    /// <summary>Configuration file; else the one that VTEWATS_CONFIG names, the machine's, the user's.</summary>
    [Parameter]
    public string? ConfigurationPath { get; set; }

    /// <summary>The configuration, or null when there is no file and none was asked for.</summary>
    protected async Task<VteWatsConfiguration?> LoadConfigurationAsync(IPipelineWriter output, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return await FindFileAsync(output).ConfigureAwait(false) is { } file ? ConfigurationFile.Load(file) : null;
    }

    /// <summary>The configuration, or an error that says how to get one.</summary>
    protected async Task<VteWatsConfiguration> RequireConfigurationAsync(IPipelineWriter output, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return ConfigurationFile.Load(await RequireFileAsync(output).ConfigureAwait(false));
    }

    /// <summary>Path of the configuration file, or an error that says how to get one.</summary>
    protected async Task<string> RequireFileAsync(IPipelineWriter output) =>
        await FindFileAsync(output).ConfigureAwait(false) ?? throw new VteWatsException(
            ErrorKind.ConfigurationInvalid,
            $"There is no configuration file: {ConfigurationFile.EnvironmentVariable} is not set, and none of these exists: "
            + $"{string.Join(", ", ConfigurationFile.Places)}.",
            "Make one with New-VteWatsConfiguration, or name one with -ConfigurationPath.");

    /// <summary>The state folder: the one that is given, else the configured one.</summary>
    /// <exception cref="VteWatsException"><c>InvalidArgument</c>: neither is there.</exception>
    internal async Task<string> StateFolderAsync(string? given, VteWatsConfiguration? configuration, IPipelineWriter output)
    {
        var folder = given is null ? configuration?.StateFolder : await FilePathAsync(output, given).ConfigureAwait(false);
        return folder ?? throw new VteWatsException(
            ErrorKind.InvalidArgument, "The state folder is not known: there is no configuration file.",
            "Give -StateFolder, or make a configuration file with New-VteWatsConfiguration.");
    }

    /// <summary>Path of the configuration file; null where there is none.</summary>
    private protected async Task<string?> FindFileAsync(IPipelineWriter output) =>
        ConfigurationFile.Find(ConfigurationPath is null ? null : await FilePathAsync(output, ConfigurationPath).ConfigureAwait(false));

    /// <summary>Reads secrets, the ones in SecretManagement vaults through this cmdlet's session.</summary>
    protected SecretReader Secrets(IPipelineWriter output) =>
        new((vault, name, ct) => SessionVault.ReadAsync(this, output, vault, name, ct));

    /// <summary>The log, and the streams of the pipeline; where it cannot be written that is told once, and the work goes on without
    /// it.</summary>
    /// <param name="configuration">The configuration; null without one.</param>
    /// <param name="stateFolder">The state folder as it was given; null where it was not.</param>
    /// <param name="output">The pipeline.</param>
    internal async Task<VteWatsLog> OpenLogAsync(VteWatsConfiguration? configuration, string? stateFolder, IPipelineWriter output)
    {
        var logging = configuration?.Logging;
        if (stateFolder is not null && configuration?.HasLogBesideState() == true)
            logging = logging! with { Folder = LoggingOptions.FolderIn(await FilePathAsync(output, stateFolder).ConfigureAwait(false)) };
        // What only looks leaves nothing behind.
        var (log, problem) = VteWatsLog.TryOpen(IsWhatIf ? null : logging, Listening);
        if (problem is not null) await output.WriteWarningAsync($"{problem.Message} {problem.Advice}").ConfigureAwait(false);
        return log;
    }

    /// <summary>The same for what only reads: it logs where somebody who syncs has made the log, and this account may write to
    /// it.</summary>
    internal VteWatsLog OpenReadersLog(VteWatsConfiguration? configuration) =>
        VteWatsLog.TryOpen(Directory.Exists(configuration?.Logging.Folder) ? configuration.Logging : null, Listening).Log;
}
