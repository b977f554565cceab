using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;

namespace VteWats.Host;

/// <summary>
/// Every stream on the console: output plain, errors red with their id and advice, warnings yellow, verbose and debug text in the usual
/// colours, progress in one line that is written over. Colours and progress are for terminals only; a log file gets neither.
/// </summary>
internal sealed class ConsoleUi : PSHostUserInterface
{
    private readonly object _gate = new();
    private readonly ConsoleScreen _screen = new();
    private readonly ProgressLine _progress = new();

    public override PSHostRawUserInterface RawUI => _screen;

    // A Windows console shows escape sequences as text unless it is told otherwise.
    public override bool SupportsVirtualTerminal => !Console.IsOutputRedirected && !OperatingSystem.IsWindows();

    public void WriteError(ErrorRecord record)
    {
        var text = record.ErrorDetails?.Message is { Length: > 0 } details ? details : record.Exception?.Message ?? record.ToString();
        var id = record.FullyQualifiedErrorId.Split(',')[0];
        Line(Console.Error, $"ERROR [{id}] {text}", ConsoleColor.Red);
        if (record.ErrorDetails?.RecommendedAction is { Length: > 0 } advice)
            Line(Console.Error, $"  What to do: {advice}", ConsoleColor.Red);
        if (record.InvocationInfo is { ScriptLineNumber: > 0 } place)
            Line(Console.Error, string.Create(CultureInfo.InvariantCulture,
                $"  At {(place.ScriptName is { Length: > 0 } s ? s : "command")}, line {place.ScriptLineNumber}"), ConsoleColor.Red);
    }

    public void ClearProgress()
    {
        lock (_gate) _progress.Clear();
    }

    public override void Write(string value) => Text(value, null);
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Text(value, foregroundColor);
    public override void WriteLine(string value) => Line(Console.Out, value, null);
    public override void WriteErrorLine(string value) => Line(Console.Error, value, ConsoleColor.Red);
    public override void WriteWarningLine(string message) => Line(Console.Error, $"WARNING: {message}", ConsoleColor.Yellow);
    public override void WriteVerboseLine(string message) => Line(Console.Error, $"VERBOSE: {message}", ConsoleColor.Cyan);
    public override void WriteDebugLine(string message) => Line(Console.Error, $"DEBUG: {message}", ConsoleColor.DarkGray);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        lock (_gate) _progress.Show(record);
    }

    public override string ReadLine() => Interactive("an answer").ReadLine() ?? throw NoInput("an answer");

    public override SecureString ReadLineAsSecureString()
    {
        Interactive("a secret");
        var secret = new SecureString();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key != ConsoleKey.Backspace) secret.AppendChar(key.KeyChar);
            else if (secret.Length > 0) secret.RemoveAt(secret.Length - 1);
        }
        Console.WriteLine();
        return secret;
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        Interactive(string.Join(", ", descriptions.Select(d => d.Name)));
        var answers = new Dictionary<string, PSObject>();
        foreach (var field in descriptions)
        {
            Write($"{field.Name}: ");
            answers[field.Name] = field.ParameterTypeName == nameof(SecureString) ? PSObject.AsPSObject(ReadLineAsSecureString())
                : PSObject.AsPSObject(ReadLine());
        }
        return answers;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        if (Console.IsInputRedirected) throw NoInput($"a confirmation ({caption} {message})");
        WriteLine(caption);
        WriteLine(message);
        var labels = choices.Select(c => c.Label.Replace("&", "", StringComparison.Ordinal)).ToList();
        var keys = choices.Select(c => HotKey(c.Label)).ToList();
        while (true)
        {
            Write(string.Join("  ", labels.Select((label, i) => $"[{keys[i]}] {label}"))
                + (defaultChoice >= 0 ? $" (default is \"{keys[defaultChoice]}\"): " : ": "));
            var answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0) return defaultChoice;
            var chosen = keys.FindIndex(k => string.Equals(k, answer, StringComparison.OrdinalIgnoreCase));
            if (chosen < 0) chosen = labels.FindIndex(l => string.Equals(l, answer, StringComparison.OrdinalIgnoreCase));
            if (chosen >= 0) return chosen;
        }
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options)
    {
        Interactive("a credential");
        WriteLine(message);
        if (string.IsNullOrEmpty(userName))
        {
            Write("User: ");
            userName = ReadLine();
        }
        Write($"Password for {userName}: ");
        return new PSCredential(userName, ReadLineAsSecureString());
    }

    private static string HotKey(string label)
    {
        var mark = label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < label.Length ? label.Substring(mark + 1, 1).ToUpperInvariant() : label;
    }

    private static TextReader Interactive(string what) => Console.IsInputRedirected ? throw NoInput(what) : Console.In;

    private static PSInvalidOperationException NoInput(string what) =>
        new($"The script asks for {what}, and nobody is there to answer. Give it as a parameter; for a confirmation, -Confirm:$false.");

    // The formatter decorates its tables whatever the host can do: a file gets the bare text.
    private static string Plain(bool redirected, string value) =>
        redirected && value.Contains('\x1b', StringComparison.Ordinal) ? new StringDecorated(value).ToString(OutputRendering.PlainText)
        : value;

    private void Text(string value, ConsoleColor? colour)
    {
        lock (_gate)
        {
            _progress.Clear();
            Coloured(Console.Out, colour, () => Console.Out.Write(Plain(Console.IsOutputRedirected, value)));
        }
    }

    private void Line(TextWriter writer, string value, ConsoleColor? colour)
    {
        lock (_gate)
        {
            _progress.Clear();
            Coloured(writer, colour,
                () => writer.WriteLine(Plain(writer == Console.Error ? Console.IsErrorRedirected : Console.IsOutputRedirected, value)));
        }
    }

    private static void Coloured(TextWriter writer, ConsoleColor? colour, Action write)
    {
        var redirected = ReferenceEquals(writer, Console.Error) ? Console.IsErrorRedirected : Console.IsOutputRedirected;
        if (colour is null || redirected)
        {
            write();
            return;
        }
        Console.ForegroundColor = colour.Value;
        write();
        Console.ResetColor();
    }
}
