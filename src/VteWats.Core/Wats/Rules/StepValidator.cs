using System.Globalization;
using System.Text.Json;

namespace VteWats.Core.Wats.Rules;

/// <summary>Validates the step tree.</summary>
internal sealed class StepValidator(PropertyReader reader)
{
    private static readonly WsjfProperty[] Payloads =
        [WsjfSchema.StepSeqCall, WsjfSchema.StepNumeric, WsjfSchema.StepString, WsjfSchema.StepBoolean, WsjfSchema.StepCallExe,
        WsjfSchema.StepPopup];

    private static readonly WsjfProperty[] IgnoredWhenSkipped =
    [
        WsjfSchema.StepNumeric, WsjfSchema.StepString, WsjfSchema.StepBoolean, WsjfSchema.StepSteps, WsjfSchema.StepChart,
        WsjfSchema.StepAttachment, WsjfSchema.StepAdditional,
    ];

    private readonly HashSet<int> _ids = [];
    private ReportPath? _withoutId;

    public void ValidateRoot(JsonElement element, string? result)
    {
        var place = ReportPath.Root;
        var root = ValidateStep(element, place);
        if (!root.Has(WsjfSchema.StepSeqCall)) reader.Add(Relations.RootSequence, place, "seqCall is required.");
        if (result is not null && root.Text(WsjfSchema.StepStatus) is { } status && status != result)
            reader.Add(Relations.ResultOfRoot, ReportPath.Report,
                $"result is required to be the same as the status of root; result is {WsjfText.OneLine(result, 10)}, root is "
                + $"{WsjfText.OneLine(status, 10)}.");
        if (_ids.Count > 0 && _withoutId is not null)
            reader.Add(Relations.IdOnAll, _withoutId, "id should be on all steps when one step has it.");
    }

    private PropertyValues ValidateStep(JsonElement element, ReportPath place)
    {
        var step = reader.Read(WsjfSchema.Step, element, place);
        ValidateId(step, place);
        ValidatePayload(step, place);
        MeasurementValidator.Validate(reader, step, place);
        if (step[WsjfSchema.StepSeqCall] is { ValueKind: JsonValueKind.Object } sequence)
            reader.Read(WsjfSchema.SeqCall, sequence, place.Child("seqCall"));
        if (step[WsjfSchema.StepCallExe] is { ValueKind: JsonValueKind.Object } call)
            reader.Read(WsjfSchema.CallExe, call, place.Child("callExe"));
        if (step[WsjfSchema.StepPopup] is { ValueKind: JsonValueKind.Object } popup)
            reader.Read(WsjfSchema.MessagePopup, popup, place.Child("messagePopup"));
        if (step[WsjfSchema.StepChart] is { ValueKind: JsonValueKind.Object } chart)
            ChartValidator.Validate(reader, chart, place.Child("chart"));
        if (step[WsjfSchema.StepAttachment] is { ValueKind: JsonValueKind.Object } file)
            ValidateAttachment(file, place.Child("attachment"));
        AdditionalDataValidator.Validate(reader, step, WsjfSchema.StepAdditional, place);
        ValidateChildren(step, place);
        return step;
    }

    private void ValidateId(PropertyValues step, ReportPath place)
    {
        if (!step.Has(WsjfSchema.StepId)) _withoutId ??= place;
        else if (step.Integer(WsjfSchema.StepId) is { } id && !_ids.Add(id))
            reader.Add(Relations.IdUnique, place,
                string.Create(CultureInfo.InvariantCulture, $"id is required to be unique in the report; {id} is there twice."));
    }

