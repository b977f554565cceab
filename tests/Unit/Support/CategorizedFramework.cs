using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("VteWats.Unit.Support.CategorizedFramework", "VteWats.Unit")]

namespace VteWats.Unit.Support;

/// <summary>
/// xUnit, with a category for each test: <c>Process</c> (starts programs) and <c>Long</c> (minutes) by their trait, <c>SqlServer</c> by its
/// attribute, and <c>Fast</c> by none of them.
/// </summary>
public sealed class CategorizedFramework(IMessageSink diagnostics) : XunitTestFramework(diagnostics)
{
    public const string Category = "Category";

    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new Discoverer(assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Discoverer(IAssemblyInfo assembly, ISourceInformationProvider sources, IMessageSink diagnostics)
        : XunitTestFrameworkDiscoverer(assembly, sources, diagnostics)
    {
        protected override bool FindTestsForType(
            ITestClass testClass, bool includeSourceInformation, IMessageBus messageBus, ITestFrameworkDiscoveryOptions discoveryOptions) =>
            base.FindTestsForType(testClass, includeSourceInformation, new Bus(messageBus), discoveryOptions);
    }

    private sealed class Bus(IMessageBus next) : IMessageBus
    {
        public bool QueueMessage(IMessageSinkMessage message)
        {
            if (message is ITestCaseDiscoveryMessage { TestCase: { } test } && !test.Traits.ContainsKey(Category))
            {
                var method = test.TestMethod.Method.ToRuntimeMethod();
                test.Traits[Category] = [method.IsDefined(typeof(SqlServerFactAttribute)) ? "SqlServer" : "Fast"];
            }
            return next.QueueMessage(message);
        }

        public void Dispose()
        {
        }
    }
}
