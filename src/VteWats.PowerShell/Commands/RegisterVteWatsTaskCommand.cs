using System.Management.Automation;
using System.Text;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating.Setup;
using VteWats.Core.Sync.Tasks;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Has the system's scheduler run the sync of a site: the Task Scheduler on Windows, a systemd timer on Linux.</summary>
[Cmdlet(VerbsLifecycle.Register, "VteWatsTask", SupportsShouldProcess = true)]
[OutputType(typeof(TaskFile))]
public sealed class RegisterVteWatsTaskCommand : ConfiguredCommand
{
    /// <summary>Name of the site; wildcards sync several with one task.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SiteName]
    [ArgumentCompleter(typeof(SiteCompleter))]
    [SupportsWildcards]
    public string? Site { get; set; }

    /// <summary>Name of the task.</summary>
    [Parameter]
    [ValidatePattern(TaskSchedulerTools.NamePattern)]
    public string Name { get; set; } = "VteWats-Sync";

    /// <summary>Minutes between two syncs, 1 to 1440; the configured interval without it.</summary>
    [Parameter]
    [ValidateRange(1, 1440)]
    public int? IntervalMinutes { get; set; }

    /// <summary>Program that runs the script: pwsh or VteWatsAdapter. The one that runs now, without it; in another host, PowerShell where
    /// its installer puts it.</summary>
    [Parameter]
    public string? Program { get; set; }

    /// <summary>The script; Sync-VteToWats.ps1 of the module without it.</summary>
    [Parameter]
    public string? ScriptPath { get; set; }

    /// <summary>Account that it runs as; without it the system's account (Windows) or the one of the systemd manager (Linux).</summary>
    [Parameter]
    public string? UserName { get; set; }

    /// <summary>Write the unit files to this folder and do not enable them.</summary>
    [Parameter]
    public string? OutputFolder { get; set; }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var configuration = await RequireConfigurationAsync(output, ct).ConfigureAwait(false);
        if (Site is null || !WildcardPattern.ContainsWildcardCharacters(Site)) Site = SiteResolver.Choose(configuration, Site).Name;
        else if (!configuration.Sites.Keys.Any(new WildcardPattern(Site,
            WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant).IsMatch)) throw SiteResolver.Unknown(configuration, Site);
        var program = Program is null ? TaskSchedulerTools.Program : await FilePathAsync(output, Program).ConfigureAwait(false);
        if (!File.Exists(program))
            await output.WriteWarningAsync($"The task needs {program}, which is not on this machine. Name another program with -Program.")
                .ConfigureAwait(false);
        var script = ScriptPath is null ? Script() : await FilePathAsync(output, ScriptPath).ConfigureAwait(false);
        var task = new ScheduledSync
        {
            Name = Name,
            Site = Site,
            Program = program,
            Arguments = Arguments(program, script, Site, configuration.Path!),
            Interval = TimeSpan.FromMinutes(IntervalMinutes ?? configuration.Sync.IntervalMinutes),
            User = UserName,
        };
        var folder = OutputFolder is not null ? await FilePathAsync(output, OutputFolder).ConfigureAwait(false)
            : TaskSchedulerTools.IsWindows ? Path.GetTempPath() : TaskSchedulerTools.UnitFolder;
        IReadOnlyList<TaskFile> files = TaskSchedulerTools.IsWindows ? [task.TaskSchedulerXml(folder, DateTimeOffset.Now.AddMinutes(1))]
            : task.SystemdUnits(folder);
        var registered = await TaskSchedulerTools.RegisteredAsync(Name, files[0], OutputFolder is not null, ct).ConfigureAwait(false);
        if (task.IsTakenByAnother(registered)) throw new VteWatsException(
            ErrorKind.TaskNotRegistered, $"There is a task {Name} already, and it is not the sync of '{Site}'.",
            "Give this one a name of its own with -Name, sync several sites with one task (-Site *), or take the other one out with "
            + "Unregister-VteWatsTask.", Name);
        if (OutputFolder is null) await TryChainAsync(configuration, output, ct).ConfigureAwait(false);
        var may = await output.OnPipelineThreadAsync(
            () => ShouldProcess(string.Join(", ", files.Select(file => file.Path)), $"Register the task {Name}")).ConfigureAwait(false);
        if (may)
        {
            Write(folder, files);
            if (OutputFolder is null) await EnableAsync(files, ct).ConfigureAwait(false);
        }
        foreach (var file in files) await output.WriteObjectAsync(file).ConfigureAwait(false);
    }

    // What does not work now will not work at three in the morning either. It may be mended later: the task is registered all the same.
    private async Task TryChainAsync(VteWatsConfiguration configuration, IPipelineWriter output, CancellationToken ct)
    {
        var account = UserName ?? (TaskSchedulerTools.IsWindows ? "SYSTEM" : Environment.UserName);
        if (!string.Equals(account.Split('\\')[^1], Environment.UserName, StringComparison.OrdinalIgnoreCase))
        {
            await output.WriteWarningAsync($"The task runs as {account}, and this is {Environment.UserName}: whether that account can read "
                + $"the secrets and reach database and server was not tried. Run Test-VteWatsSetup -Site '{Site}' as {account}.")
                .ConfigureAwait(false);
            return;
        }
        var pattern = new WildcardPattern(Site!, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        await foreach (var step in SetupWalk.RunAsync(configuration.Path, pattern.IsMatch, Secrets(output), ct).ConfigureAwait(false))
        {
            var where = step.Site is null ? step.Step : $"{step.Step} of '{step.Site}'";
            if (step.State is SetupState.Failed or SetupState.Warning)
                await output.WriteWarningAsync($"{where}: {step.Message} {step.Advice}".TrimEnd()).ConfigureAwait(false);
        }
    }

    private static string[] Arguments(string program, string script, string site, string configuration)
    {
        string[] ours = [script, "-Site", site, "-ConfigurationPath", configuration];
        return Path.GetFileName(program).StartsWith("VteWatsAdapter", StringComparison.OrdinalIgnoreCase)
            ? ours
            : ["-NoProfile", "-NonInteractive", "-File", .. ours];
    }

    private string Script()
    {
        var path = Path.GetFullPath(Path.Combine(MyInvocation.MyCommand.Module.ModuleBase, "samples", "Sync-VteToWats.ps1"));
        if (File.Exists(path)) return path;
        throw new VteWatsException(ErrorKind.FileUnusable, $"The script {path} is not there.",
            "Name a script with -ScriptPath, or install the module again.", path);
    }

    private static void Write(string folder, IReadOnlyList<TaskFile> files)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var file in files) File.WriteAllText(file.Path, file.Content, new UTF8Encoding(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(
                ErrorKind.TaskNotRegistered, $"The task cannot be written to {folder}: {e.Message}",
                "Run it with the rights of an administrator, or write the files elsewhere with -OutputFolder.", folder, e);
        }
    }

    private async Task EnableAsync(IReadOnlyList<TaskFile> files, CancellationToken ct)
    {
        if (TaskSchedulerTools.IsWindows)
        {
            await TaskSchedulerTools.RunAsync("schtasks", ["/Create", "/TN", Name, "/XML", files[0].Path, "/F"], ct).ConfigureAwait(false);
            File.Delete(files[0].Path);
            return;
        }
        await TaskSchedulerTools.SystemctlAsync(ct, "daemon-reload").ConfigureAwait(false);
        await TaskSchedulerTools.SystemctlAsync(ct, "enable", "--now", Name + ".timer").ConfigureAwait(false);
    }
}
