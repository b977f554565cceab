namespace VteWats.Core.Vte.Reading;

/// <summary>How much of a page is read before it is abandoned and read again smaller.</summary>
/// <param name="Rows">Rows of all result sets.</param>
/// <param name="Bytes">About as many bytes as come, kept or not.</param>
/// <param name="Kept">About as many bytes as the kept values take in memory.</param>
/// <param name="ValueBytes">Bytes of one text or binary result that are kept.</param>
internal sealed record PageBudget(long Rows, long Bytes, long Kept, int ValueBytes)
{
    public static readonly PageBudget None = new(long.MaxValue, long.MaxValue, long.MaxValue, int.MaxValue);

    /// <summary>What a page of several runs may take. A site's steps are seldom that unlike each other.</summary>
    public static PageBudget OfRuns(int valueBytes) => new(64_000, 32L << 20, 32L << 20, Limit(valueBytes));

    /// <summary>A single run is read whole, however many rows it has; only what it keeps of its large values is bounded.</summary>
    public static PageBudget OfOneRun(int valueBytes) => new(long.MaxValue, long.MaxValue, 64L << 20, Limit(valueBytes));

    /// <summary>The run that breaks the budget of one run too: only those of its values are kept that the content hash wants.</summary>
    public static readonly PageBudget OfGiant = new(long.MaxValue, long.MaxValue, long.MaxValue, LargeValue.DigestOver);

    private static int Limit(int valueBytes) => Math.Max(valueBytes, LargeValue.AlwaysKept);
}

/// <summary>
/// How many runs the next page takes. At least about <see cref="TargetRows"/> rows, more where the round trip costs so much that larger
/// pages are faster, and never more than <see cref="TargetBytes"/>: whatever the number of steps a run has.
/// </summary>
internal sealed class PageSize
{
    public const int TargetRows = 8_000;
    public const int MostRows = 40_000;
    public const long TargetBytes = 8 << 20;
    public const int First = 50;
    public const int Largest = 1_000;

    // So much of a page's time may be the round trip: beyond that a larger page is hardly faster, and its first run comes later.
    private const double FixedShare = 0.1;
    private const double Memory = 0.8;
    private const int WaryPages = 4;

    private readonly int _fixed;
    private double _pages, _waits, _rows, _rests;
    private int _wary;
    private bool _isWarm;

    /// <param name="fixedRuns">Always so many runs; 0 to adapt.</param>
    public PageSize(int fixedRuns = 0)
    {
        _fixed = fixedRuns;
        Runs = fixedRuns > 0 ? fixedRuns : First;
    }

    public int Runs { get; private set; }

    /// <param name="runs">Keys of the page.</param>
    /// <param name="rows">Its rows in all result sets.</param>
    /// <param name="bytes">About their size.</param>
    /// <param name="wait">Until the first answer came: what a page costs however small it is.</param>
    /// <param name="rest">From then until all of it was read.</param>
    public void Learn(int runs, long rows, long bytes, TimeSpan wait, TimeSpan rest)
    {
        if (_fixed > 0)
        {
            Runs = _fixed;
            return;
        }
        if (runs == 0) return;
        // The first page pays for what the server and this process do only once.
        if (_isWarm) Observe(rows, wait.TotalSeconds, rest.TotalSeconds);
        _isWarm = true;
        var byRows = WantedRows() / Math.Max(1, (double)rows / runs);
        var byBytes = (double)TargetBytes / Math.Max(1, (double)bytes / runs);
        var most = _wary > 0 ? Runs : Math.Min(Largest, Runs * 4);
        if (_wary > 0) _wary--;
        Runs = (int)Math.Clamp(Math.Min(byRows, byBytes), 1, most);
    }

    /// <summary>A page of so many runs took longer than a statement may, or could not be read: the next one takes fewer.</summary>
    public void Shrink(int runs, int divisor) => Runs = Math.Max(1, Math.Min(Runs, runs) / divisor);

    /// <summary>A page of so many runs broke its budget: the next ones take far fewer, and grow again only when some of them were
    /// light.</summary>
    public void Abandon(int runs)
    {
        Shrink(runs, 8);
        _wary = WaryPages;
    }

    // Averages of the pages so far, older ones counting less and less.
    private void Observe(double rows, double wait, double rest)
    {
        _pages = Memory * _pages + 1;
        _waits = Memory * _waits + wait;
        _rows = Memory * _rows + rows;
        _rests = Memory * _rests + rest;
    }

    private double WantedRows()
    {
        if (_rests <= 0) return TargetRows;
        var (roundTrip, perRow) = (_waits / _pages, _rests / _rows);
        return Math.Clamp(roundTrip / perRow * (1 - FixedShare) / FixedShare, TargetRows, MostRows);
    }
}
