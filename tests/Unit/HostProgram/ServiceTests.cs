using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using VteWats.Unit.Support;
using VteWats.Unit.Sync;
using VteWats.WatsSandbox;

namespace VteWats.Unit.HostProgram;

/// <summary>VteWatsAdapter as systemd sees it: a process of its own, and the socket that it reports to.</summary>
[Trait("Category", "Process")]
public sealed class ServiceTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _notices = new();
    private SyncRig _rig = null!;

    public async Task InitializeAsync() => _rig = await SyncRig.StartAsync(DateTimeOffset.UtcNow, settleSeconds: 0);

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task It_is_ready_when_the_first_sync_begins_alive_while_it_moves_silent_while_it_hangs_and_says_that_it_stops()
    {
        if (!OperatingSystem.IsLinux()) return;
        _rig.InsertRuns(5);
        File.WriteAllText(Path.Combine(_rig.Folder, "token"), _rig.Wats.Token);
        var configuration = Path.Combine(_rig.Folder, "vtewats.json");
        File.WriteAllText(configuration, $$"""
            { "sites": { "Oslo": { "connection": { "path": "{{_rig.Database}}", "settleSeconds": 0 }, "timeZone": "Europe/Oslo",
                "timestampIs": "start", "mapping": { "defaultProcessCode": 10 }, "initialSince": "2020-01-01T00:00:00" } },
              "wats": { "baseUrl": "{{_rig.Wats.BaseUrl.OriginalString}}", "token": "file:token", "proxy": "none" } }
            """);
        var path = Path.Combine(_rig.Folder, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        _ = ListenAsync(socket);
        using var service = ChildProcess.Start(Repository.Adapter, ["service", "-ConfigurationPath", configuration],
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path });
        try
        {
            await UntilAsync(() => _rig.Wats.Store.Count == 5 && Alive > 3);
            Assert.Equal("READY=1", _notices.First());
            // A server that never answers: the sync stands still, and so does the watchdog.
            _rig.Wats.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 600_000, Method = "POST" });
            _rig.Insert(_rig.Local.AddMinutes(-1));
            await File.WriteAllTextAsync(new Core.Sync.State.SiteFiles(Path.Combine(_rig.Folder, "state"), "Oslo").Signal, "");
            await UntilAsync(() => _rig.Wats.Requests.Active > 0);
            await Task.Delay(2500);
            var before = Alive;
            await Task.Delay(3500);
            Assert.Equal(before, Alive);
        }
        finally
        {
            Assert.Equal(0, Kill(service.Id, 15));
        }
        await service.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        await UntilAsync(() => _notices.Contains("STOPPING=1"));
    }

    private int Alive => _notices.Count(notice => notice == "WATCHDOG=1");

    private async Task ListenAsync(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                foreach (var line in Encoding.UTF8.GetString(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    _notices.Enqueue(line);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 600 && !condition(); i++) await Task.Delay(100);
        Assert.True(condition());
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
