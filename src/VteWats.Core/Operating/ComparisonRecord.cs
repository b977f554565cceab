using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Sync.State;

namespace VteWats.Core.Operating;

/// <summary>Writes down what a comparison came to.</summary>
public static class ComparisonRecord
{
    /// <param name="stateFolder">The state folder.</param>
    /// <param name="result">The result.</param>
    /// <param name="byHand">One that somebody made by hand counts when it covers what the last one covered.</param>
    /// <returns>Why it could not be written; null when it could.</returns>
    public static VteWatsException? Keep(string stateFolder, SyncComparison result, bool byHand = false)
    {
        try
        {
            var store = new StatusStore(stateFolder, result.Site);
            if (byHand && store.Read(result.Started).Comparison is { } last && last.Since < result.Since) return null;
            store.Write(new ComparisonStatus
            {
                At = result.Started, Since = result.Since, IsEqual = result.IsEqual, Runs = result.Runs, Missing = result.Missing,
                OtherVerdict = result.OtherVerdict, OtherSteps = result.OtherSteps, NotInVte = result.NotInVte, Repaired = result.Repaired,
            });
            return null;
        }
        catch (VteWatsException e)
        {
            return e;
        }
    }
}
