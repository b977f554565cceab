using System.Reflection;
using System.Runtime.CompilerServices;
using VteWats.Core.Diagnostics;
using VteWats.Core.IO;
using VteWats.Core.Sync.State;

namespace VteWats.Core.Sync.DeadLetters;

/// <summary>
/// The dead letters of one site: one sealed file a run in <c>dead-letters/SITE</c> of the state folder, written atomically. When the folder
/// is full or cannot be written to, that is an error: a run without a letter is not acknowledged.
/// </summary>
public sealed class DeadLetterStore
{
    private const string Format = "VteWats.DeadLetter";
    private const int FormatVersion = 1;
    private const string Suffix = ".json";
    private const string DamagedSuffix = ".damaged";

    private static readonly string Release =
        typeof(DeadLetterStore).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private readonly object _gate = new();
    private readonly string _site;
    private readonly int _maxCount;
    private readonly long _maxBytes;
    private readonly TimeProvider _time;
    private (int Count, long Bytes)? _held;

    public DeadLetterStore(string stateFolder, string site, DeadLetterLimits? limits = null, TimeProvider? time = null)
    {
        limits ??= new DeadLetterLimits();
        _site = site;
        _maxCount = limits.Count;
        _maxBytes = limits.Bytes;
        _time = time ?? TimeProvider.System;
        Folder = new SiteFiles(stateFolder, site).DeadLetters;
    }

    public string Folder { get; }

