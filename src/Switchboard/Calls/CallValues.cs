using System.Text.Json;

namespace Switchboard.Calls;

/// <summary>The call as plain values for templates: text, numbers, truth values, lists and dictionaries, nothing that has behaviour.</summary>
internal static class CallValues
{
    public static Dictionary<string, object?> Of(CallContext call) => new()
    {
        ["instanceId"] = call.InstanceId,
        ["channelId"] = call.ChannelId,
        ["sentenceId"] = call.SentenceId,
        ["userData"] = call.ParseUserData() is { } data ? Plain(data) : call.UserData,
        ["callerNumber"] = call.CallerNumber,
        ["calleeNumber"] = call.CalleeNumber,
        ["taskId"] = call.TaskId,
        ["roomId"] = call.RoomId,
    };

    private static object? Plain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Fields(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static Dictionary<string, object?> Fields(JsonElement element)
    {
        // Unlike a request, userData is not ours to refuse: of a doubled name the last one counts.
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            fields[property.Name] = Plain(property.Value);
        }

        return fields;
    }
}
