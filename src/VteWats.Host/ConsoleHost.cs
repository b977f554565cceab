using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace VteWats.Host;

/// <summary>Connects the engine with the console of this process.</summary>
internal sealed class ConsoleHost : PSHost
{
    public ConsoleUi Console { get; } = new();

    /// <summary>The code of the script's <c>exit</c>; null when it did not call it.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>What cmdlets tell this host.</summary>
    public HostData Data { get; } = new();

    public override PSObject PrivateData => PSObject.AsPSObject(Data);

    public override string Name => "VteWatsAdapter";
    public override Version Version { get; } = typeof(ConsoleHost).Assembly.GetName().Version!;
    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override PSHostUserInterface UI => Console;
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;
    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    // Programs that a script starts write to the same console: nothing to save or to restore.
    public override void NotifyBeginApplication() { }
    public override void NotifyEndApplication() { }

    public override void EnterNestedPrompt() => throw new NotSupportedException("VteWatsAdapter runs scripts; it has no prompt.");
    public override void ExitNestedPrompt() => throw new NotSupportedException("VteWatsAdapter runs scripts; it has no prompt.");
}
