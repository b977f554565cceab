using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Commands;

/// <summary>Takes the sync out of the system's scheduler.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "VteWatsTask", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class UnregisterVteWatsTaskCommand : VteAsyncCommand
{
    /// <summary>Name of the task.</summary>
    [Parameter(Position = 0)]
    [ValidatePattern(TaskSchedulerTools.NamePattern)]
    public string Name { get; set; } = "VteWats-Sync";

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        if (!await output.OnPipelineThreadAsync(() => ShouldProcess(Name, "Unregister the task")).ConfigureAwait(false)) return;
        if (TaskSchedulerTools.IsWindows)
        {
            await TaskSchedulerTools.RunAsync("schtasks", ["/Delete", "/TN", Name, "/F"], ct).ConfigureAwait(false);
            return;
        }
        string[] files = [Path.Combine(TaskSchedulerTools.UnitFolder, Name + ".timer"),
            Path.Combine(TaskSchedulerTools.UnitFolder, Name + ".service")];
        if (!files.Any(File.Exists)) throw new VteWatsException(
            ErrorKind.TaskNotRegistered, $"There is no task {Name} in {TaskSchedulerTools.UnitFolder}.",
            "systemctl list-timers shows the tasks that are there.", Name);
        await TaskSchedulerTools.SystemctlAsync(ct, "disable", "--now", Name + ".timer").ConfigureAwait(false);
        foreach (var file in files) File.Delete(file);
        await TaskSchedulerTools.SystemctlAsync(ct, "daemon-reload").ConfigureAwait(false);
    }
}
