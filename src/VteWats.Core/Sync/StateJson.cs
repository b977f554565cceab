using System.Text.Json.Serialization;

namespace VteWats.Core.Sync;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Watermark))]
[JsonSerializable(typeof(Backfill))]
[JsonSerializable(typeof(DeadLetter))]
internal sealed partial class StateJson : JsonSerializerContext;
