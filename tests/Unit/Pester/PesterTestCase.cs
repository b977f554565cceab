using System.Globalization;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace VteWats.Unit.Pester;

/// <summary>A Pester file as a test case of xUnit: its Pester tests are the case's tests, with Pester's messages.</summary>
public sealed class PesterTestCase : XunitTestCase
{
    private string _title = "";

    [Obsolete("For xUnit, which fills it by Deserialize.")]
    public PesterTestCase()
    {
    }

    public PesterTestCase(IMessageSink diagnostics, ITestMethod method, string title, string file)
        : base(diagnostics, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, method, [file]) => _title = title;

    private string File => (string)TestMethodArguments[0];

    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        var summary = new RunSummary();
        messageBus.QueueMessage(new TestCaseStarting(this));
        foreach (var result in await ResultsAsync(constructorArguments, aggregator))
        {
            var test = new XunitTest(this, $"{_title}, {File}: {result.Name}");
            var seconds = (decimal)result.Seconds;
            messageBus.QueueMessage(new TestStarting(test));
            messageBus.QueueMessage(Ended(test, result, seconds));
            messageBus.QueueMessage(new TestFinished(test, seconds, ""));
            summary.Total++;
            summary.Failed += result.Failed ? 1 : 0;
            summary.Skipped += result.Skipped ? 1 : 0;
            summary.Time += seconds;
        }
        messageBus.QueueMessage(new TestCaseFinished(this, summary.Time, summary.Total, summary.Failed, summary.Skipped));
        return summary;
    }

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue(nameof(_title), _title);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        base.Deserialize(data);
        _title = data.GetValue<string>(nameof(_title));
    }

    // The method that carries the attribute runs the file.
    private async Task<IReadOnlyList<PesterResult>> ResultsAsync(object[] constructorArguments, ExceptionAggregator aggregator)
    {
        try
        {
            if (aggregator.HasExceptions) throw aggregator.ToException();
            var instance = Activator.CreateInstance(TestMethod.TestClass.Class.ToRuntimeType(), constructorArguments);
            return await (Task<IReadOnlyList<PesterResult>>)TestMethod.Method.ToRuntimeMethod().Invoke(instance, TestMethodArguments)!;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return [PesterResult.Failure($"(all of {File})", e.ToString())];
        }
    }

    private static IMessageSinkMessage Ended(ITest test, PesterResult result, decimal seconds) => result switch
    {
        { Passed: true } => new TestPassed(test, seconds, ""),
        { Skipped: true } => new TestSkipped(test, result.Message.Length > 0 ? result.Message : "Skipped by Pester."),
        _ => new TestFailed(
            test, seconds, "", [$"Pester: {result.State}"],
            [result.Message.Length > 0 ? result.Message : "What comes before the test failed."], [result.Place], [-1]),
    };
}
