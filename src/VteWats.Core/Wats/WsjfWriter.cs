using System.Globalization;
using System.Text.Json;

namespace VteWats.Core.Wats;

/// <summary>
/// Writes a report member by member. A serialiser that also takes members it does not know makes three hundred bytes of garbage a step;
/// reports are written by the million. A test holds it against the serialiser.
/// </summary>
internal static class WsjfWriter
{
    private const string LocalTime = "yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", Utc = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    // Names that are escaped once, not with each step.
    private static readonly JsonEncodedText
        Id = JsonEncodedText.Encode("id"), Group = JsonEncodedText.Encode("group"), StepType = JsonEncodedText.Encode("stepType"),
        Name = JsonEncodedText.Encode("name"), Status = JsonEncodedText.Encode("status"), TotTime = JsonEncodedText.Encode("totTime"),
        ErrorCode = JsonEncodedText.Encode("errorCode"), ErrorMessage = JsonEncodedText.Encode("errorMessage"),
        ReportText = JsonEncodedText.Encode("reportText"), Caused = JsonEncodedText.Encode("causedSeqFailure"),
        SeqCall = JsonEncodedText.Encode("seqCall"), Steps = JsonEncodedText.Encode("steps"),
        NumericMeas = JsonEncodedText.Encode("numericMeas"), StringMeas = JsonEncodedText.Encode("stringMeas"),
        BooleanMeas = JsonEncodedText.Encode("booleanMeas"), Chart = JsonEncodedText.Encode("chart"),
        Attachment = JsonEncodedText.Encode("attachment"), CompOp = JsonEncodedText.Encode("compOp"), Unit = JsonEncodedText.Encode("unit"),
        Value = JsonEncodedText.Encode("value"), LowLimit = JsonEncodedText.Encode("lowLimit"),
        HighLimit = JsonEncodedText.Encode("highLimit"), Limit = JsonEncodedText.Encode("limit"),
        Description = JsonEncodedText.Encode("description"), Text = JsonEncodedText.Encode("text"),
        Numeric = JsonEncodedText.Encode("numeric");

    /// <exception cref="ArgumentException">A number is none.</exception>
    public static void Write(Utf8JsonWriter to, WatsReport report)
    {
        to.WriteStartObject();
        Member(to, "type", report.Type);
        if (report.Id is { } id) to.WriteString(Id, id);
        Member(to, "pn", report.Pn);
        Member(to, "sn", report.Sn);
        Member(to, "rev", report.Rev);
        if (report.ProcessCode is { } code) to.WriteNumber("processCode", code);
        Member(to, "result", report.ResultCode);
        Member(to, "machineName", report.MachineName);
        Member(to, "location", report.Location);
        Member(to, "purpose", report.Purpose);
        if (report.Start is { } start) Time(to, "start", start, LocalTime);
        if (report.StartUtc is { } utc) Time(to, "startUTC", utc.ToUniversalTime(), Utc);
        if (report.Uut is { } uut) Uut(to, uut);
        if (report.MiscInfos is { } infos)
        {
            to.WriteStartArray("miscInfos");
            for (var i = 0; i < infos.Count; i++) MiscInfo(to, infos[i]);
            to.WriteEndArray();
        }
        if (report.SubUnits is { } units)
        {
            to.WriteStartArray("subUnits");
            for (var i = 0; i < units.Count; i++) SubUnit(to, units[i]);
            to.WriteEndArray();
        }
        if (report.Assets is { } assets)
        {
            to.WriteStartArray("assets");
            for (var i = 0; i < assets.Count; i++) Asset(to, assets[i]);
            to.WriteEndArray();
        }
        if (report.Root is { } root)
        {
            to.WritePropertyName("root");
            Step(to, root);
        }
        End(to, report.Unknown);
    }

    private static void Uut(Utf8JsonWriter to, WatsUut uut)
    {
        to.WriteStartObject("uut");
        Member(to, "user", uut.User);
        if (uut.ExecTime is { } time) to.WriteNumber("execTime", time);
        Member(to, "comment", uut.Comment);
        if (uut.ErrorCode is { } code) to.WriteNumber(ErrorCode, code);
        Member(to, ErrorMessage, uut.ErrorMessage);
        Member(to, "batchSN", uut.BatchSn);
        Member(to, "fixtureId", uut.FixtureId);
        if (uut.TestSocketIndex is { } socket) to.WriteNumber("testSocketIndex", socket);
        End(to, uut.Unknown);
    }

    private static void MiscInfo(Utf8JsonWriter to, WatsMiscInfo info)
    {
        to.WriteStartObject();
        Member(to, Description, info.Description);
        Member(to, Text, info.Text);
        if (info.Numeric is { } number) to.WriteNumber(Numeric, number);
        End(to, info.Unknown);
    }

    private static void SubUnit(Utf8JsonWriter to, WatsSubUnit unit)
    {
        to.WriteStartObject();
        Member(to, "partType", unit.PartType);
        Member(to, "pn", unit.Pn);
        Member(to, "sn", unit.Sn);
        Member(to, "rev", unit.Rev);
        End(to, unit.Unknown);
    }

