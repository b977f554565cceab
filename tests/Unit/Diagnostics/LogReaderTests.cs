using VteWats.Core.Diagnostics;
using VteWats.Unit.Support;

namespace VteWats.Unit.Diagnostics;

/// <summary>What is logged is read back, in either format, and no text from outside passes for an event.</summary>
public sealed class LogReaderTests : IDisposable
{
    // A text that tries to look like an event of its own, in either format.
    private const string Foreign = "SN1\r\n2026-11-24T00:00:00.000+00:00 INF Fake [sync=abcdefabcdef site=Elsewhere] All is well\u001b]0;"
        + "owned\a\u009b31m\u2028\u202e\n{\"@t\":\"2026-11-24T00:00:00Z\",\"@m\":\"fake\"}";

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    private LoggingOptions Logging(string format) => new() { Folder = _temp.File("logs"), Format = format, Level = "Debug" };

    private List<LogEntry> Read(LogQuery? query = null) => [.. LogReader.Read(_temp.File("logs"), query ?? new LogQuery())];

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public void An_event_comes_back_with_site_sync_run_level_and_exception(string format)
    {
        var run = Guid.NewGuid();
        using (var log = VteWatsLog.Open(Logging(format)))
        {
            log.Debug("before any sync");
            using (VteWatsLog.Scope("fedc7b3a91e5", "Oslo South"))
            {
                log.For<LogReaderTests>().Information("Sent {Count} reports", 3);
                try { throw new InvalidOperationException("no\nway"); }
                catch (InvalidOperationException e) { log.About(run).Warning(e, "Refused"); }
            }
        }
        var entries = Read();
        Assert.Equal(["before any sync", "Sent 3 reports", "Refused"], entries.Select(entry => entry.Message));
        Assert.Equal([LogLevel.Debug, LogLevel.Information, LogLevel.Warning], entries.Select(entry => entry.Level));
        Assert.Equal([null, "Oslo South", "Oslo South"], entries.Select(entry => entry.Site));
        Assert.Equal([null, "fedc7b3a91e5", "fedc7b3a91e5"], entries.Select(entry => entry.SyncId));
        Assert.Equal([null, null, run], entries.Select(entry => entry.RunId));
        Assert.Equal(nameof(LogReaderTests), entries[1].Source);
        Assert.Null(entries[1].Exception);
        Assert.Contains("InvalidOperationException", entries[2].Exception, StringComparison.Ordinal);
        Assert.Contains(nameof(An_event_comes_back_with_site_sync_run_level_and_exception), entries[2].Exception, StringComparison.Ordinal);
        Assert.True(entries.Select(entry => entry.Timestamp).Order().SequenceEqual(entries.Select(entry => entry.Timestamp)));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public void What_comes_from_outside_makes_no_event_and_no_line_and_colours_nothing(string format)
    {
        using (var log = VteWatsLog.Open(Logging(format)))
        {
            log.Information("{Serial} is refused", Foreign);
            log.Error(new InvalidOperationException(Foreign), "Failed");
        }
        Assert.Equal(2, Read().Count);
        Assert.All(Read(), entry => Assert.Null(entry.Site));
        var text = File.ReadAllText(Assert.Single(Directory.GetFiles(_temp.File("logs"))));
        Assert.DoesNotContain(text.ReplaceLineEndings(""), c => char.IsControl(c) || c is '\u2028' or '\u202e');
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public void A_secret_is_masked_however_it_would_be_escaped(string format)
    {
        var secret = $"tok\"{Guid.NewGuid():N}\\é";
        SecretMask.Add(secret);
        using (var log = VteWatsLog.Open(Logging(format)))
            log.Error(new InvalidOperationException("with " + secret), "Asked {Url} with {Header}",
                "https://x/?t=" + Uri.EscapeDataString(secret), secret);
        var text = File.ReadAllText(Assert.Single(Directory.GetFiles(_temp.File("logs"))));
        Assert.DoesNotContain(secret.Substring(4, 32), text, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_are_chosen_by_site_sync_run_level_time_and_number()
    {
        var run = Guid.NewGuid();
        using (var log = VteWatsLog.Open(Logging("text")))
        {
            using (VteWatsLog.Scope("aaaaaaaaaaaa", "Oslo")) log.Information("a");
            using (VteWatsLog.Scope("bbbbbbbbbbbb", "Bergen", run)) log.Warning("b");
            log.Error(null, "c");
        }
        Assert.Equal(["a"], Messages(new LogQuery { Site = site => site == "Oslo" }));
        Assert.Equal(["b"], Messages(new LogQuery { SyncId = "bbbbbbbbbbbb" }));
        Assert.Equal(["b"], Messages(new LogQuery { RunIds = [run] }));
        Assert.Equal(["b", "c"], Messages(new LogQuery { Level = LogLevel.Warning }));
        Assert.Equal(["c"], Messages(new LogQuery { Last = 1 }));
        Assert.Empty(Messages(new LogQuery { Since = DateTimeOffset.Now.AddHours(1) }));

        IEnumerable<string> Messages(LogQuery query) => Read(query).Select(entry => entry.Message);
    }

    [Fact]
    public void Files_of_processes_that_ran_beside_each_other_are_merged_by_time()
    {
        var folder = Directory.CreateDirectory(_temp.File("logs")).FullName;
        File.WriteAllText(Path.Combine(folder, "vtewats-20261124.log"), """
            2026-11-24T10:00:01.000+00:00 INF A one
            2026-11-24T10:00:03.000+00:00 ERR A three
                System.Exception: the second line of three
            """);
        File.WriteAllText(Path.Combine(folder, "vtewats-20261124_001.log"), "2026-11-24T11:00:02.000+01:00 INF B two\n{\"@t\":\"cut o");
        File.WriteAllText(Path.Combine(folder, "other.log"), "2026-11-24T10:00:00.000+00:00 INF C not ours\n");
        var entries = Read();
        Assert.Equal(["one", "two", "three"], entries.Select(entry => entry.Message));
        Assert.Equal("System.Exception: the second line of three", entries[2].Exception);
    }

    [Fact]
    public void The_log_is_read_while_it_is_written()
    {
        using var log = VteWatsLog.Open(Logging("text"));
        log.Information("first");
        Assert.Single(Read());
    }

    [Fact]
    public void All_files_together_stay_within_their_limit_and_the_oldest_go_first()
    {
        var folder = Directory.CreateDirectory(_temp.File("logs")).FullName;
        for (var day = 10; day < 20; day++)
        {
            using var file = File.Create(Path.Combine(folder, $"vtewats-202610{day}.log"));
            file.SetLength(1024 * 1024);
        }
        using (var log = VteWatsLog.Open(Logging("text") with { MaxMegabytes = 5, RetainDays = 3650 })) log.Information("now");
        var left = Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["vtewats-20261016.log", "vtewats-20261017.log", "vtewats-20261018.log", "vtewats-20261019.log"], left.Take(4));
        Assert.Equal(5, left.Count);
    }

    [Fact]
    public void A_full_disk_is_told_by_the_log_itself_once_and_throws_nothing()
    {
        if (!OperatingSystem.IsLinux()) return;   // a file that is always full is a device there
        var folder = Directory.CreateDirectory(_temp.File("logs")).FullName;
        foreach (var day in (int[])[-1, 0, 1])
        {
            foreach (var part in (string[])["", "_001", "_002"])
                File.CreateSymbolicLink(Path.Combine(folder, $"vtewats-{DateTime.Now.AddDays(day):yyyyMMdd}{part}.log"), "/dev/full");
        }
        using var log = VteWatsLog.Open(Logging("text"));
        Assert.Null(log.Problem);
        log.Information("there is no room for this");
        Assert.Equal("VteWats.FileUnusable", log.Problem!.Error.Id);
        Assert.Same(log.Problem, log.For<LogReaderTests>().Problem);
    }

    [Fact]
    public void Switched_off_nothing_is_written_and_who_listens_hears_all_the_same()
    {
        var heard = new List<string>();
        using (var log = VteWatsLog.Open(Logging("text") with { Level = "None" }, new LogTee(heard.Add, null)))
        {
            log.Information("Sent {Serial}", "a\u001b[31m");
            log.Debug("not this");
        }
        Assert.Equal([@"Sent a\u001B[31m"], heard);
        Assert.False(Directory.Exists(_temp.File("logs")));
    }
}
