using VteWats.Unit.Support;

namespace VteWats.Unit.Pester;

/// <summary>What becomes of Pester files that do not pass: nothing may look like success.</summary>
[Trait("Category", "Process")]
public sealed class PesterWorkerTests(PesterWorkerTests.Worker worker) : IClassFixture<PesterWorkerTests.Worker>
{
    public sealed class Worker : PesterWorker
    {
        private Worker(TempFolder folder) : base(PowerShellCommand.Program, folder.Path) => Folder = folder;

        public Worker() : this(new TempFolder())
        {
        }

        public TempFolder Folder { get; }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            Folder.Dispose();
        }
    }

    [Fact]
    public async Task A_test_that_fails_is_told_with_Pesters_message_and_the_line()
    {
        var results = await RunAsync("Describe 'Sum' {\n It 'holds' { 1 | Should -Be 1 }\n It 'is wrong' { 1 | Should -Be 2 } }");

        Assert.True(results.Single(r => r.Name == "Sum.holds").Passed);
        var failed = results.Single(r => r.Name == "Sum.is wrong");
        Assert.Equal(("Failed", "Expected 2, but got 1."), (failed.State, failed.Message));
        Assert.Contains("File.Tests.ps1:3", failed.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_that_is_skipped_says_why()
    {
        var results = await RunAsync("Describe 'Sum' { It 'holds' { }; It 'waits' { Set-ItResult -Skipped -Because 'the moon is full' } }");

        var skipped = results.Single(r => r.Skipped);
        Assert.Equal("Sum.waits", skipped.Name);
        Assert.Contains("the moon is full", skipped.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Describe 'Nothing' { }")]
    [InlineData("Describe 'Nothing' { It 'waits' -Skip { } }")]
    [InlineData("throw 'while it looks for tests'")]
    [InlineData("Describe 'Broken' { It 'is open' { ")]
    [InlineData("Describe 'Late' { AfterAll { throw 'after all' }; It 'holds' { } }")]
    [InlineData("Describe 'Early' { BeforeAll { throw 'before all' }; It 'never runs' { } }")]
    [InlineData("Describe 'Unsure' { It 'tells nothing' { Set-ItResult -Inconclusive } }")]
    public async Task A_file_that_shows_nothing_or_fails_outside_of_its_tests_is_a_failure(string content) =>
        Assert.Contains(await RunAsync(content), r => !r.Passed && !r.Skipped);

    [Fact]
    public async Task A_file_that_ends_PowerShell_is_a_failure_with_what_it_said_and_the_next_one_runs()
    {
        var ended = await RunAsync("Describe 'Crash' { It 'leaves' { [Console]::WriteLine('last words'); [Environment]::Exit(3) } }");
        Assert.Equal("Failed", ended.Single().State);
        Assert.Contains("last words", ended.Single().Message, StringComparison.Ordinal);

        Assert.True((await RunAsync("Describe 'Sum' { It 'holds' { } }")).Single().Passed);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_failure() => Assert.Equal("Failed", Assert.Single(await worker.RunAsync("None")).State);

    private async Task<IReadOnlyList<PesterResult>> RunAsync(string content)
    {
        await File.WriteAllTextAsync(worker.Folder.File("File" + PesterWorker.Extension), content);
        return await worker.RunAsync("File");
    }
}
