using System.Globalization;
using System.Runtime.InteropServices;
using VteWats.WatsSandbox;

// dotnet run --project tests/WatsSandbox -- [--port 0] [--token TOKEN] [--object-answer] [--refuse-in] [--no-bodies]
var options = new SandboxOptions();
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--port" when i + 1 < args.Length
            && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var port):
            options =
            options with { Port = port }; i++; break;
        case "--token" when i + 1 < args.Length: options = options with { Token = args[++i] }; break;
        case "--object-answer": options = options with { ObjectAnswer = true }; break;
        case "--refuse-in": options = options with { RefuseIn = true }; break;
        case "--no-bodies": options = options with { KeepBodies = false }; break;
        default:
            Console.Error.WriteLine(
                $"Not understood: {args[i]}. Options: --port N, --token TOKEN, --object-answer, --refuse-in, --no-bodies.");
            return 2;
    }
}
using var stop = new ManualResetEventSlim();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
await using var server = await SandboxServer.StartAsync(options);
Console.WriteLine($"WATS sandbox at {server.BaseUrl.OriginalString} token {server.Token}");
stop.Wait();
return 0;

void End(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Set();
}