    private static void Asset(Utf8JsonWriter to, WatsAsset asset)
    {
        to.WriteStartObject();
        Member(to, "assetSN", asset.AssetSn);
        if (asset.UsageCount is { } count) to.WriteNumber("usageCount", count);
        End(to, asset.Unknown);
    }

    private static void Step(Utf8JsonWriter to, WatsStep step)
    {
        to.WriteStartObject();
        if (step.Id is { } id) to.WriteNumber(Id, id);
        Member(to, Group, step.Group);
        Member(to, StepType, step.StepType);
        Member(to, Name, step.Name);
        Member(to, Status, step.Status);
        if (step.TotTime is { } time) to.WriteNumber(TotTime, time);
        if (step.ErrorCode is { } code) to.WriteNumber(ErrorCode, code);
        Member(to, ErrorMessage, step.ErrorMessage);
        step.Text.Write(to, ReportText);
        if (step.CausedSeqFailure is { } caused) to.WriteBoolean(Caused, caused);
        if (step.SeqCall is { } call)
        {
            to.WriteStartObject(SeqCall);
            Member(to, "path", call.Path);
            Member(to, Name, call.Name);
            Member(to, "version", call.Version);
            End(to, call.Unknown);
        }
        if (step.Steps is { } steps)
        {
            to.WriteStartArray(Steps);
            for (var i = 0; i < steps.Count; i++) Step(to, steps[i]);
            to.WriteEndArray();
        }
        Measurements(to, step);
        if (step.Chart is { } chart) WriteChart(to, chart);
        if (step.Attachment is { } file)
        {
            to.WriteStartObject(Attachment);
            Member(to, Name, file.Name);
            Member(to, "contentType", file.ContentType);
            if (file.Data is { } data) to.WriteBase64String("data", data);
            End(to, file.Unknown);
        }
        End(to, step.Unknown);
    }

    private static void Measurements(Utf8JsonWriter to, WatsStep step)
    {
        if (step.NumericMeas is { } numbers)
        {
            to.WriteStartArray(NumericMeas);
            for (var i = 0; i < numbers.Count; i++) Number(to, numbers[i]);
            to.WriteEndArray();
        }
        if (step.StringMeas is { } texts)
        {
            to.WriteStartArray(StringMeas);
            for (var i = 0; i < texts.Count; i++)
            {
                var text = texts[i];
                to.WriteStartObject();
                Member(to, CompOp, text.CompOp);
                Member(to, Name, text.Name);
                Member(to, Status, text.Status);
                Member(to, Value, text.Value);
                Member(to, Limit, text.Limit);
                End(to, text.Unknown);
            }
            to.WriteEndArray();
        }
        if (step.BooleanMeas is not { } verdicts) return;
        to.WriteStartArray(BooleanMeas);
        for (var i = 0; i < verdicts.Count; i++)
        {
            to.WriteStartObject();
            Member(to, Name, verdicts[i].Name);
            Member(to, Status, verdicts[i].Status);
            End(to, verdicts[i].Unknown);
        }
        to.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter to, WatsNumericMeas number)
    {
        to.WriteStartObject();
        Member(to, CompOp, number.CompOp);
        Member(to, Name, number.Name);
        Member(to, Status, number.Status);
        Member(to, Unit, number.Unit);
        if (number.Value is { } value) to.WriteNumber(Value, value);
        if (number.LowLimit is { } low) to.WriteNumber(LowLimit, low);
        if (number.HighLimit is { } high) to.WriteNumber(HighLimit, high);
        End(to, number.Unknown);
    }

    private static void WriteChart(Utf8JsonWriter to, WatsChart chart)
    {
        to.WriteStartObject(Chart);
        Member(to, "chartType", chart.ChartType);
        Member(to, "label", chart.Label);
        Member(to, "xLabel", chart.XLabel);
        Member(to, "xUnit", chart.XUnit);
        Member(to, "yLabel", chart.YLabel);
        Member(to, "yUnit", chart.YUnit);
        if (chart.Series is { } all)
        {
            to.WriteStartArray("series");
            foreach (var series in all)
            {
                to.WriteStartObject();
                Member(to, "dataType", series.DataType);
                Member(to, Name, series.Name);
                Member(to, "xdata", series.XData);
                Member(to, "ydata", series.YData);
                End(to, series.Unknown);
            }
            to.WriteEndArray();
        }
        End(to, chart.Unknown);
    }

    private static void Member(Utf8JsonWriter to, string name, string? value)
    {
        if (value is not null) to.WriteString(name, value);
    }

    private static void Member(Utf8JsonWriter to, JsonEncodedText name, string? value)
    {
        if (value is not null) to.WriteString(name, value);
    }

    private static void Time(Utf8JsonWriter to, string name, DateTimeOffset time, string form)
    {
        Span<char> text = stackalloc char[40];
        time.TryFormat(text, out var length, form, CultureInfo.InvariantCulture);
        to.WriteString(name, text[..length]);
    }

    // What the model does not know, and the end of the object.
    private static void End(Utf8JsonWriter to, Dictionary<string, JsonElement>? unknown)
    {
        if (unknown is not null)
        {
            foreach (var (name, value) in unknown)
            {
                to.WritePropertyName(name);
                value.WriteTo(to);
            }
        }
        to.WriteEndObject();
    }
}
