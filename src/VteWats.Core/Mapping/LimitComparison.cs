namespace VteWats.Core.Mapping;

/// <summary>
/// The comparison that a row's limits stand for. VTE keeps limits, not operators; a limit belongs to the range that passes.
/// Both limits: GELE, also when they are equal (so that both figures stay in the report) or reversed (nothing passes, as the
/// station saw it). One limit: GE or LE, the limit in <c>lowLimit</c> as WATS wants it. No limit: LOG.
/// </summary>
internal readonly record struct LimitComparison(string Operator, double? LowLimit, double? HighLimit)
{
    public static readonly LimitComparison None = new("LOG", null, null);

    public static LimitComparison From(double? low, double? high) => (IsLimit(low), IsLimit(high)) switch
    {
        (true, true) => new LimitComparison("GELE", low, high),
        (true, false) => new LimitComparison("GE", low, null),
        (false, true) => new LimitComparison("LE", high, null),
        _ => None,
    };

    public static bool IsLimit(double? limit) => limit is { } number && double.IsFinite(number);
}
