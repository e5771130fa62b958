using System.Text.Json;

namespace Switchboard.Platforms;

/// <summary>
/// The call of a request of Agora's conversational engine: the channel in <c>context</c>, where it is sent, and the turn on the caller's message, where
/// the vendor is <c>custom</c>.
/// </summary>
/// <remarks>https://docs.agora.io/en/conversational-ai/develop/custom-llm and AgoraIO-Conversational-AI/server-custom-llm</remarks>
internal static class AgoraCall
{
    private const string Name = "agora";

    public static Dialect Dialect { get; } = new(Name)
    {
        // All messages have a turn but the prompt's, so that one is enough.
        Recognises = request => IsContext(request["context"u8]) || (Last(request["messages"u8]) is var last && last.At("turn_id"u8).IsId()
            && (last.At("timestamp"u8).IsId() || last.At("metadata"u8).At("source"u8).IsId())),
        Read = request =>
        {
            var context = request["context"u8];
            var said = LastOfCaller(request["messages"u8]);
            var channel = context.At("channel"u8).Text();
            return new()
            {
                Platform = Name,
                InstanceId = channel,
                ChannelId = channel,
                SentenceId = said.At("turn_id"u8).Text(),
                UserData = context.At("presence"u8).Data(),
                UserId = said.At("metadata"u8).At("user"u8).Text() ?? context.At("userId"u8).Text(),
                AppId = context.At("appId"u8).Text(),
            };
        },
        Ids =
        [
            ("context.channel", call => call.InstanceId),
            ("messages.turn_id", call => call.SentenceId),
            ("context.userId", call => call.UserId),
            ("context.appId", call => call.AppId),
        ],
        Answer = new() { TakesSteering = true },
    };

    private static bool IsContext(JsonElement context) =>
        context.At("channel"u8).IsId() && (context.At("appId"u8).IsId() || context.At("userId"u8).IsId() || context.At("presence"u8).IsObject());

    private static JsonElement Last(JsonElement messages)
    {
        JsonElement last = default;
        if (messages.ValueKind is JsonValueKind.Array)
        {
            foreach (var message in messages.EnumerateArray())
            {
                last = message;
            }
        }

        return last;
    }

    private static JsonElement LastOfCaller(JsonElement messages)
    {
        if (Last(messages) is var last && IsCallers(last))
        {
            return last;
        }

        last = default;
        if (messages.ValueKind is JsonValueKind.Array)
        {
            foreach (var message in messages.EnumerateArray())
            {
                last = IsCallers(message) ? message : last;
            }
        }

        return last;
    }

    private static bool IsCallers(JsonElement message) => message.At("role"u8) is { ValueKind: JsonValueKind.String } role && role.ValueEquals("user"u8);
}
