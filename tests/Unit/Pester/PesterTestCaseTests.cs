using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace VteWats.Unit.Pester;

/// <summary>How xUnit is told of the tests of a Pester file.</summary>
public class PesterTestCaseTests
{
    [Fact]
    public async Task Each_Pester_test_is_a_test_with_its_outcome_and_message()
    {
        var messages = await ToldAsync(_ =>
        [
            new("Sum.holds", "Passed", 0.1, "", ""),
            new("Sum.is wrong", "Failed", 0.1, "Expected 2, but got 1.", "at line 3"),
            new("Sum.is unsure", "Inconclusive", 0.1, "", ""),
            new("Sum.waits", "Skipped", 0, "the moon is full", ""),
        ]);

        Assert.Equal(["Pester, Sum: Sum.holds"], messages.OfType<ITestPassed>().Select(m => m.Test.DisplayName));
        var failed = messages.OfType<ITestFailed>().ToList();
        Assert.Equal(["Pester, Sum: Sum.is wrong", "Pester, Sum: Sum.is unsure"], failed.Select(m => m.Test.DisplayName));
        Assert.Equal("Expected 2, but got 1.", failed[0].Messages.Single());
        Assert.Equal("the moon is full", messages.OfType<ITestSkipped>().Single().Reason);
        var end = messages.OfType<ITestCaseFinished>().Single();
        Assert.Equal((4, 2, 1), (end.TestsRun, end.TestsFailed, end.TestsSkipped));
    }

    [Fact]
    public async Task A_file_that_could_not_be_run_at_all_is_a_failure_that_says_why()
    {
        var messages = await ToldAsync(file => throw new InvalidOperationException($"no PowerShell for {file}"));

        Assert.Contains("no PowerShell for Sum", messages.OfType<ITestFailed>().Single().Messages.Single(), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<IMessageSinkMessage>> ToldAsync(Func<string, IReadOnlyList<PesterResult>> run)
    {
        var collection = new TestCollection(new TestAssembly(Reflector.Wrap(Assembly.GetExecutingAssembly())), null, "Pester");
        var tests = new TestClass(collection, Reflector.Wrap(typeof(Ready)));
        var method = new TestMethod(tests, Reflector.Wrap(typeof(Ready).GetMethod(nameof(Ready.Run))!));
        using var bus = new Listener();
        using var stop = new CancellationTokenSource();
        var testCase = new PesterTestCase(new NullMessageSink(), method, "Pester", "Sum");
        await testCase.RunAsync(new NullMessageSink(), bus, [run], new ExceptionAggregator(), stop);
        return bus.Heard;
    }

    private sealed class Ready(Func<string, IReadOnlyList<PesterResult>> run)
    {
        public Task<IReadOnlyList<PesterResult>> Run(string file) => Task.FromResult(run(file));
    }

    private sealed class Listener : IMessageBus
    {
        public List<IMessageSinkMessage> Heard { get; } = [];

        public bool QueueMessage(IMessageSinkMessage message)
        {
            Heard.Add(message);
            return true;
        }

        public void Dispose()
        {
        }
    }
}
