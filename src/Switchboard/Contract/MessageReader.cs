using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Reads one message of the conversation.</summary>
internal static class MessageReader
{
    public static ChatMessage Read(JsonElement message, string path)
    {
        JsonFields.EnsureObject(message, path);
        var role = JsonFields.RequiredString(message, "role", path) switch
        {
            "system" => ChatRole.System,
            "developer" => WireRoles.Developer,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "tool" => ChatRole.Tool,
            _ => throw ApiException.InvalidValue($"{path}.role", "expected system, developer, user, assistant or tool"),
        };

        return new ChatMessage(role, role == ChatRole.Tool ? ToolResult(message, path) : Contents(message, role, path))
        {
            AuthorName = JsonFields.OptionalName(message, "name", path),
        };
    }

    private static List<AIContent> Contents(JsonElement message, ChatRole role, string path)
    {
        var contents = ContentReader.Read(message, path);
        var isAssistant = role == ChatRole.Assistant;
        if (isAssistant && JsonFields.OptionalString(message, "refusal", path) is { } refusal)
        {
            contents.Add(Refusals.Content(refusal));
        }

        if (isAssistant && JsonFields.TryGetArray(message, "tool_calls", path, out var calls))
        {
            JsonFields.EnsureCount(calls, $"{path}.tool_calls", ToolReader.MaxTools);
            var index = 0;
            foreach (var call in calls.EnumerateArray())
            {
                contents.Add(ToolCall(call, $"{path}.tool_calls[{index++}]"));
            }
        }

        return contents.Count > 0 ? contents : throw ApiException.MissingParameter($"{path}.content");
    }

    private static FunctionCallContent ToolCall(JsonElement call, string path)
    {
        JsonFields.EnsureObject(call, path);
        var function = JsonFields.RequiredObject(call, "function", path);
        return ToolCallJson.ToContent(
            JsonFields.RequiredName(call, "id", path),
            JsonFields.RequiredName(function, "name", $"{path}.function"),
            JsonFields.OptionalString(function, "arguments", $"{path}.function") ?? "");
    }

    private static List<AIContent> ToolResult(JsonElement message, string path)
    {
        var callId = JsonFields.RequiredName(message, "tool_call_id", path);
        var text = string.Concat(ContentReader.Read(message, path).OfType<TextContent>().Select(part => part.Text));
        return [new FunctionResultContent(callId, text)];
    }
}
