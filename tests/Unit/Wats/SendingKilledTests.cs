using System.Globalization;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

[Trait("Category", "Process")]
public class SendingKilledTests
{
    [Fact]
    public async Task A_sending_that_is_killed_30_times_and_started_again_stores_every_report_once()
    {
        const int Reports = 1500;
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { KeepBodies = false, Validate = false });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Latency, DelayMilliseconds = 5, Path = "WSJF" });
        var program = Repository.Built("benchmarks", "VteWats.Benchmarks");
        string[] arguments = ["send-run", server.BaseUrl.OriginalString, server.Token, Reports.ToString(CultureInfo.InvariantCulture), "8"];
        var moments = new Random(11);
        for (var kill = 0; kill < 30; kill++)
        {
            using var child = ChildProcess.Start(program, arguments);
            Assert.Equal("sending", await child.StandardOutput.ReadLineAsync());
            await Task.Delay(moments.Next(0, 40));
            child.Kill();
            await child.WaitForExitAsync();
        }
        Assert.InRange(server.Store.Count, 1, Reports - 1);

        var end = await ChildProcess.RunAsync(program, arguments);
        Assert.Equal((0, ""), (end.ExitCode, end.Error));
        Assert.Equal(Reports, server.Store.Count);
        Assert.Empty(server.Store.Swallowed);
    }
}
