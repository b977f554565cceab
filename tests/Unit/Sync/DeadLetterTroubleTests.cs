using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;
using VteWats.Unit.Support;
using VteWats.Unit.Wats;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Sync;

/// <summary>Letters of other releases, that are damaged, that cannot be removed, and of reports that come from files.</summary>
public sealed class DeadLetterTroubleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private DeadLetterStore Store(SyncOptions? limits = null) => new(_folder.Path, "Oslo", limits?.DeadLetterLimits());

    private static DeadLetter Letter(int n = 0) =>
        DeadLetter.From(SyncTestData.At(n), DeadLetterStage.Sending, ["no"], SendingParts.Reports(1)[0]);

    private void Damage(string sql, Guid id) => new StateDatabase(_folder.Path).Write(null, (connection, transaction) =>
        connection.Execute(sql, new { id = Ids.Bytes(id) }, transaction));

    [Fact]
    public async Task The_letters_of_a_newer_release_are_neither_read_nor_written_over()
    {
        var letter = Letter();
        await Store().WriteAsync(letter);
        Damage("UPDATE Meta SET Value = '2' WHERE Name = 'version'", letter.RunId);
        var content = await File.ReadAllBytesAsync(Store().Path);
        Assert.Same(ErrorKind.StateNewer, (await Assert.ThrowsAsync<VteWatsException>(() => Store().WriteAsync(letter))).Error);
        Assert.Same(ErrorKind.StateNewer,
            (await Assert.ThrowsAsync<VteWatsException>(async () => await Store().ReadAsync().ToListAsync())).Error);
        Assert.Equal(content, await File.ReadAllBytesAsync(Store().Path));
    }

    [Theory]
    [InlineData("UPDATE Letter SET Body = x'7b' WHERE RunId = @id")]
    [InlineData("UPDATE Letter SET Body = CAST(REPLACE(CAST(Body AS TEXT), 'no', 'on') AS BLOB) WHERE RunId = @id")]
    [InlineData("UPDATE Letter SET Seal = x'' WHERE RunId = @id")]
    public async Task A_letter_that_was_cut_or_changed_is_told_with_what_to_do_and_a_new_failure_writes_it_anew(string damage)
    {
        var letter = Letter(1);
        await Store().WriteAsync(letter);
        await Store().WriteAsync(Letter(2));
        Damage(damage, letter.RunId);
        var warnings = new List<string>();
        Assert.Single(await Store().ReadAsync(text => { warnings.Add(text); return Task.CompletedTask; }).ToListAsync());
        foreach (var part in (string[])[letter.RunId.ToString("D"), "Compare-VteWatsSync -Repair", "Remove-VteDeadLetter"])
            Assert.Contains(part, Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(2, Store().Count());
        await Store().WriteAsync(letter);
        Assert.Equal(["no"], (await Store().FindAsync(letter.RunId))!.Findings);
    }

    [Fact]
    public async Task Letters_that_cannot_be_read_are_an_error_and_not_none_at_all()
    {
        await Store().WriteAsync(Letter());
        await File.WriteAllTextAsync(Store().Path, new string('x', 5000));
        Assert.Same(ErrorKind.StateUnreadable,
            (await Assert.ThrowsAsync<VteWatsException>(async () => await Store().ReadAsync().ToListAsync())).Error);
        Assert.Same(ErrorKind.StateUnreadable, Assert.Throws<VteWatsException>(() => Store().Count()).Error);
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
    public async Task A_letter_that_was_written_meanwhile_is_removed_only_if_it_holds_the_content_that_was_sent()
    {
        var run = SyncTestData.At(0, hash: "v1");
        var sender = Store();
        await Store().WriteAsync(DeadLetter.From(run with { ContentHash = "v2" }, DeadLetterStage.Sending, ["no"]));
        Assert.False(await sender.RemoveSentAsync(run.Id, "v1"));
        Assert.Equal(1, Store().Count());
        Assert.True(await sender.RemoveSentAsync(run.Id, "v2"));
        Assert.Equal(0, Store().Count());
    }

    [Fact]
    public async Task A_letter_that_failed_before_the_run_was_read_that_was_sent_is_removed()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        var run = SyncTestData.At(0, hash: "v1");
        await new DeadLetterStore(_folder.Path, "Oslo", time: time).WriteAsync(DeadLetter.From(run, DeadLetterStage.Sending, ["no"]));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await new DeadLetterStore(_folder.Path, "Oslo", time: time).RemoveSentAsync(run.Id, "v2"));
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
                Forget = report =>
                {
                    if (report.Id == reports[10].Id)
                        throw new VteWatsException(ErrorKind.StateNotWritable, "stuck", "");
                },
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
        await Store().WriteAsync(new DeadLetter
        {
            RunId = report.Id!.Value, Site = "Oslo", Stage = DeadLetterStage.Sending,
            Findings = ["no"], Report = report
        });
        var box = new DeadLetterSink(_folder.Path, new DeadLetterLimits());
        var (receipts, failure) = await SendingParts.SendAsync(client, [report], new SendOptions { Rejected = box });
        Assert.Null(failure);
        Assert.Equal(WatsReceiptState.Uploaded, Assert.Single(receipts).State);
        Assert.Equal(0, Store().Count());
    }
}
