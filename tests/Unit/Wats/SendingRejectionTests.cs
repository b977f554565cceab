using VteWats.Core.Diagnostics;
using VteWats.Core.Wats.Sending;

namespace VteWats.Unit.Wats;

/// <summary>When it is the mapping, and when it is the runs.</summary>
public class SendingRejectionTests
{
    private static readonly Guid Run = Guid.Parse("11111111-2222-3333-4444-555555555555");

    /// <summary>The failure, and after how many outcomes it came.</summary>
    private static (VteWatsException? Failure, int Outcomes) Feed(RejectionWindow window, IEnumerable<bool> refused)
    {
        var count = 0;
        foreach (var one in refused)
        {
            count++;
            if (!one) window.Accepted();
            else if (window.Refused("root: no.", Run) is { } failure) return (failure, count);
        }
        return (null, count);
    }

    [Fact]
    public void All_500_of_500_refused_are_a_mass_rejection_at_the_twentieth() =>
        Assert.Equal(20, Feed(new RejectionWindow(0.5), Enumerable.Repeat(true, 500)).Outcomes);

    [Fact]
    public void A_hundred_refused_of_3962_are_none() =>
        Assert.Null(Feed(new RejectionWindow(0.5), Enumerable.Range(0, 3962).Select(n => n % 39 == 0 && n / 39 < 100)).Failure);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(2027)]
    public void Thirty_percent_refused_of_2000_are_none(int seed)
    {
        var random = new Random(seed);
        Assert.Null(Feed(new RejectionWindow(0.5), Enumerable.Range(0, 2000).Select(_ => random.NextDouble() < 0.3)).Failure);
    }

    [Fact]
    public void A_mapping_that_goes_wrong_after_a_million_good_runs_is_seen_within_200()
    {
        var window = new RejectionWindow(0.5);
        for (var i = 0; i < 1_000_000; i++) window.Accepted();
        Assert.Equal(100, Feed(window, Enumerable.Repeat(true, 500)).Outcomes);
    }

    [Fact]
    public void Outcomes_older_than_200_do_not_count()
    {
        var window = new RejectionWindow(0.9);
        Assert.Null(Feed(window, Enumerable.Repeat(true, 19)).Failure);
        Assert.Null(Feed(window, Enumerable.Repeat(false, 200)).Failure);
        Assert.Equal(180, Feed(window, Enumerable.Repeat(true, 200)).Outcomes);
    }

    [Fact]
    public void Nineteen_refused_are_none_and_a_share_of_zero_means_never()
    {
        Assert.Null(Feed(new RejectionWindow(0.5), Enumerable.Repeat(true, 19)).Failure);
        Assert.Null(Feed(new RejectionWindow(0), Enumerable.Repeat(true, 1000)).Failure);
    }

    [Fact]
    public void The_failure_names_the_most_frequent_finding_its_count_and_a_run()
    {
        var window = new RejectionWindow(0.5);
        VteWatsException? failure = null;
        for (var i = 0; failure is null; i++)
            failure = i % 4 == 0
                ? window.Refused($"root -> step n{i}: another.", Guid.NewGuid())
                : window.Refused($"Test run {Guid.NewGuid()}: 1.{i} V is too much.\nSecond line {i}.", i == 1 ? Run : Guid.NewGuid());
        Assert.Equal(ErrorKind.MassRejection, failure.Error);
        Assert.StartsWith("20 of the last 20 runs were refused", failure.Message, StringComparison.Ordinal);
        Assert.Contains("15 times: Test run ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("1.1 V is too much.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Second line", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Run, failure.Target);
        Assert.Contains(Run.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_that_count_at_once_lose_nothing()
    {
        var window = new RejectionWindow(1);
        Parallel.For(0, 180, _ => window.Accepted());
        var failures = 0;
        Parallel.For(0, 200, _ => { if (window.Refused("no", Run) is not null) Interlocked.Increment(ref failures); });
        Assert.Equal(1, failures);
    }
}
