namespace VteWats.Core.Vte.Reading;

/// <summary>
/// One order for the parts of a run, whatever order a database gives them in: steps by number, and where several share it by kind and
/// content. Without it the same run would have another hash at the next reading.
/// </summary>
internal static class ContentOrder
{
    public static readonly Comparer<VteStep> Steps = Comparer<VteStep>.Create(Compare);

    public static readonly Comparer<VteAssembly> Assemblies = Comparer<VteAssembly>.Create(static (a, b) =>
        Text(a.Name, b.Name) is not 0 and var name ? name
        : Text(a.PartNumber, b.PartNumber) is not 0 and var part ? part
        : Text(a.SerialNumber, b.SerialNumber) is not 0 and var serial ? serial
        : Text(a.Revision, b.Revision));

    /// <summary>Sorts, unless the order is right as it came, which is the rule.</summary>
    public static void Sort(List<VteStep> steps)
    {
        for (var i = 1; i < steps.Count; i++)
        {
            if (Compare(steps[i - 1], steps[i]) <= 0) continue;
            steps.Sort(Steps);
            return;
        }
    }

    private static int Compare(VteStep a, VteStep b)
    {
        if (a.StepNumber != b.StepNumber) return (a.StepNumber ?? long.MaxValue).CompareTo(b.StepNumber ?? long.MaxValue);
        var order = Kind(a).CompareTo(Kind(b));
        if (order == 0) order = Counted(a.Number, b.Number);
        if (order == 0) order = Text(a.Name, b.Name);
        if (order == 0) order = Text(a.Description, b.Description);
        if (order == 0) order = Nullable.Compare(a.ResultCode, b.ResultCode);
        if (order == 0) order = Text(a.Units, b.Units);
        return order != 0 ? order : (a, b) switch
        {
            (VteNumericStep x, VteNumericStep y) => Numbers(x, y),
            (VteTextStep x, VteTextStep y) => Digests(LargeValue.DigestOf(x.Text, x.Cut), LargeValue.DigestOf(y.Text, y.Cut),
                () => Text(x.Text, y.Text)),
            (VteOtherStep x, VteOtherStep y) => Others(x, y),
            _ => 0,
        };
    }

    private static int Others(VteOtherStep x, VteOtherStep y) =>
        Digests(Digest(x), Digest(y), () => Text(x.Text, y.Text) is not 0 and var text ? text
            : x.Bytes.AsSpan().SequenceCompareTo(y.Bytes.AsSpan()));

    private static VteCutValue? Digest(VteOtherStep step) =>
        LargeValue.DigestOf(step.Bytes, null) ?? LargeValue.DigestOf(step.Text, step.Cut);

    // Large values by their hash, so that the order does not depend on how much of them was kept; they come behind the short ones.
    private static int Digests(VteCutValue? x, VteCutValue? y, Func<int> neither) => (x, y) switch
    {
        (null, null) => neither(),
        (null, _) => -1,
        (_, null) => 1,
        _ => Text(x.Sha256, y.Sha256),
    };

    private static int Numbers(VteNumericStep x, VteNumericStep y)
    {
        var order = Nullable.Compare(x.Value, y.Value);
        if (order == 0) order = Nullable.Compare(x.LowLimit, y.LowLimit);
        return order != 0 ? order : Nullable.Compare(x.HighLimit, y.HighLimit);
    }

    private static int Kind(VteStep step) => step switch { VteNumericStep => 0, VteTextStep => 1, _ => 2 };

    // "2" comes before "10", and "1.9" before "1.10".
    private static int Counted(string? a, string? b) =>
        (a?.Length ?? -1).CompareTo(b?.Length ?? -1) is not 0 and var length ? length : Text(a, b);

    private static int Text(string? a, string? b) => string.CompareOrdinal(a, b);
}
