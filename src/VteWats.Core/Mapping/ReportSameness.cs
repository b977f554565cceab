using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>Whether two mappings make the same report of a run: what the one says of itself is no difference.</summary>
internal static class ReportSameness
{
    /// <summary>Name of the misc info with the fingerprint of the mapping.</summary>
    public const string Fingerprint = "VTE Mapping";

    /// <summary>True when the reports are the same to the last byte, but for the fingerprints of their mappings.</summary>
    public static bool AreSame(WatsReport one, WatsReport other) =>
        Wsjf.ToUtf8(Plain(one)).AsSpan().SequenceEqual(Wsjf.ToUtf8(Plain(other)));

    private static WatsReport Plain(WatsReport report) =>
        report with { MiscInfos = report.MiscInfos?.Where(info => info.Description != Fingerprint).ToList() };
}
