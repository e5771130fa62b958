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
}
