using System.Globalization;
using static System.FormattableString;

namespace VteWats.Core.Sync;

/// <summary>What a sync that went well has to tell all the same: clocks, late writers and deleted runs are trouble of the plant.</summary>
internal static class SyncWarnings
{
    private const int LongestBand = 10_080, Many = 3;

    public static IReadOnlyList<string> Of(SyncSummary summary, SyncOptions options, string timeZone)
    {
        var warnings = new List<string>();
        if (summary.MostLate > TimeSpan.FromMinutes(options.GuardBandMinutes)) warnings.Add(Late(summary, options));
        if (summary.Ahead > 0) warnings.Add(Invariant(
            $"{Runs(summary.Ahead)} stamped ahead of the database's clock and held until it reaches them; what stays so for a day ")
            + "becomes a dead letter. Set the clocks of the stations right."
            + (summary.Ahead >= Many || summary.Read == 0
            ? $" If they are right, timeZone {timeZone} is not the zone of the test stations." : ""));
        if (summary.ClockWasAheadBy is { } ahead) warnings.Add(Invariant(
            $"The clock of the database was {Duration(ahead)} ahead for a while. Everything since is read again at each sync until ")
            + "it has caught up: nothing is lost.");
        if (summary.GoneFromVte > 0) warnings.Add(Invariant(
            $"{Runs(summary.GoneFromVte)} in WATS and no longer in VTE: somebody deleted them there."));
        if (summary.UnconfirmedForADay > 0) warnings.Add(Invariant(
            $"{Runs(summary.UnconfirmedForADay)} taken by WATS more than a day ago and not shown. Look at the quarantine in WATS."));
        return warnings;
    }

    private static string Late(SyncSummary summary, SyncOptions options)
    {
        var minutes = (long)Math.Ceiling(summary.MostLate.TotalMinutes);
        var advice = minutes > LongestBand ? ""
            : Invariant($" sync.guardBandMinutes of {minutes} would have covered them; it costs reading that much again at each sync.");
        return Invariant(
            $"Of {summary.Late} late run(s) the latest was {Duration(summary.MostLate)} behind the watermark, further than the guard band ")
            + Invariant($"of {options.GuardBandMinutes} minutes. The census found and sent what the band does not cover.{advice}");
    }

    private static string Runs(long count) => count == 1 ? "1 run is" : Invariant($"{count} runs are");

    private static string Duration(TimeSpan time) => time.TotalHours < 2 ? Invariant($"{Math.Ceiling(time.TotalMinutes)} minutes")
        : time.TotalDays < 2 ? Invariant($"{time.TotalHours:0.#} hours") : Invariant($"{time.TotalDays:0.#} days");
}
