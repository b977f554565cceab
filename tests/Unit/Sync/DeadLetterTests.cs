using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Core.Sync.State;
using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.Unit.Support;

namespace VteWats.Unit.Sync;

public sealed class DeadLetterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_letter_keeps_the_run_and_the_report_as_they_were()
    {
        var run = SyncTestData.At(0) with
        {
            Unit = new VteUnit(Guid.NewGuid(), "SN \"1\" ø\u0001", "B1"),
            Product = new VteProduct(null, "P", "T", "V"),
            Station = new VteStation(null, "S", "H", "L") { Components = [new VteComponent("C", "1", SyncTestData.Noon, null)] },
            Steps =
            [
                new VteNumericStep { StepNumber = 1, Name = "n", Value = double.NaN, LowLimit = double.NegativeInfinity,
                    HighLimit = 9.91e37 },
                new VteTextStep { StepNumber = 2, Text = "t" },
                new VteOtherStep { StepNumber = 3, Bytes = [0, 1, 255] },
            ],
            Assemblies = [new VteAssembly("a", "p", "s", "r")],
            DuplicateIndex = 3,
        };
        var report = new WatsReport
        {
            Id = run.Id, Sn = "1", ProcessCode = 10, Start = run.Start, StartUtc = run.Start.ToUniversalTime(),
            Source = run
        };
        var store = new DeadLetterStore(_folder.Path, "Oslo");
        await store.WriteAsync(DeadLetter.From(run, DeadLetterStage.Sending, ["root: refused", "root -> step n: too long"], report));

        var read = Assert.Single(await store.ReadAsync().ToListAsync());
        Assert.Equal(run.Id, read.RunId);
        Assert.Equal(["root: refused", "root -> step n: too long"], read.Findings);
        Assert.Equivalent(run, read.Run, strict: true);
        Assert.Equal(double.NaN, ((VteNumericStep)read.Run!.Steps![0]).Value);
        Assert.Equal([0, 1, 255], ((VteOtherStep)read.Run.Steps[2]).Bytes!);
        Assert.Equal(Wsjf.ToUtf8(report), Wsjf.ToUtf8(read.Report!));
        Assert.NotEmpty(read.Version!);
    }

    [Fact]
    public async Task A_second_failure_adds_to_the_letter_and_keeps_the_first_time()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        var store = new DeadLetterStore(_folder.Path, "Oslo", time: time);
        var run = SyncTestData.At(0);
        await store.WriteAsync(DeadLetter.From(run, DeadLetterStage.Sending, ["one"]) with { Attempts = 2, Source = SyncTestData.Source });
        time.Advance(TimeSpan.FromHours(1));
        await store.WriteAsync(DeadLetter.From(run, DeadLetterStage.Mapping, ["two"]));
        var letter = (await store.FindAsync(run.Id))!;
        Assert.Equal(SyncTestData.Source, letter.Source);
        Assert.Equal(3, letter.Attempts);
        Assert.Equal(DateTimeOffset.UnixEpoch, letter.FirstFailed);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddHours(1), letter.LastFailed);
        Assert.Equal(["two"], letter.Findings);
        Assert.True(await store.RemoveAsync(run.Id));
        Assert.False(await store.RemoveAsync(run.Id));
        Assert.Equal(0, store.Count());
    }

    [Fact]
    public async Task A_letter_of_a_run_that_cannot_be_mapped_has_a_finding_a_reason_with_what_to_do_and_none_names_the_run()
    {
        var store = new DeadLetterStore(_folder.Path, "Oslo");
        var mapping = new RunMapping(new ReportMapper(new MappingOptions { DefaultProcessCode = 10 }, "Oslo"), store);
        VteTestRun[] runs = [.. new[] { 0,
            1 }.Select(i => SyncTestData.At(i) with { ResultCode = 7, Steps = [] })];   // without unit and product
        foreach (var run in runs) Assert.Contains($"{run.Id:D}", (await mapping.MapAsync(run)).Error!.Message, StringComparison.Ordinal);
        var letters = await store.ReadAsync().ToListAsync();
        Assert.Equal(runs.Select(run => run.Id), letters.Select(letter => letter.RunId));
        Assert.Equal(letters[0].Findings, letters[1].Findings);
        Assert.Equal(3, letters[0].Findings.Count);
        Assert.Single(letters[0].Findings,
            f => f.StartsWith("It has no serial number. Set sites.Oslo.mapping.missingSerialNumber ", StringComparison.Ordinal));
        Assert.Single(letters[0].Findings, f => f.StartsWith("Its Result 7 is unknown. Add ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_that_breaks_the_mapper_is_put_away_like_one_that_cannot_be_mapped()
    {
        var store = new DeadLetterStore(_folder.Path, "Oslo");
        var reading = new ReadSession("Oslo", SyncTestData.Source, SyncTestData.At((Watermark?)null));
        var run = reading.Admit(SyncTestData.At(0) with { Testplan = null!, Steps = [] })!;
        var (report, error) = await new RunMapping(new ReportMapper(new MappingOptions(), "Oslo"), store).MapAsync(run);
        Assert.Null(report);
        Assert.Equal(ErrorKind.RunUnmappable, error!.Error);
        Assert.Contains("NullReferenceException", Assert.Single((await store.FindAsync(run.Id))!.Findings), StringComparison.Ordinal);
        Assert.Equal(1, reading.AcknowledgedPrefix);
    }

    [Fact]
    public async Task Damaged_letters_are_told_and_stay_and_the_others_are_read()
    {
        var store = new DeadLetterStore(_folder.Path, "Oslo");
        var runs = Enumerable.Range(0, 3).Select(i => SyncTestData.At(i)).ToList();
        foreach (var run in runs) await store.WriteAsync(DeadLetter.From(run, DeadLetterStage.Mapping, ["f"]));
        new StateDatabase(_folder.Path).Write(null, (connection, transaction) => connection.Execute(
            "UPDATE Letter SET Body = SUBSTR(Body, 1, 100) WHERE RunId = @id", new { id = Ids.Bytes(runs[1].Id) }, transaction));
        var warnings = new List<string>();
        var read = await store.ReadAsync(text => { warnings.Add(text); return Task.CompletedTask; }).ToListAsync();
        Assert.Equal(2, read.Count);
        Assert.Contains(runs[1].Id.ToString("D"), Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(3, store.Count());
        Assert.True(await store.RemoveAsync(runs[1].Id));
    }

    [Fact]
    public async Task Over_the_cap_a_letter_is_refused_with_an_error_and_none_is_lost()
    {
        var store = new DeadLetterStore(_folder.Path, "Oslo", (new SyncOptions { MaxDeadLetters = 2 }).DeadLetterLimits());
        var first = SyncTestData.At(0);
        await store.WriteAsync(DeadLetter.From(first, DeadLetterStage.Mapping, ["f"]));
        await store.WriteAsync(DeadLetter.From(SyncTestData.At(1), DeadLetterStage.Mapping, ["f"]));
        var error = await Assert.ThrowsAsync<VteWatsException>(() =>
            store.WriteAsync(DeadLetter.From(SyncTestData.At(2), DeadLetterStage.Mapping, ["f"])));
        Assert.Equal(ErrorKind.DeadLettersFull, error.Error);
        await store.WriteAsync(DeadLetter.From(first, DeadLetterStage.Mapping, ["again"]));
        Assert.Equal(2, store.Count());
        // Another process makes room.
        await new DeadLetterStore(_folder.Path, "Oslo").RemoveAsync(first.Id);
        await store.WriteAsync(DeadLetter.From(SyncTestData.At(2), DeadLetterStage.Mapping, ["f"]));
    }

    [Fact]
    public async Task The_cap_on_size_counts_the_bytes_of_all_letters()
    {
        var store = new DeadLetterStore(_folder.Path, "Oslo", (new SyncOptions { MaxDeadLetterMegabytes = 1 }).DeadLetterLimits());
        var big = new string('x', 400_000);
        await store.WriteAsync(DeadLetter.From(SyncTestData.At(0), DeadLetterStage.Mapping, [big]));
        await store.WriteAsync(DeadLetter.From(SyncTestData.At(1), DeadLetterStage.Mapping, [big]));
        Assert.Equal(
            ErrorKind.DeadLettersFull,
            (await Assert.ThrowsAsync<VteWatsException>(() =>
            store.WriteAsync(DeadLetter.From(SyncTestData.At(2), DeadLetterStage.Mapping, [big])))).Error);
    }

    [Fact]
    public async Task A_letter_that_cannot_be_written_is_an_error()
    {
        var file = _folder.File("state");
        File.WriteAllText(file, "");
        var error = await Assert.ThrowsAsync<VteWatsException>(
            () => new DeadLetterStore(file, "Oslo").WriteAsync(DeadLetter.From(SyncTestData.At(0), DeadLetterStage.Mapping, ["f"])));
        Assert.Equal(ErrorKind.StateNotWritable, error.Error);
    }
}

/// <summary>A clock that stands until it is moved.</summary>
public sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
