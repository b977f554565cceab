using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Unit.Mapping;

namespace VteWats.Unit.Vte;

public sealed class ContentHashTests
{
    // A watermark remembers hashes: another hash for the same run would have a whole guard band sent again.
    [Fact]
    public void The_hash_of_a_run_is_the_one_that_earlier_releases_gave_it()
    {
        var run = Runs.Plain(
            Runs.Numeric(1, 5.01, 4.9, 5.1) with { Description = "rail", Number = "1.1" }, Runs.Numeric(1, null, result: null),
            Runs.Text(2, "4.11.2", result: 0), Runs.Other(3, null, [1, 2, 3], result: 2)) with
        {
            Assemblies = [new VteAssembly("Board", "PN-7", "B-1", "C")],
            DuplicateIndex = 1,
            Info2 = "æ",
        };
        Assert.Equal("56a95f318c2306f34af9ec10f82c269b7ab8274b0843a4f1c329819c6ecbd584", ContentHash.From(run));
    }
}
