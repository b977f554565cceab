using VteWats.Core.Diagnostics;
using VteWats.Unit.Support;

namespace VteWats.Unit.Diagnostics;

public sealed class VteWatsLogTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private LoggingOptions Logging => new() { Folder = _temp.File("logs") };

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Without_a_folder_nothing_is_logged()
    {
        using var log = VteWatsLog.Open(new LoggingOptions());
        Assert.Same(VteWatsLog.None, log);
        log.Information("Sent {RunId}", Guid.NewGuid());
    }

    [Fact]
    public void Lines_carry_level_and_part_of_the_program_and_only_what_the_level_lets_through()
    {
        using (var log = VteWatsLog.Open(Logging))
        {
            log.Debug("not this");
            log.For<VteWatsLogTests>().Information("Sent {Count} reports in {Seconds} s", 3, 1.5);
            log.Error(new InvalidOperationException("boom"), "Failed");
        }
        var text = Written();
        Assert.Contains(" INF VteWatsLogTests Sent 3 reports in 1.5 s", text, StringComparison.Ordinal);
        Assert.Contains("System.InvalidOperationException: boom", text, StringComparison.Ordinal);
        Assert.DoesNotContain("not this", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_known_secret_is_masked_in_text_values_and_exceptions()
    {
        var secret = "tok-" + Guid.NewGuid().ToString("N");
        SecretMask.Add(secret);
        using (var log = VteWatsLog.Open(Logging))
        {
            log.Information("Asked with {Header}", "Basic " + secret);
            log.Warning(new InvalidOperationException("refused: " + secret), "No " + secret);
        }
        Assert.Contains(SecretMask.Mask, Written(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_from_outside_neither_breaks_a_line_nor_colours_a_console()
    {
        const string Serial = "SN1\r\n2026-11-24T00:00:00.000+00:00 INF All is well\u001b]0;owned\a\u009b31m\u2028\u202e";
        using (var log = VteWatsLog.Open(Logging)) log.Information("Refused {Serial}", Serial);
        var line = Assert.Single(Written().TrimEnd().Split('\n'));
        Assert.Contains(@"SN1\u000D\u000A2026-11-24T00:00:00.000+00:00 INF All is well\u001B]0;owned\u0007\u009B31m\u2028\u202E", line,
            StringComparison.Ordinal);
        Assert.DoesNotContain(line.TrimEnd(), char.IsControl);
    }

    [Fact]
    public void The_message_of_an_exception_stays_on_one_line_and_its_stack_is_indented()
    {
        using (var log = VteWatsLog.Open(Logging))
        {
            try { Throw(); }
            catch (InvalidOperationException e) { log.Error(e, "Failed"); }
        }
        var lines = Written().TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.EndsWith(" ERR  Failed", lines[0], StringComparison.Ordinal);
        Assert.Contains(@"    System.InvalidOperationException: no\u000A2026-11-24T00:00:00.000+00:00 INF fine\u001B[32m", lines);
        Assert.Contains(lines, l => l.Contains(nameof(Throw), StringComparison.Ordinal));
        Assert.All(lines.Skip(1), l => Assert.StartsWith("    ", l, StringComparison.Ordinal));

        static void Throw() => throw new InvalidOperationException("no\n2026-11-24T00:00:00.000+00:00 INF fine\u001b[32m");
    }

    [Fact]
    public void Cmdlets_of_one_process_share_the_file_until_the_last_one_closes_it()
    {
        var first = VteWatsLog.Open(Logging);
        using (var second = VteWatsLog.Open(Logging)) second.Information("from the second");
        first.Information("from the first");
        first.Dispose();
        first.Dispose();
        using (var again = VteWatsLog.Open(Logging)) again.Information("from the third");
        Assert.Equal(["first", "second", "third"], Written().Split("from the ").Skip(1).Select(t => t.Split('\n')[0].Trim()).Order());
        Assert.Single(Directory.GetFiles(Logging.Folder!));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_told_at_once()
    {
        File.WriteAllText(_temp.File("logs"), "a file is in the way");
        var failure = Assert.Throws<VteWatsException>(() => VteWatsLog.Open(Logging));
        Assert.Equal("VteWats.FileUnusable", failure.Error.Id);
        Assert.Contains("logging.folder", failure.Advice, StringComparison.Ordinal);
    }

    private string Written() => string.Concat(Directory.GetFiles(Logging.Folder!).Select(File.ReadAllText));

    [Fact]
    public void Nobody_but_the_owner_may_read_the_log()
    {
        if (OperatingSystem.IsWindows()) return;   // its access list is shown by a test of its own
        using var folder = new TempFolder();
        var (made, there) = (folder.File("made"), Directory.CreateDirectory(folder.File("there")).FullName);
        foreach (var logs in (string[])[made, there])
        {
            using (var log = VteWatsLog.Open(new LoggingOptions { Folder = logs })) log.Information("SN-1 failed");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(logs))));
        }
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(made));
    }
}
