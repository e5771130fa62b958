using System.Text.Json.Serialization;

namespace Switchboard.Testing;

/// <summary>Texts as JSON.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
