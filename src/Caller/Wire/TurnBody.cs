using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Caller.Wire;

/// <summary>The body of a turn exactly as the real-time workflow puts it together.</summary>
internal static class TurnBody
{
    /// <summary>The workflow keeps at most this many records (IMS manual, "Access LLMs", parameter <c>messages</c>).</summary>
    public const int MaxRecords = 20;

    public static JsonObject Create(string model, IReadOnlyList<ChatRecord> conversation, ExtendData extendData) => new()
    {
        ["messages"] = Messages(conversation),
        ["model"] = model,
        ["stream"] = true,
        ["extendData"] = extendData.ToJson(),
    };

    public static JsonArray Messages(IReadOnlyList<ChatRecord> conversation)
    {
        var messages = new JsonArray();
        foreach (var record in conversation.Skip(Math.Max(0, conversation.Count - MaxRecords)))
        {
            messages.Add((JsonNode)new JsonObject { ["role"] = record.Role, ["content"] = record.Content });
        }

        return messages;
    }

    /// <summary>The body as sent: other scripts stand in it as themselves, as most clients send them.</summary>
    public static string Text(JsonObject body)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            body.WriteTo(json);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
