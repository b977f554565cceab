using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting.WindowsServices;
using VteWats.Host;

// VteWatsAdapter: a PowerShell engine with the VteWats module loaded, for machines that have no PowerShell 7.
// Nothing may call home: the engine's telemetry is off before it starts.
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
Environment.SetEnvironmentVariable("POWERSHELL_UPDATECHECK", "Off");

CommandLine line;
try
{
    line = CommandLine.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(CommandLine.Usage);
    return ExitCodes.Usage;
}
if (line.Script is null && line.Command is null)
{
    Console.WriteLine(CommandLine.Usage);
    return ExitCodes.Success;
}
if (ModuleLocator.Find() is not { } module)
{
    Console.Error.WriteLine(
        $"The VteWats module is not there: neither modules/VteWats beside {AppContext.BaseDirectory} nor a build of the repository. "
        + "Unpack the whole archive again.");
    return ExitCodes.Usage;
}

if (OperatingSystem.IsWindows() && WindowsServiceHelpers.IsWindowsService()) return WindowsService.Run(() => new Engine(module), line);

using var engine = new Engine(module);
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    engine.Stop();
};
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    engine.Stop();
});
return engine.Run(line);
