using System.Globalization;
using System.Security;
using System.Text;

namespace VteWats.Core.Sync.Tasks;

/// <summary>A sync that the system's scheduler runs at an interval: what has to be written for it, and what has to be called.</summary>
public sealed record ScheduledSync
{
    /// <summary>Name of the task: letters, digits, '-', '_' and '.'.</summary>
    public required string Name { get; init; }

    public required string Site { get; init; }

    /// <summary>The program: pwsh or VteWatsAdapter.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments, not yet quoted.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    public required TimeSpan Interval { get; init; }

    /// <summary>Account that it runs as; the system's scheduler decides when null.</summary>
    public string? User { get; init; }

    private string Description => $"Uploads the VTE test runs of {Site} to WATS";

    /// <summary>True for a task that is registered for the same site, by the text of its unit or of its XML.</summary>
    public bool IsOf(string registered) =>
        registered.Contains(Unit(Description), StringComparison.OrdinalIgnoreCase)
        || registered.Contains(Xml(Description), StringComparison.OrdinalIgnoreCase);

    /// <summary>True when the scheduler's answer is a task that is not this site's. An empty answer is not a task.</summary>
    public bool IsTakenByAnother(string? registered) => !string.IsNullOrWhiteSpace(registered) && !IsOf(registered);

    /// <summary>The service unit and the timer unit of systemd.</summary>
    /// <param name="folder">Where units lie: <c>/etc/systemd/system</c>, or the user's.</param>
    public IReadOnlyList<TaskFile> SystemdUnits(string folder) =>
    [
        new(Path.Combine(folder, Name + ".service"), Lines(
            "[Unit]",
            $"Description={Unit(Description)}",
            "Wants=network-online.target",
            "After=network-online.target",
            "",
            "[Service]",
            "Type=oneshot",
            $"ExecStart={string.Join(' ', Arguments.Prepend(Program).Select(SystemdQuoted))}",
            User is null ? null : $"User={Unit(User)}",
            // 10: some runs went to the dead letters; 20: another sync was at work. Neither is a failed service.
            "SuccessExitStatus=10 20",
            "TimeoutStopSec=30",
            "Environment=POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off")),
        new(Path.Combine(folder, Name + ".timer"), Lines(
            "[Unit]",
            $"Description={Unit(Description)}",
            "",
            "[Timer]",
            "OnBootSec=1min",
            string.Create(CultureInfo.InvariantCulture, $"OnUnitInactiveSec={(long)Interval.TotalSeconds}s"),
            string.Create(CultureInfo.InvariantCulture, $"RandomizedDelaySec={Math.Max(1, (long)(Interval.TotalSeconds / 10))}s"),
            "",
            "[Install]",
            "WantedBy=timers.target")),
    ];

    /// <summary>The definition for the Windows Task Scheduler.</summary>
    /// <param name="folder">Where the file lies until it is registered.</param>
    /// <param name="start">First run.</param>
    public TaskFile TaskSchedulerXml(string folder, DateTimeOffset start) => new(Path.Combine(folder, Name + ".xml"), Lines(
        """<?xml version="1.0" encoding="UTF-8"?>""",
        """<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">""",
        $"  <RegistrationInfo><Description>{Xml(Description)}</Description></RegistrationInfo>",
        "  <Triggers>",
        "    <TimeTrigger>",
        string.Create(CultureInfo.InvariantCulture,
        $"      <Repetition><Interval>PT{(long)Interval.TotalMinutes}M</Interval>"
        + $"<StopAtDurationEnd>false</StopAtDurationEnd></Repetition>"),
        $"      <StartBoundary>{start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}</StartBoundary>",
        "      <Enabled>true</Enabled>",
        "    </TimeTrigger>",
        "  </Triggers>",
        $"  <Principals><Principal "
        + $"id=\"Author\"><UserId>{Xml(User ?? "S-1-5-18")}</UserId>{(User is null ? "" : "<LogonType>S4U</LogonType>")}"
        + $"<RunLevel>LeastPrivilege</RunLevel></Principal></Principals>",
        "  <Settings>",
        "    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>",
        "    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>",
        "    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>",
        "    <StartWhenAvailable>true</StartWhenAvailable>",
        "    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>",
        "  </Settings>",
        $"  <Actions "
        + $"Context=\"Author\"><Exec><Command>{Xml(Program)}</Command>"
        + $"<Arguments>{Xml(string.Join(' ', Arguments.Select(WindowsQuoted)))}</Arguments></Exec></Actions>",
        "</Task>"));

    private static string Lines(params string?[] lines) => string.Join('\n', lines.Where(line => line is not null)) + "\n";

    // systemd reads % as a specifier, $ as a variable and the backslash as an escape.
    private static string SystemdQuoted(string argument)
    {
        var plain = argument.Length > 0
            && argument.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or ':' or ',' or '=');
        if (plain) return argument;
        var text = argument.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal);
        return $"\"{text}\"";
    }

    private static string Unit(string text) => text.Replace("%", "%%", StringComparison.Ordinal).ReplaceLineEndings(" ");

    // The rules of the C runtime: backslashes count only before a quotation mark.
    private static string WindowsQuoted(string argument)
    {
        if (argument.Length > 0 && !argument.Any(c => char.IsWhiteSpace(c) || c == '"')) return argument;
        var quoted = new StringBuilder("\"");
        var backslashes = 0;
        foreach (var c in argument)
        {
            if (c == '\\')
            {
                backslashes++;
                continue;
            }
            quoted.Append('\\', c == '"' ? backslashes * 2 + 1 : backslashes).Append(c);
            backslashes = 0;
        }
        return quoted.Append('\\', backslashes * 2).Append('"').ToString();
    }

    private static string Xml(string text) => SecurityElement.Escape(text);
}

/// <summary>A file that a scheduled task consists of.</summary>
public sealed record TaskFile(string Path, string Content);
