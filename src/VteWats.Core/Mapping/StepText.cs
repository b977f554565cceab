using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>What a step holds beside its measurements while it is made: name, report text, attachment and notes. Serves one step after the
/// other.</summary>
internal sealed class StepText
{
    // What is longer goes as attachment, so that names and descriptions keep room beside it.
    private const int LongText = WsjfLimits.ReportText - 1000;

    // What is told of a text that goes as size and hash.
    private const int Beginning = 1000, ShortBeginning = 200;

    private ReportPath _parent = ReportPath.Root;
    private int? _stepNumber;

    /// <summary>The notes of the report that is made.</summary>
    public ReportNotes Notes { get; set; } = new();

    public string Name { get; private set; } = "";
    public TextBlock Lines { get; } = new();
    public WatsAttachment? Attachment { get; private set; }

    /// <summary>Made on demand: most steps have no note.</summary>
    public ReportPath Path => _parent.Child($"step {Name}");

    /// <summary>Begins the next step.</summary>
    public void Begin(ReportPath parent, string name, int? stepNumber)
    {
        (_parent, Name, _stepNumber, Attachment) = (parent, name, stepNumber, null);
        if (!Lines.IsEmpty) Lines.Clear();
    }

    public static bool IsLong(string? text) => text is { Length: > LongText / 6 } && LegalText.Escape(text)!.Length > LongText;

    public void Add(string? label, string? text) => Lines.Add(label, text);

    public void Note(string rule, string message) => Notes.Add(rule, Path, message);

    public string? Fit(string? raw, int length, string what)
    {
        if (raw is null) return null;
        var field = FieldText.Fit(raw, length);
        if (field.Changed) field.Tell(what, Path, Notes, Lines);
        return field.Text;
    }

    /// <summary>Ends the step: its report text, with number and description of the row behind all else.</summary>
    public RowText Finish(VteStep row)
    {
        if (Lines.IsEmpty && RowText.IsAll(row)) return new RowText(row);
        var hasDescription = row.Description is not null && row.Description != StepName.Source(row);
        if (row.Number is null && !hasDescription && Lines.IsEmpty) return default;
        Lines.AddLater("Number", LegalText.Escape(row.Number));
        if (hasDescription) Lines.AddLater("Description", LegalText.Escape(row.Description));
        var text = Lines.ToText(out var tooLong);
        if (tooLong is not null) Note(NoteRules.Truncated, tooLong);
        return new RowText(text);
    }

    /// <summary>A text of any length: in the report text, or, when it is too long for that, as attachment.</summary>
    /// <param name="label">What it is; null for the step's own text.</param>
    /// <param name="raw">The text, or its beginning.</param>
    /// <param name="cut">What is known of the whole text where it was too long to be read.</param>
    /// <param name="attachmentLimit">Bytes that may be attached.</param>
    /// <param name="attach">False where nothing may be attached.</param>
    /// <param name="toldOnly">True where only its beginning, size and hash may go.</param>
    public void AddLong(string? label, string? raw, VteCutValue? cut, int attachmentLimit, bool attach, bool toldOnly)
    {
        var text = LegalText.Escape(raw, out var escaped);
        if (escaped > 0 && label is null)
            Note(NoteRules.CharactersRemoved, $"{escaped} characters that WATS cannot keep are written as \\uXXXX.");
        if (cut is not null)
        {
            Add(label, text is null ? null : LegalText.Cut(text, Beginning));
            LeaveOut(cut, "text");
            return;
        }
        if (!IsLong(text) && !(toldOnly && text?.Length > ShortBeginning))
        {
            Add(label, text);
            return;
        }
        Add(label, LegalText.Cut(text!, toldOnly ? ShortBeginning : Beginning));
        Keep(Encoding.UTF8.GetBytes(text!), "text", AttachmentKind.OfText(text!), attachmentLimit, attach && !toldOnly);
    }

    public void AddBytes(byte[] bytes, int attachmentLimit, bool attach) =>
        Keep(bytes, "binary data", AttachmentKind.OfBytes(bytes), attachmentLimit, attach && Attachment is null);

    /// <summary>Data that was too long to be read.</summary>
    public void AddBytes(VteCutValue cut) => LeaveOut(cut, "binary data");

    private void Keep(byte[] bytes, string what, AttachmentKind kind, int limit, bool attach)
    {
        if (attach && bytes.Length <= Math.Min(limit, WsjfLimits.AttachmentBytes))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"step-{_stepNumber ?? 0}.{kind.Extension}");
            Attachment = new WatsAttachment { Name = name, ContentType = kind.ContentType, Data = bytes };
            Add(null, string.Create(CultureInfo.InvariantCulture, $"[{bytes.Length} bytes of {what}, attached as {name}]"));
            return;
        }
        LeaveOut(new VteCutValue(bytes.Length, Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant()), what);
    }

    private void LeaveOut(VteCutValue value, string what)
    {
        var size = string.Create(CultureInfo.InvariantCulture, $"{value.Length} bytes of {what}");
        Add(null, $"[{size}, not attached, SHA-256 {value.Sha256}]");
        Note(NoteRules.DataLeftOut, $"{size} were not attached; size and SHA-256 are in the report text.");
    }
}
