using System.Text;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>Chooses the data that a report has no room for: the largest go as size and hash, until the rest fits.</summary>
internal static class ReportBudget
{
    // Names, limits and the JSON around them; a text has its step's number and description beside it.
    private const int StepBytes = 500;

    private static readonly HashSet<VteStep> None = [];

    /// <summary>The rows whose data are told only; none for nearly every run.</summary>
    public static HashSet<VteStep> LeftOut(ReadOnlySpan<VteStep> rows, MappingOptions options, ReportNotes notes)
    {
        var total = SizeOf(rows, options);
        if (total <= options.ReportBudgetBytes) return None;
        var left = new HashSet<VteStep>(ReferenceEqualityComparer.Instance);
        foreach (var (row, size) in rows.ToArray().Select(row => (Row: row, Size: DataOf(row, options))).OrderByDescending(r => r.Size))
        {
            if (total <= options.ReportBudgetBytes || size <= StepBytes) break;
            left.Add(row);
            total -= size - StepBytes;
        }
        if (total > options.ReportBudgetBytes)
            notes.Add(NoteRules.OverBudget, ReportPath.Report,
                $"The report has about {total} bytes, over its budget of {options.ReportBudgetBytes}, and nothing large is left to leave "
                + "out.");
        return left;
    }

    /// <summary>About the bytes of a report of these rows, with all their data.</summary>
    public static long SizeOf(ReadOnlySpan<VteStep> rows, MappingOptions options)
    {
        var total = (long)rows.Length * StepBytes;
        foreach (var row in rows)
        {
            if (row is not VteNumericStep) total += DataOf(row, options);
        }
        return total;
    }

    // About the bytes that the values of a row have in the report, without its names.
    private static long DataOf(VteStep row, MappingOptions options)
    {
        var (text, bytes) = row switch
        {
            VteTextStep t => (t.Cut is null ? t.Text : null, null),
            VteOtherStep o => (o.Cut is null ? o.Text : null, o.Bytes),
            _ => (null, (byte[]?)null),
        };
        var size = 0L;
        if (text is { Length: > 200 })
        {
            size = Encoding.UTF8.GetByteCount(text);
            if (text.Length > WsjfLimits.ReportText) size = size <= options.AttachmentLimitBytes ? size / 3 * 4 + 1000 : 1000;
        }
        if (bytes is { Length: > 0 } && bytes.Length <= options.AttachmentLimitBytes) size += bytes.Length / 3 * 4;
        return size;
    }
}
