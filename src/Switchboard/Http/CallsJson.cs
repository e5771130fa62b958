using System.Text.Json.Serialization;

namespace Switchboard.Http;

/// <summary>The JSON of the transcripts, generated at build time; what is unknown is null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(CallList))]
[JsonSerializable(typeof(CallTranscript))]
internal sealed partial class CallsJson : JsonSerializerContext;
