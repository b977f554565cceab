using System.Text.Json;

namespace VteWats.Core.Wats.Rules;

/// <summary>Validates the free-form data of a header (<c>additionalData</c>) or a step (<c>additionalResults</c>).</summary>
internal static class AdditionalDataValidator
{
    public static void Validate(PropertyReader reader, PropertyValues owner, WsjfProperty list, ReportPath place)
    {
        foreach (var (element, _) in reader.Objects(owner, list, place))
        {
            var here = place.Named(list.Name, element);
            ValidateProperties(reader, reader.Read(WsjfSchema.AdditionalData, element, here), WsjfSchema.DataProps, here);
        }
    }

    private static void ValidateProperties(PropertyReader reader, PropertyValues owner, WsjfProperty list, ReportPath place)
    {
        foreach (var (element, _) in reader.Objects(owner, list, place))
            ValidateProperty(reader, element, place.Named("property", element));
    }

    private static void ValidateProperty(PropertyReader reader, JsonElement element, ReportPath place)
    {
        var property = reader.Read(WsjfSchema.AdditionalProperty, element, place);
        ValidateProperties(reader, property, WsjfSchema.AdditionalProps, place);
        if (property[WsjfSchema.AdditionalArray] is not { ValueKind: JsonValueKind.Object } sent) return;
        var inArray = place.Child("array");
        var array = reader.Read(WsjfSchema.AdditionalArrayShape, sent, inArray);
        foreach (var (member, index) in reader.Objects(array, WsjfSchema.ArrayIndexes, inArray))
        {
            var here = inArray.At(index);
            var values = reader.Read(WsjfSchema.AdditionalIndex, member, here);
            if (values[WsjfSchema.IndexValue] is { ValueKind: JsonValueKind.Object } value)
                ValidateProperty(reader, value, here.Named("property", value));
        }
    }
}
