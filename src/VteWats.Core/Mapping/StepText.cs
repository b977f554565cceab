using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>What a step holds beside its measurements while it is made: name, report text, attachment and notes. Serves one step after the
/// other.</summary>
internal sealed class StepText(ReportNotes notes)
{
    // What is longer goes as attachment, so that names and descriptions keep room beside it.
    private const int LongText = WsjfLimits.ReportText - 1000;

    private int? _stepNumber;

    public string Name { get; private set; } = "";
    public TextBlock Lines { get; } = new();
    public WatsAttachment? Attachment { get; private set; }

    /// <summary>Made on demand: most steps have no note.</summary>
    public ReportPath Path => ReportPath.Step(Name);

    /// <summary>Begins the next step.</summary>
    public void Begin(string name, int? stepNumber) => (Name, _stepNumber, Attachment) = (name, stepNumber, null);

    public static bool IsLong(string? text) => text is { Length: > LongText / 6 } && LegalText.Escape(text)!.Length > LongText;

    public void Add(string? measurement, string? label, string? text) => Lines.Add(measurement, label, text);

    public void Note(string rule, string message) => notes.Add(rule, Path, message);

    public string? Fit(string? raw, int length, string what)
    {
        var field = FieldText.Fit(raw, length);
        if (field.Changed) field.Tell(what, Path, notes, Lines);
        return field.Text;
    }

    public string? ToText()
    {
        var text = Lines.ToText(out var tooLong);
        if (tooLong is not null) Note(NoteRules.Truncated, tooLong);
        return text;
    }

    /// <summary>A text of any length: in the report text, or, when it is too long for that, as attachment.</summary>
    /// <param name="measurement">The measurement it is about; null where the step has one only.</param>
    /// <param name="label">What it is; null for the step's own text.</param>
    /// <param name="raw">The text, or its beginning.</param>
    /// <param name="cut">What is known of the whole text where it was too long to be read.</param>
    /// <param name="attachmentLimit">Bytes that may be attached.</param>
    /// <param name="attach">False where nothing may be attached.</param>
    public void AddLong(string? measurement, string? label, string? raw, VteCutValue? cut, int attachmentLimit, bool attach)
    {
        var text = LegalText.Escape(raw, out var escaped);
        if (escaped > 0 && label is null)
            Note(NoteRules.CharactersRemoved, $"{escaped} characters that WATS cannot keep are written as \\uXXXX.");
        if (cut is not null)
        {
            Add(measurement, label, text is null ? null : LegalText.Cut(text, 1000));
            LeaveOut(cut, "text");
            return;
        }
        if (!IsLong(text))
        {
            Add(measurement, label, text);
            return;
        }
        Add(measurement, label, LegalText.Cut(text!, 1000));
        Keep(Encoding.UTF8.GetBytes(text!), "text", "txt", "text/plain; charset=utf-8", attachmentLimit, attach);
    }

    public void AddBytes(byte[] bytes, int attachmentLimit, bool attach) =>
        Keep(bytes, "binary data", "bin", "application/octet-stream", attachmentLimit, attach && Attachment is null);

    /// <summary>Data that was too long to be read.</summary>
    public void AddBytes(VteCutValue cut) => LeaveOut(cut, "binary data");

    private void Keep(byte[] bytes, string what, string extension, string contentType, int limit, bool attach)
    {
        if (attach && bytes.Length <= Math.Min(limit, WsjfLimits.AttachmentBytes))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"step-{_stepNumber ?? 0}.{extension}");
            Attachment = new WatsAttachment { Name = name, ContentType = contentType, Data = bytes };
            Add(null, null, string.Create(CultureInfo.InvariantCulture, $"[{bytes.Length} bytes of {what}, attached as {name}]"));
            return;
        }
        LeaveOut(new VteCutValue(bytes.Length, Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant()), what);
    }

    private void LeaveOut(VteCutValue value, string what)
    {
        var size = string.Create(CultureInfo.InvariantCulture, $"{value.Length} bytes of {what}");
        Add(null, null, $"[{size}, not attached, SHA-256 {value.Sha256}]");
        Note(NoteRules.DataLeftOut, $"{size} were not attached; size and SHA-256 are in the report text.");
    }
}
