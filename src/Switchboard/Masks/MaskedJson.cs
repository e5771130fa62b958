using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Switchboard.Masks;

/// <summary>Masks the values of JSON, so that it stays JSON.</summary>
internal static class MaskedJson
{
    // JSON in a text in JSON: arguments in the messages of a trace. What lies deeper is masked as text.
    private const int MaxNested = 3;

    // Each value is held against its name, and a name may be as long as the whole.
    private const int MaxName = 64;

    private static readonly FrozenSet<string> Plain = FrozenSet.ToFrozenSet(["number", "nummer", "value", "text", "raw", "digits", "id", "nr", "no"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The JSON with its numbers masked; what is no JSON as the text that it is.</summary>
    public static string Of(CallMask mask, string json) => Of(mask, json, name: null, depth: 0);

    private static string Of(CallMask mask, string json, string? name, int depth)
    {
        try
        {
            var written = new ArrayBufferWriter<byte>();
            var bytes = Encoding.UTF8.GetBytes(json);
            var parts = Parts(bytes, mask);
            var reader = new Utf8JsonReader(bytes);
            bool isMasked;
            using (var writer = new Utf8JsonWriter(written, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                isMasked = Copy(ref reader, writer, mask, parts, name, depth);
            }

            return isMasked ? Encoding.UTF8.GetString(written.WrittenSpan) : json;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The latter for half a character, which is no text.
            return mask.Text(json, name);
        }
    }

    private static bool Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer, CallMask mask, Dictionary<long, string> parts, string? name, int depth)
    {
        var isMasked = false;
        var outer = new Stack<string?>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    outer.Push(name);
                    writer.WriteStartObject();
                    break;
                case JsonTokenType.EndObject:
                    name = outer.Pop();
                    writer.WriteEndObject();
                    break;
                case JsonTokenType.StartArray:
                    outer.Push(name);
                    writer.WriteStartArray();
                    break;
                case JsonTokenType.EndArray:
                    name = outer.Pop();
                    writer.WriteEndArray();
                    break;
                case JsonTokenType.PropertyName:
                    var property = reader.GetString()!;
                    var masked = mask.Text(property);
                    isMasked |= masked != property;
                    name = NameOf(outer.Peek(), property);
                    writer.WritePropertyName(masked);
                    break;
                case JsonTokenType.String:
                    var text = reader.GetString()!;
                    var value = parts.TryGetValue(reader.TokenStartIndex, out var part) ? part
                        : IsNested(text) && depth < MaxNested ? Of(mask, text, name, depth + 1) : mask.Text(text, name);
                    isMasked |= value != text;
                    writer.WriteStringValue(value);
                    break;
                case JsonTokenType.Number:
                    var raw = Encoding.UTF8.GetString(reader.ValueSpan);
                    var number = mask.Text(raw, name);
                    isMasked |= number != raw;
                    if (number == raw)
                    {
                        writer.WriteRawValue(raw);
                    }
                    else
                    {
                        writer.WriteStringValue(number);
                    }

                    break;
                default:
                    writer.WriteRawValue(reader.ValueSpan);
                    break;
            }
        }

        return isMasked;
    }

    // What was said may come in parts, {"type":"text","content":"…"} each, and a number in two of them. By where they begin.
    private static Dictionary<long, string> Parts(byte[] json, CallMask mask)
    {
        var masked = new Dictionary<long, string>();
        var outer = new Stack<Level>([new Level()]);
        var reader = new Utf8JsonReader(json);
        var property = "";
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    outer.Push(new Level());
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    var level = outer.Pop();
                    Join(level.Parts);
                    if (level is { IsText: true, Text: { } said } && !IsNested(said.Text))
                    {
                        outer.Peek().Parts.Add(said);
                    }
                    else
                    {
                        Join(outer.Peek().Parts);
                    }

                    break;
                case JsonTokenType.PropertyName:
                    property = reader.ValueTextEquals("type") || reader.ValueTextEquals("content") || reader.ValueTextEquals("text") ? reader.GetString()! : "";
                    break;
                case JsonTokenType.String when property == "type":
                    outer.Peek().IsText = reader.ValueTextEquals("text");
                    break;
                case JsonTokenType.String when property.Length > 0:
                    outer.Peek().Text = (reader.TokenStartIndex, reader.GetString()!);
                    break;
            }
        }

        return masked;

        void Join(List<(long Start, string Text)> parts)
        {
            if (parts.Count > 1)
            {
                foreach (var (part, text) in parts.Zip(mask.Texts([.. parts.Select(part => part.Text)], null)))
                {
                    // Each for itself, too: "at 5" before it would hide what a whole part is.
                    masked[part.Start] = mask.Text(text);
                }
            }

            parts.Clear();
        }
    }

    private static bool IsNested(string text) => text.AsSpan().TrimStart() is ['{' or '[', ..];

    // "phone": { "number": 1 } is as much as "phone_number".
    private static string NameOf(string? outer, string property)
    {
        var name = outer is not null && Plain.Contains(property) ? $"{outer} {property}" : property;
        return name.Length > MaxName ? name[..MaxName] : name;
    }

    private sealed class Level
    {
        public List<(long Start, string Text)> Parts { get; } = [];

        public bool IsText { get; set; }

        public (long Start, string Text)? Text { get; set; }
    }
}
