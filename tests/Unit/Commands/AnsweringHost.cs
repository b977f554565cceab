using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Security;
using VteWats.Unit.Support;

namespace VteWats.Unit.Commands;

/// <summary>Somebody at the keyboard: answers each question of <c>-Confirm</c> by what it is about.</summary>
internal sealed class AnsweringHost(Func<string, bool> answer) : PSHost
{
    /// <summary>What was asked, in order.</summary>
    public List<string> Questions { get; } = [];

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;
    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;
    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override string Name => "AnsweringHost";
    public override PSHostUserInterface UI => new Keyboard(this, answer);
    public override Version Version => new(1, 0);

    /// <summary>Runs a script with the module imported.</summary>
    public IReadOnlyList<PSObject> Run(string script, params (string Name, object? Value)[] arguments)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(Repository.Module);
        using var runspace = RunspaceFactory.CreateRunspace(this, state);
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(script);
        foreach (var (name, value) in arguments) shell.AddParameter(name, value);
        return [.. shell.Invoke()];
    }

    public override void EnterNestedPrompt() => throw new NotSupportedException();
    public override void ExitNestedPrompt() => throw new NotSupportedException();
    public override void NotifyBeginApplication() { }
    public override void NotifyEndApplication() { }
    public override void SetShouldExit(int exitCode) { }

    private sealed class Keyboard(AnsweringHost host, Func<string, bool> answer) : PSHostUserInterface
    {
        public override PSHostRawUserInterface RawUI => null!;

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
        {
            host.Questions.Add(message);
            var label = answer(message) ? "&Yes" : "&No";
            return choices.Select(choice => choice.Label).ToList().IndexOf(label);
        }

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
            throw new NotSupportedException();
        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
            throw new NotSupportedException();
        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName,
            PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw new NotSupportedException();
        public override string ReadLine() => throw new NotSupportedException();
        public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();
        public override void Write(string value) { }
        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) { }
        public override void WriteLine(string value) { }
        public override void WriteDebugLine(string message) { }
        public override void WriteErrorLine(string value) { }
        public override void WriteProgress(long sourceId, ProgressRecord record) { }
        public override void WriteVerboseLine(string message) { }
        public override void WriteWarningLine(string message) { }
    }
}
