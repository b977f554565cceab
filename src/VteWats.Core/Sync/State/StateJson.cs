using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VteWats.Core.Sync.State;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = false)]
[JsonSerializable(typeof(WatermarkPosition))]
[JsonSerializable(typeof(WatermarkFile))]
[JsonSerializable(typeof(SiteStatus))]
[JsonSerializable(typeof(ComparisonStatus))]
[JsonSerializable(typeof(BackfillStatus))]
internal sealed partial class StateJson : JsonSerializerContext
{
    /// <summary>For files that people look at.</summary>
    public static StateJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
