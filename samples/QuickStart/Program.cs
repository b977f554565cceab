using System.Diagnostics;
using System.Globalization;
using VteWats.QuickStart;
using VteWats.Shared;

// The whole of VteWats on sample data: a VTE database of 1000 test runs, a sandbox WATS server on this machine, and the
// pipeline through the real module in an embedded PowerShell engine. Exit code 0 when WATS holds exactly what was reported as uploaded.
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
var clock = Stopwatch.StartNew();
var folder = Path.Combine(Path.GetTempPath(), "vtewats-quickstart");
if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
Directory.CreateDirectory(folder);

await using var sandbox = await SandboxProcess.StartAsync(Repository.Sandbox);
Console.WriteLine($"Sandbox WATS server on {sandbox.BaseUrl}");
Environment.SetEnvironmentVariable("VTEWATS_CONFIG", Workspace.WriteConfiguration(folder, sandbox.BaseUrl));
Environment.SetEnvironmentVariable("WATS_TOKEN", sandbox.Token);

using var engine = new HostedModule { Progressed = Screen.Show, Warned = Screen.Warn };
var database = Path.Combine(folder, "sample.db");
if (Screen.Failed(engine.Run("param($Path) New-VteSampleDatabase -Path $Path -Runs 1000 -DaysBack 20", ("Path", database)))) return 1;
Console.WriteLine($"Sample VTE database: {database}");

// Some runs of the sample lie in the hour that occurred twice last autumn.
var since = DateTime.UtcNow.AddYears(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
var line = $"Get-VteTestRun -Since {since} | ConvertTo-WatsReport | Send-WatsReport";
Console.WriteLine();
Console.WriteLine($"PS> {line}");
var sending = Stopwatch.StartNew();
var sent = engine.Run(line);
sending.Stop();
if (Screen.Failed(sent)) return 1;

var runs = engine.Run($"Get-VteTestRun -Since {since} -HeaderOnly");
Summary.Print(runs.Output, sent, sending.Elapsed);
var agrees = await Summary.CompareAsync(sandbox, sent);
await Summary.ReadBackAsync(sandbox, sent);

Console.WriteLine();
Console.WriteLine($"Done in {clock.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s. What to try next:");
Console.WriteLine($$"""

  The database stays. Start a sandbox that stays, too, and use the module by hand:
    dotnet run --project tests/WatsSandbox -- --port 8080 --token demo
    dotnet run --project src/VteWats.Host -- -Command "Get-VteTestRun -DatabasePath '{{database}}' -TimeZone Europe/Oslo -Result Failed"
    dotnet run --project src/VteWats.Host -- -Command "Get-Command -Module VteWats"
  Your own database: README.md, "First report in five minutes".
""");
return agrees ? 0 : 1;
