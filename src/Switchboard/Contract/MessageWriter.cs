using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Writes one message of the conversation. Reasoning is left out: upstreams refuse their own when it is sent back.</summary>
internal static class MessageWriter
{
    public static void Write(Utf8JsonWriter json, ChatMessage message)
    {
        if (message.Role == ChatRole.Tool)
        {
            WriteToolResults(json, message.Contents);
            return;
        }

        json.WriteStartObject();
        json.WriteString("role"u8, message.Role.Value);
        FunctionCallContent[] calls = message.Role == ChatRole.Assistant ? [.. message.Contents.OfType<FunctionCallContent>()] : [];
        ContentWriter.Write(json, message.Contents, mayBeAbsent: calls.Length > 0);
        if (message.Role == ChatRole.Assistant)
        {
            WriteRefusal(json, message.Contents);
        }

        if (calls.Length > 0)
        {
            ToolCallsJson.Write(json, calls, ToolCallsJson.Arguments(calls), firstIndex: null);
        }

        if (ParticipantName.Clean(message.AuthorName) is { } name)
        {
            json.WriteString("name"u8, name);
        }

        json.WriteEndObject();
    }

    private static void WriteRefusal(Utf8JsonWriter json, IList<AIContent> contents)
    {
        var refusal = string.Concat(contents.Where(Refusals.Is).Select(content => ((ErrorContent)content).Message));
        if (refusal.Length > 0)
        {
            json.WriteString("refusal"u8, refusal);
        }
    }

    // On the wire each result is a message of its own.
    private static void WriteToolResults(Utf8JsonWriter json, IList<AIContent> contents)
    {
        foreach (var result in contents.OfType<FunctionResultContent>())
        {
            json.WriteStartObject();
            json.WriteString("role"u8, "tool"u8);
            json.WriteString("tool_call_id"u8, result.CallId);
            json.WriteString("content"u8, Text(result.Result));
            json.WriteEndObject();
        }
    }

    private static string Text(object? result) => result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        // As it came: the serializer below would indent it, and every space is a token.
        JsonElement element => element.GetRawText(),
        _ => JsonSerializer.Serialize(result, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object))),
    };
}
