using System.Globalization;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

public sealed class ReadingCmdletTests(ReadingSample sample) : IClassFixture<ReadingSample>, IDisposable
{
    private const string Open = "param($db, $x) ";
    private readonly HostedModule _module = new();

    public void Dispose() => _module.Dispose();

    [Fact]
    public void All_runs_come_in_order_with_their_steps()
    {
        var runs = Run("Get-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo").Clean();
        Assert.Equal(1000, runs.Count);
        var times = runs.Select(r => (DateTime)r.Properties["Timestamp"].Value).ToList();
        Assert.Equal(times.Order(), times);
        Assert.Contains(runs, r => (int?)r.Properties["StepCount"].Value > 20);
    }

    [Theory]
    [InlineData("[DateTime]'2024-11-10T12:00:00'")]
    [InlineData("'2024-11-10 12:00'")]
    [InlineData("[DateTimeOffset]'2024-11-10T12:00:00+01:00'")]
    [InlineData("'2024-11-10T11:00:00Z'")]
    [InlineData("([DateTime]'2024-11-10T11:00:00Z').ToUniversalTime()")]
    public void A_time_is_local_to_the_site_unless_it_says_otherwise(string time)
    {
        var runs = Run($"Get-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo -HeaderOnly -Since ({time}) -Until 2024-11-11").Clean();
        Assert.NotEmpty(runs);
        Assert.All(runs, r => Assert.InRange((DateTime)r.Properties["Timestamp"].Value, new DateTime(2024, 11, 10, 12, 0, 0),
            new DateTime(2024, 11, 11)));
        Assert.True((DateTime)runs[0].Properties["Timestamp"].Value < new DateTime(2024, 11, 10, 18, 0, 0));
    }

    [Fact]
    public void Runs_are_found_by_ids_from_the_pipeline_and_a_missing_one_is_an_error_of_its_own()
    {
        var missing = Guid.NewGuid();
        var found = Run("Get-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo -First 3 -HeaderOnly | ForEach-Object { "
            + "[pscustomobject]@{ RunId = $_.Id } } | Get-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo");
        Assert.Equal(3, found.Clean().Count);
        var result = Run("Get-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo -Id $x", missing);
        Assert.Empty(result.Output);
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("VteWats.TestRunNotFound", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(missing, error.TargetObject);
    }

    [Fact]
    public void A_consumer_that_has_enough_ends_the_reading() =>
        Assert.Single(Run("Get-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo | ForEach-Object { $_; break }").Output);

    [Fact]
    public void A_missing_time_zone_and_a_missing_file_are_told()
    {
        Assert.StartsWith("VteWats.InvalidArgument", Assert.Single(Run("Get-VteTestRun -DatabasePath $db").Errors).FullyQualifiedErrorId,
            StringComparison.Ordinal);
        Assert.StartsWith("VteWats.SqlUnreachable",
            Assert.Single(Run("Get-VteTestRun -DatabasePath no-such.db -TimeZone UTC").Errors).FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("fa-IR")]
    public void A_culture_changes_nothing_that_is_read(string culture)
    {
        const string Script = "Get-VteTestRun -DatabasePath $db -TimeZone Europe/Oslo -Since '2024-11-10 12:00:00.5' -First 40 -Result "
            + "passed, FAILED -TestplanName *F[I]NAL* | ForEach-Object ContentHash";
        var plain = Run(Script).Clean().Select(h => h.BaseObject).ToList();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            using var module = new HostedModule();
            Assert.Equal(plain, module.Run(Open + Script, ("db", sample.Path)).Clean().Select(h => h.BaseObject));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        Assert.Equal(40, plain.Count);
    }

    [Fact]
    public void Results_complete_without_a_connection()
    {
        var words = _module.Run("(TabExpansion2 'Get-VteTestRun -Result F' 24).CompletionMatches | ForEach-Object CompletionText").Clean();
        Assert.Equal(["Failed"], words.Select(w => w.BaseObject));
    }

    private ScriptResult Run(string script, object? x = null) => _module.Run(Open + script, ("db", sample.Path), ("x", x));
}
