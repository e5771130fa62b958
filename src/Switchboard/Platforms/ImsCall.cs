using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>
/// The call of a request of the real-time workflow of Alibaba Cloud IMS: <c>extendData</c> in the body, and task and room in the query, which its
/// <c>OpenAIExtraQuery</c> adds.
/// </summary>
internal static class ImsCall
{
    private const string ExtendData = "extendData";
    private const string InstanceId = "instanceId";
    private const string ChannelId = "channelId";
    private const string SentenceId = "sentenceId";
    private const string CallerNumber = "callerNumber";
    private const string CalleeNumber = "calleeNumber";
    private const string TaskId = "task_id";
    private const string RoomId = "room_id";

    public static Dialect Dialect { get; } = new(
        Read,
        ($"{ExtendData}.{InstanceId}", call => call.InstanceId),
        ($"{ExtendData}.{ChannelId}", call => call.ChannelId),
        ($"{ExtendData}.{SentenceId}", call => call.SentenceId),
        ($"{ExtendData}.{CallerNumber}", call => call.CallerNumber),
        ($"{ExtendData}.{CalleeNumber}", call => call.CalleeNumber),
        (TaskId, call => call.TaskId),
        (RoomId, call => call.RoomId));

    private static CallContext Read(CallContext call, JsonElement body, HttpRequest request)
    {
        call = call with
        {
            TaskId = call.TaskId ?? Dialect.First(request.Query[TaskId]),
            RoomId = call.RoomId ?? Dialect.First(request.Query[RoomId]),
        };
        return new JsonField(body).Find(ExtendData)?.Object() is not { } data ? call : call with
        {
            InstanceId = call.InstanceId ?? Text(data.Find(InstanceId)),
            ChannelId = call.ChannelId ?? Text(data.Find(ChannelId)),
            SentenceId = call.SentenceId ?? Text(data.Find(SentenceId)),
            UserData = call.UserData ?? (data.Find("userData") is { } userData ? AsText(userData.Value) : null),
            CallerNumber = call.CallerNumber ?? Text(data.Find(CallerNumber)),
            CalleeNumber = call.CalleeNumber ?? Text(data.Find(CalleeNumber)),
        };
    }

    // The manual types ids as text or Int and shows both forms, so a number is taken as its digits.
    private static string? Text(JsonField? field) => field switch
    {
        null => null,
        { Value.ValueKind: JsonValueKind.Number } number => number.Value.GetRawText(),
        { Value.ValueKind: JsonValueKind.String } text => text.Text(),
        { } other => throw other.Invalid("expected a string or a number"),
    };

    private static string AsText(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
