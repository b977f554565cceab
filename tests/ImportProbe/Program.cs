using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

// ImportProbe <script> [assembly to load first, into the default load context]
// A fresh process with a bare engine, so that a test decides what is loaded before the module is. One line for each object that the
// script puts out; an error goes to standard error with its id and the types of its exceptions, and makes the exit code 1.
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
if (args.Length > 1) Assembly.LoadFrom(args[1]);

using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
runspace.Open();
using var shell = PowerShell.Create(runspace);
shell.AddScript(args[0]);
var failed = false;
try
{
    foreach (var line in shell.Invoke()) Console.WriteLine(line);
}
catch (RuntimeException e)
{
    Tell(e.ErrorRecord);
}
foreach (var error in shell.Streams.Error) Tell(error);
return failed ? 1 : 0;

void Tell(ErrorRecord record)
{
    failed = true;
    Console.Error.WriteLine(record.FullyQualifiedErrorId);
    for (var e = record.Exception; e is not null; e = e.InnerException) Console.Error.WriteLine($"{e.GetType().Name}: {e.Message}");
}
