using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Unit.Support;

namespace VteWats.Unit.Operating;

/// <summary>A source that counts its runs and hands out none, as a reading with a wrong boundary would.</summary>
internal sealed class BlindSource(IVteSource source) : ChangedSource(source)
{
    public override IAsyncEnumerable<VteTestRun> ReadAsync(TestRunQuery query, CancellationToken ct) => AsyncEnumerable.Empty<VteTestRun>();
}
