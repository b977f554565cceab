using System.Text.Json;

namespace VteWats.Core.Wats.Rules;

/// <summary>Validates the header of a report with its lists; the steps are handed on.</summary>
internal sealed class HeaderValidator(PropertyReader reader, DateTimeOffset now)
{
    private static readonly DateTimeOffset Unset = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public void Validate(JsonElement report)
    {
        var place = ReportPath.Report;
        var isRepair = report.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("R"u8);
        var header = reader.Read(WsjfSchema.Header, report, place, isRepair);
        if (isRepair) reader.Add(Relations.Repair, place, "This is a repair report: only its header was judged.");
        else if (header.HasMembers(WsjfSchema.BinaryData))
            reader.Add(Relations.BinaryDataOfRepair, place, "binaryData is allowed in repair reports only.");
        else if (header.Has(WsjfSchema.BinaryData))
            reader.Add(Relations.BinaryDataEmpty, place, "binaryData belongs to repair reports; leave the empty list out.");
        ValidateTimes(header, place);
        if (header[WsjfSchema.HeaderUut] is { ValueKind: JsonValueKind.Object } uut) reader.Read(WsjfSchema.Uut, uut, place.Child("uut"));
        foreach (var (info, index) in reader.Objects(header, WsjfSchema.MiscInfos, place)) ValidateMiscInfo(info,
            place.Child("miscInfos").At(index));
        if (!isRepair)
        {
            foreach (var (unit, index) in reader.Objects(header, WsjfSchema.SubUnits, place)) reader.Read(WsjfSchema.SubUnit, unit,
                place.Child("subUnits").At(index));
        }
        foreach (var (asset, index) in reader.Objects(header, WsjfSchema.Assets, place)) reader.Read(WsjfSchema.Asset, asset,
            place.Child("assets").At(index));
        AdditionalDataValidator.Validate(reader, header, WsjfSchema.HeaderAdditional, place);
        if (header[WsjfSchema.Root] is { ValueKind: JsonValueKind.Object } root && !isRepair)
            new StepValidator(reader).ValidateRoot(root, header.Text(WsjfSchema.Result));
    }

    private void ValidateTimes(PropertyValues header, ReportPath place)
    {
        if (!PropertyReader.TryTime(header[WsjfSchema.Start], out var start)) return;
        if (start > now) reader.Add(Relations.StartInFuture, place, "start lies in the future: the report is kept back until then.");
        if (start < Unset) reader.Add(Relations.StartUnset, place, "start lies before 1970 and counts as unset.");
        if (!PropertyReader.TryTime(header[WsjfSchema.StartUtc], out var utc)) return;
        if (!header.Text(WsjfSchema.StartUtc)!.EndsWith('Z'))
            reader.Add(Relations.StartUtcForm, place, "startUTC is required to be in UTC, with a Z.");
        if (utc != start) reader.Add(Relations.StartMatches, place, "startUTC is required to be the same instant as start.");
    }

    private void ValidateMiscInfo(JsonElement element, ReportPath place)
    {
        var info = reader.Read(WsjfSchema.MiscInfo, element, place);
        if (info.Has(WsjfSchema.MiscText) == info.Has(WsjfSchema.MiscNumeric))
            reader.Add(Relations.MiscInfoValue, place, info.Has(WsjfSchema.MiscText)
                ? "text and numeric are both there; one of them is lost." : "neither text nor numeric is there.");
    }
}
