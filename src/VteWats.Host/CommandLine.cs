namespace VteWats.Host;

/// <summary>What to run: a script file or a command text, with arguments for its parameters.</summary>
internal sealed record CommandLine(string? Script, string? Command, IReadOnlyList<ScriptArgument> Arguments)
{
    public const string Usage = """
        VteWatsAdapter runs a PowerShell script with the VteWats module loaded. It needs no installed PowerShell.

          VteWatsAdapter SCRIPT.ps1 [arguments]
          VteWatsAdapter -File SCRIPT.ps1 [arguments]
          VteWatsAdapter -Command "TEXT" [arguments]

        Arguments: -Name value, -Name:value, -Switch, or values by position; a comma parts the values of a list.
        Exit code: the script's own (exit n); 1 after an error that it did not catch; 130 when stopped; 64 for a wrong command line.
        """;

    public static CommandLine Parse(string[] args)
    {
        if (args.Length == 0 || args[0] is "-?" or "-h" or "--help" or "-Help") return new CommandLine(null, null, []);
        if (Is(args[0], "-Command") || Is(args[0], "-c"))
            return args.Length > 1 ? new CommandLine(null, args[1], Bind(args[2..])) : throw new ArgumentException("-Command needs the text to run.");
        var file = Is(args[0], "-File") || Is(args[0], "-f") ? 1 : 0;
        if (file >= args.Length) throw new ArgumentException("-File needs the script to run.");
        var script = Path.GetFullPath(args[file]);
        if (!File.Exists(script)) throw new ArgumentException($"There is no script {script}.");
        return new CommandLine(script, null, Bind(args[(file + 1)..]));
    }

    private static bool Is(string argument, string name) => string.Equals(argument, name, StringComparison.OrdinalIgnoreCase);

    private static List<ScriptArgument> Bind(string[] args)
    {
        var bound = new List<ScriptArgument>();
        for (var i = 0; i < args.Length; i++)
        {
            if (!IsName(args[i]))
            {
                bound.Add(new ScriptArgument(null, Value(args[i])));
                continue;
            }
            var colon = args[i].IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) bound.Add(new ScriptArgument(args[i][1..colon], Value(args[i][(colon + 1)..])));
            else if (i + 1 < args.Length && !IsName(args[i + 1])) bound.Add(new ScriptArgument(args[i][1..], Value(args[++i])));
            else bound.Add(new ScriptArgument(args[i][1..], true));
        }
        return bound;
    }

    // A negative number is a value; a dash and a letter is a name.
    private static bool IsName(string argument) => argument.Length > 1 && argument[0] == '-' && (char.IsLetter(argument[1]) || argument[1] == '_');

    /// <summary>The words that PowerShell itself takes for values on a command line; everything else is text for the parameter binder to convert.</summary>
    private static object Value(string text) => text.ToUpperInvariant() switch
    {
        "$TRUE" => true,
        "$FALSE" => false,
        _ when text.Contains(',', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) => text.Split(','),
        _ => text,
    };
}

/// <summary>An argument by name, or by position when <paramref name="Name"/> is null.</summary>
internal sealed record ScriptArgument(string? Name, object Value);
