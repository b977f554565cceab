using System.Text.Json;

namespace VteWats.Core.Wats.Rules;

/// <summary>Judges the free-form data of a header (<c>additionalData</c>) or a step (<c>additionalResults</c>).</summary>
internal static class AdditionalDataJudge
{
    public static void Judge(PropertyReader reader, Values owner, Property list, Place place)
    {
        foreach (var (element, _) in reader.Objects(owner, list, place))
        {
            var here = place.Named(list.Name, element);
            JudgeProperties(reader, reader.Read(WsjfShapes.AdditionalData, element, here), WsjfShapes.DataProps, here);
        }
    }

    private static void JudgeProperties(PropertyReader reader, Values owner, Property list, Place place)
    {
        foreach (var (element, _) in reader.Objects(owner, list, place)) JudgeProperty(reader, element, place.Named("property", element));
    }

    private static void JudgeProperty(PropertyReader reader, JsonElement element, Place place)
    {
        var property = reader.Read(WsjfShapes.AdditionalProperty, element, place);
        JudgeProperties(reader, property, WsjfShapes.AdditionalProps, place);
        if (property[WsjfShapes.AdditionalArray] is not { ValueKind: JsonValueKind.Object } sent) return;
        var inArray = place.Child("array");
        var array = reader.Read(WsjfShapes.AdditionalArrayShape, sent, inArray);
        foreach (var (member, index) in reader.Objects(array, WsjfShapes.ArrayIndexes, inArray))
        {
            var here = inArray.At(index);
            var values = reader.Read(WsjfShapes.AdditionalIndex, member, here);
            if (values[WsjfShapes.IndexValue] is { ValueKind: JsonValueKind.Object } value) JudgeProperty(reader, value, here.Named("property", value));
        }
    }
}
