using VteWats.Core.Diagnostics;
using VteWats.Core.IO;
using VteWats.Core.Vte;

namespace VteWats.Core.Sync.State;

/// <summary>
/// The watermark of one site on disk. Every change reads the file, changes it and writes it under a short lock, so that two pipelines of
/// one site cannot undo each other's progress.
/// </summary>
public sealed class WatermarkStore
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(15);

    private readonly SiteFiles _files;
    private readonly TimeProvider _time;
    private readonly StateFile<Watermark> _file;

    public WatermarkStore(string stateFolder, string site, TimeProvider? time = null)
    {
        _files = new SiteFiles(stateFolder, site);
        _time = time ?? TimeProvider.System;
        _file = new StateFile<Watermark>(
            _files.Watermark, "VteWats.Watermark", 1, StateJson.Default.Watermark,
            $"The copy before the last change is {_files.Watermark}.previous. Undo-VteWatermark goes back to it, Set-VteWatermark "
            + "-Timestamp sets a position by hand, "
            + "and Reset-VteWatermark starts over; each keeps the unreadable file as .damaged. Runs that are read again are found in "
            + "WATS and not sent twice.");
    }

    public string Path => _file.Path;

    /// <summary>The watermark; null before the first sync.</summary>
    /// <exception cref="VteWatsException"><c>StateUnreadable</c>, <c>StateNewer</c>, <c>StateForeign</c> (of another site).</exception>
    public Watermark? Load()
    {
        var watermark = _file.Read();
        if (watermark is not null && !string.Equals(watermark.Site, _files.Site, StringComparison.OrdinalIgnoreCase))
        {
            throw new VteWatsException(
                ErrorKind.StateForeign, $"The state file {Path} belongs to the site '{watermark.Site}', not to '{_files.Site}'.",
                $"Put back the file of this site, or its copy {_file.PreviousPath}. Reset-VteWatermark -Site {_files.Site} starts over "
                + "and keeps this file.", Path);
        }
        return watermark;
    }

    /// <summary>Moves the watermark over the acknowledged prefix of a reading. Does nothing when there is nothing new to keep.</summary>
    /// <param name="reading">A reading that began at the watermark.</param>
    /// <param name="target">Base URL of the WATS server that the runs went to.</param>
    /// <exception cref="VteWatsException">
    /// <c>InvalidArgument</c>: the reading did not begin at the watermark; <c>StateForeign</c>; <c>WatermarkMoved</c>: somebody set the
    /// watermark by hand
    /// since the reading began, or it is further back than the reading's begin; <c>StateNotWritable</c>.
    /// </exception>
    public Watermark? Advance(ReadSession reading, string target)
    {
        if (reading.Checkpoint is not GuardBand band) throw new VteWatsException(
            ErrorKind.InvalidArgument,
            $"The runs of '{reading.Site}' were not read from the watermark on, or only some of them were read: moving the watermark "
            + "over them could leave runs out.",
            "Begin the pipeline with Get-VteWatermark | Get-VteTestRun and without other conditions, or set a position by hand with "
            + "-Timestamp and -Reason.", reading.Site);
        var pending = reading.Pending();
        if (pending.Count == 0) return null;
        var server = Watermark.TargetOf(target);
        return Change(() =>
        {
            var before = Load();
            if ((before?.Generation ?? 0) != (band.Watermark?.Generation ?? 0)) throw new VteWatsException(
                ErrorKind.WatermarkMoved,
                $"The watermark of '{_files.Site}' was set by hand while this reading was under way. It stays as it was set.",
                "Run the sync again: it goes on from the new position.", _files.Site);
            if (band.LeavesOut(before?.Position)) throw new VteWatsException(
                ErrorKind.WatermarkMoved,
                $"The watermark of '{_files.Site}' in {Path} is further back than the place where this reading began: the runs between "
                + "them were not read. It stays where it is.",
                "Begin the pipeline with Get-VteWatermark itself, not with a watermark that was kept or that comes from another state "
                + "folder.", _files.Site);
            if (before?.Position is not null && !(before.CountsFor(reading.SourceIdentity) && before.CountsForTarget(server)))
                throw new VteWatsException(
                ErrorKind.StateForeign,
                $"The watermark of '{_files.Site}' counts for {before.Source} and {before.Target}, but these runs went from "
                + $"{reading.SourceIdentity} to {server}.",
                $"Use another state folder for another source or server. Set-VteWatermark -Timestamp ... -Reason ... takes this one "
                + $"over. The file is {Path}.", Path);

            var last = pending[^1];
            var from = before?.Position;
            // Inside the guard band the prefix is still behind the position.
            var to = from is not null && last.Timestamp < from.Timestamp ? from
                : new WatermarkPosition(last.Timestamp, last.Id, last.Start);
            var oldest = band.OldestLocal(to);
            var known = (before?.Known ?? []).ToDictionary(run => run.Id);
            foreach (var run in pending) known[run.Id] = new KnownRun(run.Id, run.Timestamp, run.Hash);
            var after = new Watermark
            {
                Site = _files.Site,
                Source = reading.SourceIdentity,
                Target = server,
                Position = to,
                Generation = before?.Generation ?? 0,
                Known = [.. known.Values.Where(run => run.Timestamp >= oldest).OrderBy(run => run.Timestamp).ThenBy(run => run.Id)],
                History = to == from ? before!.History : Entered(before, from, to, "sync", reading.Id),
            };
            if (before is null || after.Position != before.Position || !after.Known.SequenceEqual(before.Known)) _file.Write(after);
            reading.Forget(pending.Count);
            return after;
        });
    }

    /// <summary>
    /// Sets the position by hand. Whoever does so vouches for it: source and WATS server are those of the next sync, and WATS is asked
    /// about every run of the guard band again.
    /// </summary>
    public Watermark Set(WatermarkPosition position, string why) => ByHand(position, why);

    /// <summary>Goes back to where the watermark was before its last change; from an unreadable file to the copy beside it.</summary>
    /// <exception cref="VteWatsException"><c>WatermarkMissing</c>: there is nothing to go back to.</exception>
    public Watermark Undo(string why) => Change(() =>
    {
        if (Readable() is { } current)
        {
            var taken = LastStanding(current.History) ?? throw NothingBefore();
            // What lies behind the old place counts as done no longer: the next sync asks WATS about it instead of passing it over.
            return Write(
                current, current with { Position = taken.From,
                Known = [.. current.Known.Select(run => run.Timestamp <= taken.From?.Timestamp ? run : run with { Ask = true })] }, why,
                    undo: true);
        }
        var previous = _file.ReadPrevious() ?? throw NothingBefore();
        _file.SetAside(_time.GetUtcNow());
        return Write(previous, previous, why);
    });

    // Each undo takes back one change that was not taken back before.
    private static WatermarkChange? LastStanding(IReadOnlyList<WatermarkChange> history)
    {
        var taken = 0;
        for (var i = history.Count - 1; i >= 0; i--)
        {
            if (history[i].Undo) taken++;
            else if (taken == 0) return history[i];
            else taken--;
        }
        return null;
    }

    /// <summary>Takes the position away. The next sync begins as a first one.</summary>
    public Watermark Reset(string why) => ByHand(null, why);

    private Watermark ByHand(WatermarkPosition? position, string why) => Change(() =>
    {
        var before = Readable();
        if (before is null) _file.SetAside(_time.GetUtcNow());
        return Write(before, new Watermark
        {
            Site = _files.Site, Source = "", Target = "", Position = position,
            Known = [.. (before?.Known ?? []).Select(run => run with { Ask = true })],
        }, why);
    });

    private Watermark Write(Watermark? before, Watermark changed, string why, bool undo = false)
    {
        var entry = new WatermarkChange(_time.GetUtcNow(), Who, before?.Position, changed.Position, why, Undo: undo);
        var after = changed with
        {
            Generation = (before?.Generation ?? NewGeneration()) + 1,
            History = Watermark.Kept((before?.History ?? []).Append(entry)),
        };
        _file.Write(after);
        return after;
    }

    // After an unreadable file the old number is not known: a reading that began before must not find its own again.
    private int NewGeneration() => (int)(_time.GetUtcNow().ToUnixTimeSeconds() / 60);

    private Watermark? Readable()
    {
        try
        {
            return Load();
        }
        catch (VteWatsException e) when (e.Error == ErrorKind.StateUnreadable || e.Error == ErrorKind.StateForeign
            || e.Error == ErrorKind.StateNewer)
        {
            return null;
        }
    }

    private IReadOnlyList<WatermarkChange> Entered(Watermark? before, WatermarkPosition? from, WatermarkPosition to, string why,
        Guid reading)
    {
        var history = before?.History ?? [];
        var last = history.Count > 0 ? history[^1] : null;
        var entry = new WatermarkChange(_time.GetUtcNow(), Who, last?.Session == reading ? last.From : from, to, why, reading);
        return Watermark.Kept((last?.Session == reading ? history.SkipLast(1) : history).Append(entry));
    }

    private T Change<T>(Func<T> change)
    {
        using var alone = Wait();
        return change();
    }

    private FileStream Wait()
    {
        try
        {
            return FileLock.Wait(_files.WriteLock, LockPatience);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StateFile<Watermark>.NotWritable(_files.WriteLock, e);
        }
    }

    private VteWatsException NothingBefore() => new(
        ErrorKind.WatermarkMissing, $"The watermark of '{_files.Site}' has no earlier position to go back to.",
        $"Set one with Set-VteWatermark -Site {_files.Site} -Timestamp ... -Reason ...", _files.Site);

    private static string Who => $"{Environment.UserName}@{Environment.MachineName}";
}
