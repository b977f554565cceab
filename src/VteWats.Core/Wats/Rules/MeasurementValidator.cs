
namespace VteWats.Core.Wats.Rules;

/// <summary>Validates the measurements of a step, and the step's status against theirs.</summary>
internal static class MeasurementValidator
{
    private sealed record Kind(WsjfProperty List, WsjfObject Shape, WsjfProperty Name, WsjfProperty Status,
        Action<PropertyReader, PropertyValues, ReportPath>? More);

    private static readonly Kind[] Kinds =
    [
        new(WsjfSchema.StepNumeric, WsjfSchema.NumericMeas, WsjfSchema.NumericName, WsjfSchema.NumericStatus, ValidateLimits),
        new(WsjfSchema.StepString, WsjfSchema.StringMeas, WsjfSchema.StringName, WsjfSchema.StringStatus, ValidateText),
        new(WsjfSchema.StepBoolean, WsjfSchema.BooleanMeas, WsjfSchema.BooleanName, WsjfSchema.BooleanStatus, null),
    ];

    public static void Validate(PropertyReader reader, PropertyValues step, ReportPath place)
    {
        foreach (var kind in Kinds)
        {
            if (step.HasMembers(kind.List)) Validate(reader, kind, step, place);
        }
    }

    private static void Validate(PropertyReader reader, Kind kind, PropertyValues step, ReportPath place)
    {
        var several = step[kind.List].GetArrayLength() > 1;
        var names = several ? new HashSet<string>(StringComparer.Ordinal) : null;
        var statuses = new List<string?>();
        foreach (var (element, _) in reader.Objects(step, kind.List, place))
        {
            var here = several ? place.Named(kind.List.Name, element) : place.Child(kind.List.Name);
            var measurement = reader.Read(kind.Shape, element, here);
            statuses.Add(measurement.Text(kind.Status));
            kind.More?.Invoke(reader, measurement, here);
            if (names is null) continue;
            if (measurement.Text(kind.Name) is not { Length: > 0 } name)
                reader.Add(Relations.MeasurementName, here, "name is required when there are several measurements.");
            else if (!names.Add(name)) reader.Add(Relations.MeasurementUnique, here, "name is required to be unique in the step.");
        }
        ValidateStatus(reader, step.Text(WsjfSchema.StepStatus), statuses, place);
    }

    private static void ValidateStatus(PropertyReader reader, string? step, List<string?> measurements, ReportPath place)
    {
        // WATS passes over the measurements of a skipped step.
        if (step is null or "S") return;
        if (measurements.Count == 1)
        {
            if (measurements[0] is { } only && only != step)
                reader.Add(Relations.StatusOfMeasurement, place, "Status cannot be different from measurement status.");
        }
        else if (step is "E" or "T")
        {
            reader.Add(Relations.NoMeasurement, place, $"Status {step} allows no measurements.");
        }
        else if (step == "F" && !measurements.Contains("F"))
        {
            reader.Add(Relations.StatusOfMeasurements, place, "Status F requires a measurement with status F.");
        }
        else if (step == "P" && measurements.Contains("F"))
        {
            reader.Add(Relations.StatusOfMeasurements, place, "Status P allows no measurement with status F.");
        }
    }

    private static void ValidateLimits(PropertyReader reader, PropertyValues measurement, ReportPath place)
    {
        var low = measurement.Has(WsjfSchema.LowLimit);
        var high = measurement.Has(WsjfSchema.HighLimit);
        switch (measurement.Text(WsjfSchema.NumericOp))
        {
            case "LOG":
                if (low || high) reader.Add(Relations.LimitsPlace, place, "compOp LOG allows no limits.");
                break;
            case "EQ" or "NE" or "GT" or "GE" or "LT" or "LE":
                var op = measurement.Text(WsjfSchema.NumericOp);
                if (!low) reader.Add(Relations.LimitsRequired, place, $"compOp {op} requires lowLimit.");
                if (high) reader.Add(Relations.LimitsPlace, place, $"compOp {op} has its limit in lowLimit; highLimit is not allowed.");
                break;
            case "GTLT" or "GTLE" or "GELT" or "GELE" or "LTGT" or "LTGE" or "LEGT" or "LEGE":
                if (!low || !high) reader.Add(Relations.LimitsRequired, place,
                    $"compOp {measurement.Text(WsjfSchema.NumericOp)} requires lowLimit and highLimit.");
                break;
        }
    }

    private static void ValidateText(PropertyReader reader, PropertyValues measurement, ReportPath place)
    {
        if (!measurement.Has(WsjfSchema.StringValue)) reader.Add(Relations.StringValue, place, "value is required.");
        if (measurement.Text(WsjfSchema.StringOp) is not { Length: > 0 } op) return;
        var upper = op.ToUpperInvariant();
        if (!WsjfSchema.StringOp.Values!.Contains(upper)) return;
        if (op != upper) reader.Add(Relations.StringCase, place, $"compOp should be written {upper}.");
        if (upper != "LOG" && !measurement.Has(WsjfSchema.StringLimit))
            reader.Add(Relations.StringLimit, place, $"compOp {upper} requires limit.");
    }
}
