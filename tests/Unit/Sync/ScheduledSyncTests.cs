using System.Xml.Linq;
using VteWats.Core.Sync.Tasks;

namespace VteWats.Unit.Sync;

public class ScheduledSyncTests
{
    private static readonly ScheduledSync Task = new()
    {
        Name = "VteWats-Sync", Site = "Plant <1> 100%", Program = "/opt/my tools/pwsh",
        Arguments = ["-File", "/a b/Sync.ps1", "-Site", "Plant \"1\" $x 100%", "C:\\end\\"],
        Interval = TimeSpan.FromMinutes(5),
    };

    [Fact]
    public void Systemd_units_quote_what_systemd_would_take_for_something_else()
    {
        var units = Task.SystemdUnits("/etc/systemd/system");
        Assert.Contains("""ExecStart="/opt/my tools/pwsh" -File "/a b/Sync.ps1" -Site "Plant \"1\" $$x 100%%" "C:\\end\\" """.TrimEnd(),
            units[0].Content, StringComparison.Ordinal);
        Assert.Contains("Description=Uploads the VTE test runs of Plant <1> 100%% to WATS", units[0].Content, StringComparison.Ordinal);
        Assert.Contains("OnUnitInactiveSec=300s", units[1].Content, StringComparison.Ordinal);
        Assert.Equal(["/etc/systemd/system/VteWats-Sync.service", "/etc/systemd/system/VteWats-Sync.timer"],
            units.Select(u => u.Path.Replace('\\', '/')));
    }

    [Fact]
    public void The_task_scheduler_xml_is_well_formed_and_quotes_as_the_c_runtime_reads()
    {
        var xml = XDocument.Parse(Task.TaskSchedulerXml("/tmp", DateTimeOffset.UnixEpoch).Content);
        XNamespace ns = "http://schemas.microsoft.com/windows/2004/02/mit/task";
        Assert.Equal("/opt/my tools/pwsh", xml.Descendants(ns + "Command").Single().Value);
        Assert.Equal("""-File "/a b/Sync.ps1" -Site "Plant \"1\" $x 100%" C:\end\""", xml.Descendants(ns + "Arguments").Single().Value);
        Assert.Equal("PT5M", xml.Descendants(ns + "Interval").Single().Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \r\n")]
    public void An_empty_answer_of_the_scheduler_is_no_task(string? answer) => Assert.False(Task.IsTakenByAnother(answer));

    [Fact]
    public void A_task_of_another_site_takes_the_name_and_one_of_this_site_does_not()
    {
        Assert.True((Task with { Site = "Bergen" }).IsTakenByAnother(Task.TaskSchedulerXml("/tmp", DateTimeOffset.UnixEpoch).Content));
        Assert.False(Task.IsTakenByAnother(Task.TaskSchedulerXml("/tmp", DateTimeOffset.UnixEpoch).Content));
        Assert.False(Task.IsTakenByAnother(Task.SystemdUnits("/etc/systemd/system")[0].Content));
    }
}
