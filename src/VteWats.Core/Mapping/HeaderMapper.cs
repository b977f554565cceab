using System.Globalization;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>Fits the texts of a report's header; what is cut from them stands in full in the root step's report text.</summary>
internal sealed class HeaderMapper(VteTestRun run, ReportNotes notes, TextBlock overflow)
{
    private static readonly System.Buffers.SearchValues<char> SearchMarks = System.Buffers.SearchValues.Create(WsjfText.SearchMarks);

    public string? Fit(string? raw, int length, string what) =>
        FieldText.Fit(raw, length, what, ReportPath.Report, notes, overflow);

    /// <summary>A serial or part number, or a station: sent as it is, with a note where a plain search does not find it.</summary>
    public string? FitSearched(string? raw, int length, string what)
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

    public List<WatsMiscInfo> MiscInfos(WatsMiscInfo fingerprint, (string Description, Template Text)[] further, string site,
        ReportMapper.Desk desk)
    {
        var infos = new List<WatsMiscInfo>(8 + run.Station.Components.Count + further.Length);
        Add("VTE Source", string.Concat("VTE:", run.Id.ToString("D")));
        infos.Add(fingerprint);
        Add("Info1", run.Info1);
        Add("Info2", run.Info2);
        Add("Info3", run.Info3);
        Add("Variant", run.Testplan.Variant);
        Add("Exit Code", run.ExitCode?.ToString(CultureInfo.InvariantCulture));
        Add("Test System GUID", run.Station.Id?.ToString("D"));
        AddComponents(infos, desk);
        foreach (var (description, text) in further)
        {
            var raw = text.Render(run, site);
            if (LegalText.Clean(raw) is not null) Add(Fit(description, WsjfLimits.MiscInfoDescription, "Misc info")!, raw);
        }
        return infos;

        void Add(string description, string? raw)
        {
            if (raw is not null && Fit(raw, WsjfLimits.MiscInfoText, description) is { } text)
                infos.Add(new WatsMiscInfo { Description = description, Text = text });
        }
    }

    // Most runs come from the station of the run before.
    private void AddComponents(List<WatsMiscInfo> infos, ReportMapper.Desk desk)
    {
        var components = run.Station.Components;
        if (components.Count == 0) return;
        if (desk.Components is { } last && AreSame(components, last))
        {
            infos.AddRange(desk.ComponentInfos);
            return;
        }
        desk.Components = null;
        desk.ComponentInfos.Clear();
        var before = notes.Count;
        foreach (var component in Components())
        {
            var description = $"Component {LegalText.Clean(component.Name) ?? "without name"}";
            desk.ComponentInfos.Add(new WatsMiscInfo
            {
                Description = Fit(description, WsjfLimits.MiscInfoDescription, "Misc info"),
                Text = Fit(Describe(component), WsjfLimits.MiscInfoText, description),
            });
        }
        infos.AddRange(desk.ComponentInfos);
        // What had to be cut is told with every report.
        if (notes.Count == before) desk.Components = components;
    }

    private static bool AreSame(IReadOnlyList<VteComponent> one, IReadOnlyList<VteComponent> other)
    {
        if (ReferenceEquals(one, other)) return true;
        if (one.Count != other.Count) return false;
        for (var i = 0; i < one.Count; i++)
            if (!one[i].Equals(other[i])) return false;
        return true;
    }

    private static string Describe(VteComponent component)
    {
        var serial = LegalText.Clean(component.SerialNumber);
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{(serial is null ? "" : ", SN ")}{serial}{(component.CalibrationDate is null ? "" : ", calibrated ")}"
            + $"{Day(component.CalibrationDate):O}{(component.NextCalibrationDate is null ? "" : ", next ")}"
            + $"{Day(component.NextCalibrationDate):O}");
        return text.Length == 0 ? "no serial number, no calibration date" : text[2..];
    }

    private static DateOnly? Day(DateTime? time) => time is { } t ? DateOnly.FromDateTime(t) : null;

    // VTE has no order among them; a report must not depend on how the database gave them.
    private IReadOnlyList<VteComponent> Components()
    {
        var parts = run.Station.Components;
        for (var i = 1; i < parts.Count; i++)
        {
            if (Order.Compare(parts[i - 1], parts[i]) > 0) return [.. parts.Order(Order)];
        }
        return parts;
    }

    private static readonly Comparer<VteComponent> Order = Comparer<VteComponent>.Create(static (a, b) =>
        string.CompareOrdinal(a.Name, b.Name) is not 0 and var name ? name
        : string.CompareOrdinal(a.SerialNumber, b.SerialNumber) is not 0 and var serial ? serial
        : Nullable.Compare(a.CalibrationDate, b.CalibrationDate) is not 0 and var date ? date
        : Nullable.Compare(a.NextCalibrationDate, b.NextCalibrationDate));

    /// <summary>Only components with a serial number: it is what the asset manager of WATS knows them by.</summary>
    public List<WatsAsset>? Assets()
    {
        List<WatsAsset>? assets = null;
        foreach (var component in Components())
        {
            var serial = FitSearched(component.SerialNumber, WsjfLimits.AssetSn, "Asset");
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
            var part = FitSearched(assembly.PartNumber, WsjfLimits.PartNumber, "Sub-unit part number");
            var serial = FitSearched(assembly.SerialNumber, WsjfLimits.SerialNumber, "Sub-unit serial number");
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
