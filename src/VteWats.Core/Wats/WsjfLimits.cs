namespace VteWats.Core.Wats;

/// <summary>
/// Largest lengths, in UTF-16 code units, and ranges that WATS takes. The one place that knows them: the mapper cuts by it and the
/// rule set judges by it. Where Virinco's texts disagree the smaller figure stands, but part number, serial number and revision keep 100.
/// </summary>
internal static class WsjfLimits
{
    public const int PartNumber = 100;
    public const int SerialNumber = 100;
    public const int Revision = 100;
    public const int MachineName = 100;
    public const int Location = 100;
    public const int Purpose = 100;
    public const int User = 100;
    public const int BatchSn = 100;
    public const int FixtureId = 100;
    public const int Comment = 1000;
    public const int ErrorMessage = 200;
    public const int ProcessCodeMax = 32766;
    public const int MiscInfoDescription = 100;
    public const int MiscInfoText = 100;
    public const int PartType = 50;
    public const int AssetSn = 100;
    public const int StepName = 100;
    public const int ReportText = 5000;
    public const int SeqCallPath = 500;
    public const int SeqCallName = 200;
    public const int SeqCallVersion = 30;
    public const int MeasureName = 100;
    public const int Unit = 20;
    public const int StringValue = 100;
    public const int AttachmentName = 100;
    public const int AttachmentContentType = 100;

    /// <summary>Bytes of one attachment before base64; the smaller of the two figures in use (the C# API's).</summary>
    public const int AttachmentBytes = 100 * 1024;

    public const int TypeDefinition = 30;
    public const int TsGuid = 30;
    public const int PopupResponse = 100;
    public const int AdditionalDataName = 100;
    public const int UsageCountMax = 999;
    public const int TestSocketIndexMax = 32767;
    public const int ChartLabel = 100;
    public const int ChartAxisLabel = 50;
    public const int ChartUnit = 20;
    public const int ChartSeries = 10;
    public const int ChartPoints = 10_000;
    public const int SeriesName = 100;
}
