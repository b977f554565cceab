using System.Globalization;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>Fits the texts of a report's header; what is cut from them stands in full in the root step's report text.</summary>
internal sealed class HeaderMapper(VteTestRun run, ReportNotes notes, TextBlock overflow)
{
    // Characters that are wildcards or path marks in the searches of WATS.
    private static readonly System.Buffers.SearchValues<char> SearchMarks = System.Buffers.SearchValues.Create("*%?[]^!/\\");

    public string? Fit(string? raw, int length, string what) =>
        FieldText.Fit(raw, length, what, ReportPath.Report, notes, overflow);

    /// <summary>A serial or part number: sent as it is, with a note where people will not find it by a plain search.</summary>
    public string? FitNumber(string? raw, int length, string what)
    {
        var text = Fit(raw, length, what);
        if (text is not null && text.AsSpan().ContainsAny(SearchMarks))
            notes.Add(NoteRules.SearchCharacters, ReportPath.Report,
                $"{what}: {text} holds characters that are wildcards in the searches of WATS.");
        return text;
    }

    public string Placeholder(string? text, string what)
    {
        notes.Add(NoteRules.Placeholder, ReportPath.Report, $"{what}: VTE holds none; {text} stands for it.");
        return text!;
    }

    /// <summary>What did not fit into the header, in full as far as there is room.</summary>
    public string? OverflowText()
    {
        var text = overflow.ToText(out var tooLong);
        if (tooLong is not null) notes.Add(NoteRules.Truncated, ReportPath.Root, tooLong);
        return text;
    }

    public List<WatsMiscInfo> MiscInfos(IReadOnlyList<(string Description, Template Text)> further, string site)
    {
        var infos = new List<WatsMiscInfo>(12);
        Add("VTE Source", $"VTE:{run.Id:D}");
        Add("Info1", run.Info1);
        Add("Info2", run.Info2);
        Add("Info3", run.Info3);
        Add("Variant", run.Testplan.Variant);
        Add("Exit Code", run.ExitCode?.ToString(CultureInfo.InvariantCulture));
        Add("Test System GUID", run.Station.Id?.ToString("D"));
        foreach (var component in run.Station.Components)
            Add($"Component {LegalText.Clean(component.Name) ?? "without name"}", Describe(component));
        foreach (var (description, text) in further)
            Add(description, text.Render(run, site));
        return infos;

        void Add(string description, string? raw)
        {
            if (LegalText.Clean(raw) is null) return;
            infos.Add(new WatsMiscInfo
            {
                Description = Fit(description, WsjfLimits.MiscInfoDescription, "Misc info"),
                Text = Fit(raw, WsjfLimits.MiscInfoText, description),
            });
        }
    }

    private static string Describe(VteComponent component)
    {
        List<string> parts = [];
        if (LegalText.Clean(component.SerialNumber) is { } serial) parts.Add($"SN {serial}");
        if (component.CalibrationDate is { } calibrated)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"calibrated {calibrated:yyyy-MM-dd}"));
        if (component.NextCalibrationDate is { } next) parts.Add(string.Create(CultureInfo.InvariantCulture, $"next {next:yyyy-MM-dd}"));
        return parts.Count == 0 ? "no serial number, no calibration date" : string.Join(", ", parts);
    }

    /// <summary>Only components with a serial number: it is what the asset manager of WATS knows them by.</summary>
    public List<WatsAsset>? Assets()
    {
        List<WatsAsset>? assets = null;
        foreach (var component in run.Station.Components)
        {
            var serial = FitNumber(component.SerialNumber, WsjfLimits.AssetSn, "Asset");
            if (serial is null || assets?.Exists(a => a.AssetSn == serial) == true) continue;
            (assets ??= []).Add(new WatsAsset { AssetSn = serial, UsageCount = 1 });
        }
        return assets;
    }

    /// <summary>WATS wants all four fields of a sub-unit, so a dash stands for what VTE does not hold.</summary>
    public List<WatsSubUnit>? SubUnits()
    {
        List<WatsSubUnit>? units = null;
        foreach (var assembly in run.Assemblies)
        {
            var type = Fit(assembly.Name, WsjfLimits.PartType, "Sub-unit type");
            var part = FitNumber(assembly.PartNumber, WsjfLimits.PartNumber, "Sub-unit part number");
            var serial = FitNumber(assembly.SerialNumber, WsjfLimits.SerialNumber, "Sub-unit serial number");
            var revision = Fit(assembly.Revision, WsjfLimits.Revision, "Sub-unit revision");
            if ((type ?? part ?? serial ?? revision) is null)
            {
                notes.Add(NoteRules.RowLeftOut, ReportPath.Report, "An assembly without any text was left out.");
                continue;
            }
            (units ??= []).Add(new WatsSubUnit
            {
                PartType = type ?? "Unknown", Pn = part ?? "-", Sn = serial ?? "-", Rev = revision
                ?? "-"
            });
        }
        return units;
    }
}
