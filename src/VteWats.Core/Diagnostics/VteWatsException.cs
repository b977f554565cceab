namespace VteWats.Core.Diagnostics;

/// <summary>
/// A failure that is told to the user: what happened, to which run or file, and what to do about it.
/// <see cref="Error"/> fixes the stable error id, the category and whether the failure ends the pipeline.
/// </summary>
public class VteWatsException : Exception
{
    private readonly IReadOnlyList<string>? _findings;

    public VteWatsException(ErrorKind error, string message, string advice, object? target = null, Exception? inner = null)
        : base(Shown(message), inner)
    {
        Error = error;
        Advice = Shown(advice);
        Target = target;
    }

    /// <summary>The stable id, category and weight of the failure.</summary>
    public ErrorKind Error { get; }

    /// <summary>What the user should do, in a sentence that can be followed as it stands.</summary>
    public string Advice { get; }

    /// <summary>What was found, one finding an entry, without the name of <see cref="Target"/>: the same for all that fail in the same
    /// way.</summary>
    public IReadOnlyList<string> Findings
    {
        get => _findings ?? [Message];
        init => _findings = [.. value.Select(Shown)];
    }

    /// <summary>The run id, file or server that the failure is about.</summary>
    public object? Target { get; }

    // Errors go to consoles and logs, and quote what stations and servers wrote.
    private static string Shown(string text) => PrintableText.Lines(SecretMask.Scrub(text));
}
