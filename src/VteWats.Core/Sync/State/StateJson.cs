using System.Text.Json.Serialization;

namespace VteWats.Core.Sync.State;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = false)]
[JsonSerializable(typeof(WatermarkPosition))]
[JsonSerializable(typeof(WatermarkFile))]
internal sealed partial class StateJson : JsonSerializerContext;
