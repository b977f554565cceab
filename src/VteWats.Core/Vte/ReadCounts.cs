namespace VteWats.Core.Vte;

/// <summary>What became of the runs of a read session when they were read.</summary>
public sealed record ReadCounts
{
    /// <summary>Acknowledged before with the same content and passed over.</summary>
    public long Known { get; init; }

    /// <summary>Acknowledged before with another content.</summary>
    public long Changed { get; init; }

    /// <summary>New, but older than the watermark: they were written or committed late.</summary>
    public long Late { get; init; }

    /// <summary>How far behind the watermark the latest of them was.</summary>
    public TimeSpan MostLate { get; init; }

    /// <summary>Kept back: not finished, or held by a person.</summary>
    public long Held { get; init; }

    internal ReadCounts With(RunClassification run) => run.Change switch
    {
        RunChange.Known => this with { Known = Known + 1 },
        RunChange.Changed => this with { Changed = Changed + 1 },
        RunChange.Late => this with { Late = Late + 1, MostLate = run.Lateness > MostLate ? run.Lateness : MostLate },
        RunChange.Held => this with { Held = Held + 1 },
        _ => this,
    };

    internal ReadCounts And(ReadCounts other) => new()
    {
        Known = Known + other.Known, Changed = Changed + other.Changed, Late = Late + other.Late, Held = Held + other.Held,
        MostLate = MostLate > other.MostLate ? MostLate : other.MostLate,
    };
}
