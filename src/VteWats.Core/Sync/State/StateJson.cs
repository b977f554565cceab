using System.Text.Json.Serialization;
using VteWats.Core.Sync.DeadLetters;

namespace VteWats.Core.Sync.State;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Watermark))]
[JsonSerializable(typeof(Backfill))]
[JsonSerializable(typeof(DeadLetter))]
internal sealed partial class StateJson : JsonSerializerContext;
