using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats.Sending;

namespace VteWats.Core.Sync;

/// <summary>Where a sync begins to read, and how its progress is kept: the live watermark, or the place of a backfill.</summary>
internal abstract class SitePosition
{
    /// <summary>What to read.</summary>
    public abstract TestRunQuery Query { get; }

    /// <summary>Place when the sync began.</summary>
    public abstract DateTime? From { get; }

    /// <summary>Place by now.</summary>
    public abstract DateTime? To { get; }

    /// <summary>The reading, once it has begun.</summary>
    public abstract ReadSession? Session { get; }

    /// <summary>Told of every run that is read.</summary>
    public virtual void Saw(VteTestRun run) { }

    /// <summary>Keeps on disk how far the reading is acknowledged.</summary>
    public abstract void Save(ReadSession reading);

    /// <summary>Everything was read and acknowledged.</summary>
    public virtual void Finish() { }
}

/// <summary>The live watermark.</summary>
internal sealed class LivePosition : SitePosition
{
    private readonly WatermarkStore _store;
    private readonly string _target;
    private readonly GuardBand _band;
    private DateTime? _to;

    public LivePosition(SyncServices parts, SyncRequest options, SiteClock clock)
    {
        _store = new WatermarkStore(parts.StateFolder, parts.Site.Name, parts.Time);
        _target = parts.Target;
        var start = options.InitialSince ?? (parts.Site.InitialSince is { } text ? SiteTime.ToInstant(text, clock) : null);
        var band = new GuardBand(
            parts.Site.Name, _store.Load(), start, clock, TimeSpan.FromMinutes(parts.Sync.GuardBandMinutes), parts.Target,
            parts.Sync.BatchSize + WatsSender.MostUnderWay);
        _band = band;
        Query = new TestRunQuery { Since = band.ReadFrom, Checkpoint = band, Resend = options.Force };
        _to = From = band.Watermark?.Position?.Timestamp;
    }

    public override TestRunQuery Query { get; }
    public override DateTime? From { get; }
    public override DateTime? To => _to;
    public override ReadSession? Session => _band.Session;

    public override void Save(ReadSession reading) => _to = _store.Advance(reading, _target)?.Position?.Timestamp ?? _to;
}

/// <summary>
/// The place of a backfill, in a file of its own that is named by what is asked for: the same question goes on where it stopped, another
/// one has its own place. Gone when the backfill is through.
/// </summary>
internal sealed class BackfillPosition : SitePosition
{
    private readonly StateFile<Backfill> _file;
    private readonly Queue<(long Ordinal, RunPosition Place)> _seen = new();
    private readonly bool _force;
    private Backfill _backfill;
    private ReadSession? _reading;

    public BackfillPosition(SyncServices parts, SyncRequest options, string source, DateTimeOffset settled)
    {
        var range = options.Backfill!;
        _force = options.Force;
        // What was sent without -Force before is not what -Force asks for: it begins at the beginning.
        var path = new SiteFiles(parts.StateFolder, parts.Site.Name).Backfill(options.Force ? KeyOf(range) + "-force" : KeyOf(range));
        var advice = $"Remove {path} and {path}.previous to begin this backfill from the start: runs that are in WATS are not sent twice.";
        _file = new StateFile<Backfill>(path, "VteWats.Backfill", 1, StateJson.Default.Backfill, advice);
        var target = Watermark.TargetOf(parts.Target);
        _backfill = _file.Read()
            ?? new Backfill(parts.Site.Name, source, target, range.Since, range.Until ?? settled, range.NewestFirst, null);
        if (_backfill.Source != source || _backfill.Target != target) throw new VteWatsException(
            ErrorKind.StateForeign,
            $"The unfinished backfill of '{parts.Site.Name}' in {_file.Path} counts for {_backfill.Source} and {_backfill.Target}, not "
            + $"for {source} and {target}.",
            $"Use the state folder that belongs to it. {advice}", _file.Path);
        From = _backfill.Place?.Timestamp;
    }

    public override TestRunQuery Query =>
        new() { Since = _backfill.Since, Until = _backfill.Until, After = _backfill.Place, NewestFirst = _backfill.NewestFirst,
        Resend = _force };
    public override DateTime? From { get; }
    public override DateTime? To => _backfill.Place?.Timestamp;
    public override ReadSession? Session => _reading;

    /// <summary>One backfill is told from another by what was asked for.</summary>
    public static string KeyOf(BackfillRange range)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{range.Since.UtcDateTime:O} {range.Until?.UtcDateTime:O} {range.NewestFirst}");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8].ToLowerInvariant();
    }

    public override void Saw(VteTestRun run)
    {
        _reading = run.Mark!.Session;
        lock (_seen) _seen.Enqueue((run.Mark.Sequence, new RunPosition(run.Timestamp, run.Id)));
    }

    public override void Save(ReadSession reading)
    {
        var place = _backfill.Place;
        var prefix = reading.AcknowledgedPrefix;
        lock (_seen)
        {
            while (_seen.TryPeek(out var next) && next.Ordinal < prefix) place = _seen.Dequeue().Place;
        }
        if (place == _backfill.Place) return;
        _backfill = _backfill with { Place = place };
        _file.Write(_backfill);
    }

    public override void Finish() => _file.Delete();
}

/// <summary>A backfill on its way.</summary>
internal sealed record Backfill(
    string Site, string Source, string Target, DateTimeOffset Since, DateTimeOffset Until, bool NewestFirst, RunPosition? Place);
