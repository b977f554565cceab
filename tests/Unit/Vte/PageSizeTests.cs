using VteWats.Core.Vte.Reading;

namespace VteWats.Unit.Vte;

public class PageSizeTests
{
    [Fact]
    public void Page_size_follows_the_rows_and_bytes_of_a_run()
    {
        var few = new PageSize();
        for (var n = 0; n < 5; n++) few.Learn(few.Runs, few.Runs * 2, few.Runs * 200, TimeSpan.Zero, TimeSpan.Zero);
        Assert.Equal(PageSize.Largest, few.Runs);
        few.Learn(1000, 600_000, 1000 * 200, TimeSpan.Zero, TimeSpan.Zero);
        Assert.InRange(few.Runs, 10, 20);
        few.Learn(13, 26, 13L * 4_000_000, TimeSpan.Zero, TimeSpan.Zero);
        Assert.InRange(few.Runs, 1, 3);
        few.Learn(0, 0, 0, TimeSpan.Zero, TimeSpan.Zero);
        few.Shrink(few.Runs, 4);
        Assert.Equal(1, few.Runs);
    }

    [Fact]
    public void Pages_grow_where_the_round_trip_costs_more_than_the_rows()
    {
        Assert.Equal(PageSize.MostRows / 41, Settled(milliseconds: 16, perRow: 0.0036));
        Assert.InRange(Settled(milliseconds: 4, perRow: 0.0018), 400, 600);
    }

    [Fact]
    public void Pages_stay_small_where_the_round_trip_costs_nothing() =>
        Assert.Equal(PageSize.TargetRows / 41, Settled(milliseconds: 0.1, perRow: 0.003));

    [Fact]
    public void A_first_page_that_was_slow_for_reasons_of_its_own_does_not_keep_the_pages_small()
    {
        var size = new PageSize();
        size.Learn(50, 2050, 200_000, TimeSpan.FromSeconds(1.6), TimeSpan.FromSeconds(1.6));
        Read(size, pages: 8, milliseconds: 16, perRow: 0.0036);
        Assert.Equal(PageSize.MostRows / 41, size.Runs);
    }

    [Fact]
    public void Pages_that_are_all_alike_find_out_that_the_round_trip_has_become_slow()
    {
        var size = new PageSize();
        Read(size, pages: 60, milliseconds: 0.1, perRow: 0.003);
        Read(size, pages: 60, milliseconds: 16, perRow: 0.003);
        Assert.Equal(PageSize.MostRows / 41, size.Runs);
    }

    [Fact]
    public void Pages_stay_large_while_a_busy_machine_reads_now_faster_and_now_slower()
    {
        var size = new PageSize();
        Read(size, pages: 8, milliseconds: 30, perRow: 0.004);
        for (var n = 0; n < 60; n++)
        {
            // The page with a few rows more happens to be the slow one.
            var (rows, perRow) = n % 2 == 0 ? (size.Runs * 38, 0.003) : (size.Runs * 42, 0.005);
            size.Learn(size.Runs, rows, size.Runs * 4000, Milliseconds(30), Milliseconds(rows * perRow));
            Assert.InRange(size.Runs * 42, PageSize.MostRows * 0.8, PageSize.MostRows * 1.2);
        }
    }

    [Fact]
    public void However_slow_the_round_trip_a_page_keeps_to_its_bytes()
    {
        var size = new PageSize();
        for (var n = 0; n < 8; n++)
            size.Learn(size.Runs, size.Runs * 41, size.Runs * 400_000L, Milliseconds(200), Milliseconds(size.Runs * 0.041));
        Assert.Equal((int)(PageSize.TargetBytes / 400_000), size.Runs);
    }

    [Fact]
    public void The_first_page_is_small() => Assert.Equal(50, new PageSize().Runs);

    // Runs of 40 steps, read until the size has settled.
    private static int Settled(double milliseconds, double perRow)
    {
        var size = new PageSize();
        Read(size, pages: 8, milliseconds, perRow);
        return size.Runs;
    }

    private static void Read(PageSize size, int pages, double milliseconds, double perRow)
    {
        for (var n = 0; n < pages; n++)
            size.Learn(size.Runs, size.Runs * 41, size.Runs * 4000, Milliseconds(milliseconds), Milliseconds(size.Runs * 41 * perRow));
    }

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);
}