    private void ValidatePayload(PropertyValues step, ReportPath place)
    {
        var payloads = Payloads.Where(p => p.Kind == WsjfKind.List ? step.HasMembers(p) : step.Has(p)).ToList();
        if (payloads.Count > 1)
            reader.Add(Relations.OnePayload, place, $"Only one of {string.Join(", ", payloads.Select(p => p.Name))} is allowed.");
        if (step.HasMembers(WsjfSchema.StepSteps) && !step.Has(WsjfSchema.StepSeqCall))
            reader.Add(Relations.StepsOfSequence, place, "steps is allowed with seqCall only.");
        if (step.Has(WsjfSchema.StepChart) && step.Has(WsjfSchema.StepAttachment))
            reader.Add(Relations.ChartOrAttachment, place, "chart and attachment are not allowed together.");
        if (step.Text(WsjfSchema.StepStatus) == "S")
        {
            foreach (var ignored in IgnoredWhenSkipped.Where(p => p.Kind == WsjfKind.List ? step.HasMembers(p) : step.Has(p)))
                reader.Add(Relations.SkippedPayload, place, $"{ignored.Name} is passed over, because the step was skipped.");
        }
        else if (step.Text(WsjfSchema.StepType) is { } type && Misfit(type, step) is { } misfit)
        {
            reader.Add(Relations.PayloadOfType, place, misfit);
        }
    }

    private static string? Misfit(string type, PropertyValues step)
    {
        int Count(WsjfProperty list) => step[list] is { ValueKind: JsonValueKind.Array } members ? members.GetArrayLength() : 0;
        var (numeric, text, flag) = (Count(WsjfSchema.StepNumeric), Count(WsjfSchema.StepString), Count(WsjfSchema.StepBoolean));
        return type switch
        {
            "SequenceCall" or "WATS_SeqCall" when !step.Has(WsjfSchema.StepSeqCall) =>
                $"stepType {type} is a sequence call, but seqCall is not there.",
            "ET_NLT" or "NumericLimitTest" when numeric != 1 =>
                $"stepType {type} has one numericMeas; this has {numeric.ToString(CultureInfo.InvariantCulture)}.",
            "ET_MNLT" or "MultiNumericLimitTest" when numeric == 0 => $"stepType {type} has numericMeas; this has none.",
            "ET_SVT" or "StringValueTest" when text != 1 =>
                $"stepType {type} has one stringMeas; this has {text.ToString(CultureInfo.InvariantCulture)}.",
            "ET_MSVT" when text == 0 => $"stepType {type} has stringMeas; this has none.",
            // PassFailTest without a measurement is usual in exports.
            "ET_PFT" when flag != 1 => $"stepType {type} has one booleanMeas; this has {flag.ToString(CultureInfo.InvariantCulture)}.",
            "ET_MPFT" when flag == 0 => $"stepType {type} has booleanMeas; this has none.",
            "ET_A" when numeric + text + flag > 0 => "stepType ET_A is an action, but measurements are there.",
            _ => null,
        };
    }

    private void ValidateAttachment(JsonElement element, ReportPath place)
    {
        var file = reader.Read(WsjfSchema.Attachment, element, place);
        // Four characters of base64 for three bytes.
        if (file[WsjfSchema.AttachmentData] is { ValueKind: JsonValueKind.String } data && data.TryGetBytesFromBase64(out var bytes)
            && bytes.Length > WsjfLimits.AttachmentBytes)
            reader.Add(Relations.AttachmentSize, place,
                string.Create(CultureInfo.InvariantCulture,
                $"data should have at most {WsjfLimits.AttachmentBytes} bytes; it has {bytes.Length}."));
    }

    private void ValidateChildren(PropertyValues step, ReportPath place)
    {
        if (!step.HasMembers(WsjfSchema.StepSteps)) return;
        var loops = new LoopValidator(reader, place);
        HashSet<string>? names = null;
        foreach (var (child, _) in reader.Objects(step, WsjfSchema.StepSteps, place))
        {
            var here = place.Named("step", child);
            var values = ValidateStep(child, here);
            if (loops.Take(child, values)) continue;
            names ??= new HashSet<string>(StringComparer.Ordinal);
            if (values.Text(WsjfSchema.StepName) is { Length: > 0 } name && !names.Add(name))
                reader.Add(Relations.NameUnique, here, "name should be unique among the steps beside it.");
        }
        loops.End();
    }
}
