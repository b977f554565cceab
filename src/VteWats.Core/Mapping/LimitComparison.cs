namespace VteWats.Core.Mapping;

/// <summary>
/// The comparison that a row's limits stand for. VTE keeps limits, not operators; a limit belongs to the range that passes.
/// Both limits: GELE, also when they are equal (so that both figures stay in the report) or reversed (nothing passes, as the
/// station saw it). One limit: GE or LE, the limit in <c>lowLimit</c> as WATS wants it. No limit: LOG.
/// </summary>
internal readonly record struct LimitComparison(string Operator, double? LowLimit, double? HighLimit)
{
    public static readonly LimitComparison None = new("LOG", null, null);

    /// <param name="low">The low limit, where it is one (<see cref="VerdictRules.Limit"/>).</param>
    /// <param name="high">The high limit, where it is one.</param>
    public static LimitComparison From(double? low, double? high) => (low, high) switch
    {
        (not null, not null) => new LimitComparison("GELE", low, high),
        (not null, null) => new LimitComparison("GE", low, null),
        (null, not null) => new LimitComparison("LE", high, null),
        _ => None,
    };
}
