namespace VteWats.Core.Vte.Reading;

/// <summary>
/// How many runs the next page takes: about <see cref="TargetRows"/> rows and <see cref="TargetBytes"/> bytes, whatever the number of
/// steps a run has. That bounds the memory of a page, and the time that a statement takes.
/// </summary>
internal sealed class PageSize
{
    public const int TargetRows = 8_000;
    public const long TargetBytes = 8 << 20;
    public const int Largest = 1_000;

    private readonly int _fixed;

    /// <param name="fixedRuns">Always so many runs; 0 to adapt.</param>
    public PageSize(int fixedRuns = 0)
    {
        _fixed = fixedRuns;
        Runs = fixedRuns > 0 ? fixedRuns : 50;
    }

    public int Runs { get; private set; }

    public void Learn(int runs, long rows, long bytes)
    {
        if (_fixed > 0 || runs == 0) return;
        var byRows = (double)TargetRows / Math.Max(1, (double)rows / runs);
        var byBytes = (double)TargetBytes / Math.Max(1, (double)bytes / runs);
        Runs = (int)Math.Clamp(Math.Min(byRows, byBytes), 1, Math.Min(Largest, Runs * 4));
    }

    /// <summary>A page took longer than a statement may.</summary>
    public void Shrink() => Runs = Math.Max(1, Runs / 4);
}
