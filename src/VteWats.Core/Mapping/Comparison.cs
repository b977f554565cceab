namespace VteWats.Core.Mapping;

/// <summary>
/// The comparison that a row's limits stand for. VTE keeps limits, not operators; a limit belongs to the range that passes.
/// Both limits: GELE, also when they are equal (so that both figures stay in the report) or reversed (nothing passes, as the
/// station saw it). One limit: GE or LE, the limit in <c>lowLimit</c> as WATS wants it. No limit: LOG.
/// </summary>
internal readonly record struct Comparison(string Operator, double? LowLimit, double? HighLimit)
{
    public static readonly Comparison None = new("LOG", null, null);

    public static Comparison Of(double? low, double? high) => (IsLimit(low), IsLimit(high)) switch
    {
        (true, true) => new Comparison("GELE", low, high),
        (true, false) => new Comparison("GE", low, null),
        (false, true) => new Comparison("LE", high, null),
        _ => None,
    };

    public static bool IsLimit(double? limit) => limit is { } number && double.IsFinite(number);
}
