using System.Text.Json.Nodes;
using Caller.Wire;

namespace Caller.Platform;

/// <summary>Messages as a platform writes them.</summary>
internal static class ChatMessages
{
    public static JsonObject Plain(string role, string text) => new() { ["role"] = role, ["content"] = text };

    public static JsonObject Of(VoicePlatform platform, TurnValues values, ChatRecord record) => record.Role switch
    {
        "user" => User(platform, values, record.Content),
        "assistant" => Assistant(platform, values, record.Content),
        _ => Plain(record.Role, record.Content),
    };

    public static JsonObject User(VoicePlatform platform, TurnValues values, string text) => Filling.Object(platform.User, values.With("text", () => text));

    public static JsonObject Assistant(VoicePlatform platform, TurnValues values, string text) => Filling.Object(platform.Assistant, values.With("text", () => text));

    /// <summary>The assistant's message with its tool calls.</summary>
    public static JsonObject Calls(VoicePlatform platform, IReadOnlyList<ToolUse> calls)
    {
        if (platform.Legacy)
        {
            return new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = "",
                ["function_call"] = new JsonObject { ["name"] = calls[0].Name, ["arguments"] = calls[0].Arguments },
            };
        }

        return new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = null,
            ["tool_calls"] = new JsonArray([.. calls.Select(call => new JsonObject
            {
                ["id"] = call.Id,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
            })]),
        };
    }

    public static JsonObject Result(VoicePlatform platform, ToolUse call, string result) => platform.Legacy
        ? new() { ["role"] = "function", ["name"] = call.Name, ["content"] = result }
        : new() { ["role"] = "tool", ["tool_call_id"] = call.Id, ["content"] = result };
}