    /// <summary>Writes the letter of a run, over the one that is there: attempts add up and the first failure is kept. On disk when the
    /// task ends.</summary>
    /// <exception cref="VteWatsException"><c>DeadLettersFull</c>: the caps of the configuration are reached;
    /// <c>StateNotWritable</c>.</exception>
    public Task WriteAsync(DeadLetter letter)
    {
        lock (_gate)
        {
            var path = PathOf(letter.RunId);
            try
            {
                var now = _time.GetUtcNow();
                var (earlier, size) = Earlier(path);
                var bytes = SealedJson.Seal(Format, FormatVersion, letter with
                {
                    // A run that was sent from its letter does not know any more where it was read; one that cannot be mapped any more had
                    // a report once.
                    Source = letter.Source ?? earlier?.Source,
                    Report = letter.Report ?? earlier?.Report,
                    Attempts = letter.Attempts + (earlier?.Attempts ?? 0),
                    FirstFailed = earlier?.FirstFailed ?? now,
                    LastFailed = now,
                    Version = Release,
                }, StateJson.Default.DeadLetter);
                Reserve(letter.RunId, size is null ? 1 : 0, bytes.Length - (size ?? 0));
                AtomicFile.Write(path, bytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _held = null;
                throw new VteWatsException(
                    ErrorKind.StateNotWritable, $"The dead letter of test run {letter.RunId} cannot be written to {path}: {e.Message}",
                    "Make room on the disk, or give the account that runs this the right to write in the state folder. The run counts "
                    + "as not sent and will be read again.",
                    letter.RunId, e);
            }
        }
        return Task.CompletedTask;
    }

    /// <summary>Removes the letter of a run; false when there is none.</summary>
    public Task<bool> RemoveAsync(Guid runId)
    {
        lock (_gate)
        {
            var path = PathOf(runId);
            if (!File.Exists(path)) return Task.FromResult(false);
            Delete(path);
            _held = null;
            return Task.FromResult(true);
        }
    }

    internal static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(
                ErrorKind.StateNotWritable, $"The dead letter {path} cannot be removed: {e.Message}",
                "Give the account that runs this the right to write in the state folder.", path, e);
        }
    }

    /// <summary>The letters of a run, of whatever site: a report that comes from a file does not know its site.</summary>
    internal static IReadOnlyList<string> PathsOf(string stateFolder, Guid runId)
    {
        var all = Path.Combine(Path.GetFullPath(stateFolder), SiteFiles.AllDeadLetters);
        return Directory.Exists(all)
            ? [.. Directory.EnumerateDirectories(all).Select(site => Path.Combine(site, runId.ToString("D") + Suffix)).Where(File.Exists)]
            : [];
    }

    /// <summary>The letter of a run; null when there is none or it is damaged.</summary>
    public async Task<DeadLetter?> FindAsync(Guid runId, Func<string, Task>? warn = null) =>
        Has(runId) ? await OpenAsync(PathOf(runId), warn).ConfigureAwait(false) : null;

    /// <summary>True when there is a letter of the run.</summary>
    public bool Has(Guid runId) => File.Exists(PathOf(runId));

    /// <summary>Number of letters, the damaged ones left out.</summary>
    public int Count() => Letters().Count;

    /// <summary>All letters, in the order in which they failed last. A damaged one is renamed to <c>.damaged</c> and told to <paramref name="warn"/>;
    /// so is one that a newer release wrote.</summary>
    public async IAsyncEnumerable<DeadLetter> ReadAsync(Func<string, Task>? warn = null, [EnumeratorCancellation] CancellationToken ct =
        default)
    {
        var letters = Letters();
        if (letters.Count > 0) AtomicFile.Sweep(Folder);
        foreach (var path in letters.OrderBy(File.GetLastWriteTimeUtc).ThenBy(path => path, StringComparer.Ordinal).ToList())
        {
            ct.ThrowIfCancellationRequested();
            if (await OpenAsync(path, warn).ConfigureAwait(false) is { } letter) yield return letter;
        }
        var aside = Files("*" + DamagedSuffix).Count;
        if (aside > 0 && warn is not null)
            await warn($"{aside} damaged dead letter(s) of '{_site}' are set aside in {Folder}. Compare-VteWatsSync finds their runs, "
                + "and -Repair sends them; then the files can be deleted.").ConfigureAwait(false);
    }

    private string PathOf(Guid runId) => Path.Combine(Folder, runId.ToString("D") + Suffix);

    private List<string> Letters() => Files("*" + Suffix).FindAll(path => Path.GetFileName(path)[0] != '.');

    // A folder that one may not enter looks like none at all to Directory.Exists, and "no letters" would be a false comfort.
    private List<string> Files(string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFiles(Folder, pattern)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(
                ErrorKind.FileUnusable, $"The dead letters in {Folder} cannot be read: {e.Message}",
                "Give the account that runs this the right to read the state folder, or run it as the account that syncs.", Folder, e);
        }
    }

    private string Aside(string path)
    {
        var aside = path + DamagedSuffix;
        for (var n = 2; File.Exists(aside); n++) aside = FormattableString.Invariant($"{path}.{n}{DamagedSuffix}");
        AtomicFile.Rename(path, aside);
        _held = null;
        return Path.GetFileName(aside);
    }

    private async Task<DeadLetter?> OpenAsync(string path, Func<string, Task>? warn)
    {
        string? warning;
        try
        {
            return SealedJson.Open(Format, FormatVersion, await File.ReadAllBytesAsync(path).ConfigureAwait(false),
                StateJson.Default.DeadLetter);
        }
        catch (FileNotFoundException)
        {
            return null;   // sent or removed meanwhile
        }
        catch (BrokenSealException e) when (e.Newer)
        {
            warning = $"The dead letter {path} was written by a newer release of VteWats and is left as it is. {e.Message}";
        }
        catch (BrokenSealException e)
        {
            warning = $"The dead letter {path} is damaged and {Set(path)}. {e.Message}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warning = $"The dead letter {path} cannot be read: {e.Message} Give the account that runs this the right to read it.";
        }
        if (warn is not null) await warn(warning).ConfigureAwait(false);
        return null;
    }

    private string Set(string path)
    {
        try
        {
            return $"set aside as {Aside(path)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be set aside: {e.Message}";
        }
    }

    private (DeadLetter? Letter, long? Size) Earlier(string path)
    {
        if (!File.Exists(path)) return (null, null);
        var bytes = File.ReadAllBytes(path);
        try
        {
            return (SealedJson.Open(Format, FormatVersion, bytes, StateJson.Default.DeadLetter), bytes.Length);
        }
        catch (BrokenSealException e) when (e.Newer)
        {
            throw new VteWatsException(
                ErrorKind.StateNewer, $"The dead letter {path} was written by a newer release of VteWats and is left as it is. {e.Message}",
                "Update VteWats on this machine. The run counts as not sent and will be read again.", path, e);
        }
        catch (BrokenSealException)
        {
            Aside(path);
            return (null, null);
        }
    }

    // Counted once and kept up; counted again before anything is refused, because other processes write and remove letters too.
    private void Reserve(Guid runId, int count, long bytes)
    {
        _held ??= Measure();
        if (!Fits(_held.Value)) _held = Measure();
        if (!Fits(_held.Value))
        {
            throw new VteWatsException(
                ErrorKind.DeadLettersFull,
                $"There is no room for the dead letter of test run {runId}: '{_site}' has {_held.Value.Count} letters with "
                + $"{_held.Value.Bytes / (1024 * 1024)} MB, and {_maxCount} with {_maxBytes / (1024 * 1024)} MB are allowed.",
                $"Get-VteDeadLetter -Site {_site} -Count shows why they are there. Correct the mapping and send them with "
                + "Send-VteDeadLetter, remove them with Remove-VteDeadLetter, or raise sync.maxDeadLetters. The watermark waits before "
                + "this run.",
                runId);
        }
        _held = (_held.Value.Count + count, _held.Value.Bytes + bytes);

        // A letter that only takes the place of its older self needs no room, also where the caps were lowered meanwhile.
        bool Fits((int Count, long Bytes) held) => (count == 0 || held.Count + count <= _maxCount)
            && (bytes <= 0 || held.Bytes + bytes <= _maxBytes);
    }

    private (int Count, long Bytes) Measure()
    {
        var letters = Letters().Select(path => new FileInfo(path)).Where(file => file.Exists).ToList();
        return (letters.Count, letters.Sum(file => file.Length));
    }
}
