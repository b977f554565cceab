using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace VteWats.Host;

/// <summary>What to run: a script file or a command text, with arguments for its parameters.</summary>
internal sealed record CommandLine(string? Script, string? Command, IReadOnlyList<string> Arguments)
{
    public const string Usage = """
        VteWatsAdapter runs a PowerShell script with the VteWats module loaded. It needs no installed PowerShell.

          VteWatsAdapter SCRIPT.ps1 [arguments]
          VteWatsAdapter -File SCRIPT.ps1 [arguments]
          VteWatsAdapter -Command "TEXT" [arguments]
          VteWatsAdapter sync [arguments of Invoke-VteWatsSync]
          VteWatsAdapter service [arguments of Start-VteWatsSync]

        Arguments: -Name value, -Name:value, -Switch, or values by position; a comma parts the values of a list parameter.
        Exit code: the script's own (exit n); else that of Invoke-VteWatsSync in it (10 to 50); else 0, 1 when an error was shown,
        130 when stopped, 64 for a wrong command line.
        """;

    private static readonly Dictionary<string, string> Verbs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sync"] = "Invoke-VteWatsSync", ["service"] = "Start-VteWatsSync",
    };

    /// <summary>True where the command is the name of a cmdlet, and the arguments are that one's.</summary>
    public bool IsCmdlet { get; init; }

    public static CommandLine Parse(string[] args)
    {
        if (args.Length == 0 || args[0] is "-?" or "-h" or "--help" or "-Help") return new CommandLine(null, null, []);
        if (Is(args[0], "-Command") || Is(args[0], "-c"))
            return args.Length > 1 ? new CommandLine(null, args[1], args[2..])
                : throw new ArgumentException("-Command needs the text to run.");
        if (Verbs.TryGetValue(args[0], out var cmdlet) && !File.Exists(args[0]))
            return new CommandLine(null, cmdlet, args[1..]) { IsCmdlet = true };
        var file = Is(args[0], "-File") || Is(args[0], "-f") ? 1 : 0;
        if (file >= args.Length) throw new ArgumentException("-File needs the script to run.");
        if (file == 0 && args[0].StartsWith('-')) throw new ArgumentException($"{args[0]} is not an option of this program.");
        var script = Path.GetFullPath(args[file]);
        if (!File.Exists(script)) throw new ArgumentException($"There is no script {script}.");
        return new CommandLine(script, null, args[(file + 1)..]);
    }

    /// <summary>The command with its arguments, bound as PowerShell binds those of a script that a shell starts.</summary>
    public Command ToCommand()
    {
        var command = Script is { } script ? new Command(script) : IsCmdlet ? new Command(Command!) : new Command(Command!,
            isScript: true, useLocalScope: false);
        var parameters = Ast().ParamBlock?.Parameters ?? [];
        for (var i = 0; i < Arguments.Count; i++)
        {
            var argument = Arguments[i];
            if (!IsName(argument))
            {
                command.Parameters.Add(null, argument);
                continue;
            }
            var colon = argument.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? argument : argument[..colon];
            if (colon >= 0) command.Parameters.Add(name, Value(name, argument[(colon + 1)..]));
            else if (IsList(name) && i + 1 < Arguments.Count && !IsName(Arguments[i + 1]))
                command.Parameters.Add(name, Value(name, Arguments[++i]));
            // With its dash the name takes the argument after it unless it is a switch: the engine decides.
            else command.Parameters.Add(new CommandParameter(name));
        }
        return command;

        bool IsList(string name) => parameters.Any(p => p.StaticType.IsArray && Is(name, "-" + p.Name.VariablePath.UserPath));

        object Value(string name, string text) => text.ToUpperInvariant() switch
        {
            // The words that PowerShell itself takes for values on a command line; everything else is text for the binder to convert.
            "$TRUE" => true,
            "$FALSE" => false,
            _ => IsList(name) ? text.Split(',') : text,
        };
    }

    /// <summary>Whether the text has an <c>exit</c> of its own: a program's exit code in <c>$LASTEXITCODE</c> is not the
    /// script's.</summary>
    public bool SaysExit => Ast().Find(a => a is ExitStatementAst, searchNestedScriptBlocks: true) is not null;

    private ScriptBlockAst Ast() => Script is null ? Parser.ParseInput(Command, out _, out _) : Parser.ParseFile(Script, out _, out _);

    private static bool Is(string argument, string name) => string.Equals(argument, name, StringComparison.OrdinalIgnoreCase);

    // A negative number is a value; a dash and a letter is a name.
    private static bool IsName(string argument) =>
        argument.Length > 1 && argument[0] == '-' && (char.IsLetter(argument[1]) || argument[1] == '_');
}
