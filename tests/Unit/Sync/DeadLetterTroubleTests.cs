using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;
using VteWats.Unit.Support;
using VteWats.Unit.Wats;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>Letters of other releases, that cannot be read, that cannot be removed, and of reports that come from files.</summary>
public sealed class DeadLetterTroubleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private DeadLetterStore Store(SyncOptions? limits = null) => new(_folder.Path, "Oslo", limits?.DeadLetterLimits());

    private static DeadLetter Letter(int n = 0) =>
        DeadLetter.From(SyncTestData.At(n), DeadLetterStage.Sending, ["no"], SendingParts.Reports(1)[0]);

    [Fact]
    public async Task The_letter_of_a_newer_release_is_neither_read_nor_written_over()
    {
        var letter = Letter();
        await Store().WriteAsync(letter);
        var path = Assert.Single(Directory.GetFiles(Store().Folder));
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("\"version\":1", "\"version\":2",
            StringComparison.Ordinal).Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal));
        var content = await File.ReadAllBytesAsync(path);
        Assert.Same(ErrorKind.StateNewer, (await Assert.ThrowsAsync<VteWatsException>(() => Store().WriteAsync(letter))).Error);
        Assert.Empty(await Store().ReadAsync().ToListAsync());
        Assert.Equal(content, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task Damaged_letters_of_one_run_are_all_set_aside_and_the_warning_says_what_to_do_with_them()
    {
        var letter = Letter();
        for (var i = 0; i < 2; i++)
        {
            await Store().WriteAsync(letter);
            await File.WriteAllTextAsync(Path.Combine(Store().Folder, letter.RunId + ".json"), $"{{ {i}");
            Assert.Empty(await Store().ReadAsync().ToListAsync());
        }
        Assert.Equal(2, Directory.GetFiles(Store().Folder, "*.damaged").Length);
        var warnings = new List<string>();
        await Store().ReadAsync(text => { warnings.Add(text); return Task.CompletedTask; }).ToListAsync();
        Assert.Contains("can be deleted", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_that_cannot_be_read_is_told_and_the_others_are_read()
    {
        await Store().WriteAsync(Letter(1));
        await Store().WriteAsync(Letter(2));
        // Nobody can read it, whatever his rights.
        var path = Path.Combine(Store().Folder, Guid.NewGuid() + ".json");
        File.CreateSymbolicLink(path, path);
        var warnings = new List<string>();
        Assert.Equal(2, (await Store().ReadAsync(text => { warnings.Add(text); return Task.CompletedTask; }).ToListAsync()).Count);
        Assert.Contains("cannot be read", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_letters_that_cannot_be_read_is_an_error_and_not_an_empty_one()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Store().Folder)!);
        Directory.CreateSymbolicLink(Store().Folder, Store().Folder);
        Assert.Same(ErrorKind.FileUnusable,
            (await Assert.ThrowsAsync<VteWatsException>(async () => await Store().ReadAsync().ToListAsync())).Error);
        Assert.Same(ErrorKind.FileUnusable, Assert.Throws<VteWatsException>(() => Store().Count()).Error);
    }

    [Fact]
    public async Task A_letter_takes_the_place_of_its_older_self_also_when_the_caps_were_lowered()
    {
        var first = Letter(1);
        await Store().WriteAsync(first);
        await Store().WriteAsync(Letter(2));
        var low = Store(new SyncOptions { MaxDeadLetters = 1 });
        await low.WriteAsync(first);
        Assert.Same(ErrorKind.DeadLettersFull, (await Assert.ThrowsAsync<VteWatsException>(() => low.WriteAsync(Letter(3)))).Error);
    }

    [Fact]
    public async Task A_run_that_cannot_be_mapped_any_more_keeps_the_report_that_it_had()
    {
        var letter = Letter();
        await Store().WriteAsync(letter);
        await Store().WriteAsync(letter with { Stage = DeadLetterStage.Mapping, Report = null });
        Assert.NotNull((await Store().FindAsync(letter.RunId))!.Report);
    }

    [Fact]
    public async Task A_report_that_is_stored_has_its_receipt_also_when_its_letter_cannot_be_removed()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        var reading = new ReadSession("Oslo", "test");
        var reports = Enumerable.Range(0, 40).Select(n => SendingParts.Report(n, n, reading)).ToList();
        var (receipts, failure) = await SendingParts.SendAsync(client, reports, new SendOptions
        {
            Rejected = new RejectedReports
            {
                Forget = report => { if (report.Id == reports[10].Id)
                    throw new VteWatsException(ErrorKind.StateNotWritable, "stuck", ""); },
            },
        });
        Assert.Same(ErrorKind.StateNotWritable, Assert.IsType<VteWatsException>(failure).Error);
        Assert.Equal(server.Store.Ids.Order(), receipts.Select(r => r.RunId).Order());
        Assert.Contains(reports[10].Id!.Value, receipts.Select(r => r.RunId));
    }

    [Fact]
    public async Task A_report_from_a_file_is_sent_when_its_run_has_a_letter_and_takes_the_letter_away()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        var report = SendingParts.Reports(1)[0];
        await SendingParts.SendAsync(client, [report], new SendOptions());
        await Store().WriteAsync(new DeadLetter { RunId = report.Id!.Value, Site = "Oslo", Stage = DeadLetterStage.Sending,
            Findings = ["no"], Report = report });
        var box = new DeadLetterSink(_folder.Path, new DeadLetterLimits());
        var (receipts, failure) = await SendingParts.SendAsync(client, [report], new SendOptions { Rejected = box });
        Assert.Null(failure);
        Assert.Equal(WatsReceiptState.Uploaded, Assert.Single(receipts).State);
        Assert.Equal(0, Store().Count());
    }
}
