using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>
/// Reads the <see cref="CallContext"/>: <c>extendData</c> in the body as the IMS real-time workflow sends it, task and room
/// from the query (its <c>OpenAIExtraQuery</c>) or from the headers of Tencent's TRTC.
/// </summary>
internal static class CallContextReader
{
    private const string ExtendData = "extendData";

    /// <exception cref="ApiException">A field has the wrong type; the exception names it.</exception>
    public static CallContext Read(JsonElement body, HttpRequest request)
    {
        var call = new CallContext
        {
            TaskId = First(request, "task_id", "X-Task-Id"),
            RoomId = First(request, "room_id", "X-Room-Id"),
        };

        return new JsonField(body).Find(ExtendData)?.Object() is not { } data ? call : call with
        {
            InstanceId = Text(data.Find("instanceId")),
            ChannelId = Text(data.Find("channelId")),
            SentenceId = Text(data.Find("sentenceId")),
            UserData = data.Find("userData") is { } userData ? AsText(userData.Value) : null,
            CallerNumber = Text(data.Find("callerNumber")),
            CalleeNumber = Text(data.Find("calleeNumber")),
        };
    }

    /// <summary>Refuses ids longer than ids may be; apart from reading them, so that the log can say of whose call a request is refused.</summary>
    /// <exception cref="ApiException">One is too long; the exception names it.</exception>
    public static void EnsureShort(CallContext call)
    {
        Ensure(call.InstanceId, $"{ExtendData}.instanceId");
        Ensure(call.ChannelId, $"{ExtendData}.channelId");
        Ensure(call.SentenceId, $"{ExtendData}.sentenceId");
        Ensure(call.CallerNumber, $"{ExtendData}.callerNumber");
        Ensure(call.CalleeNumber, $"{ExtendData}.calleeNumber");
        Ensure(call.TaskId, "task_id");
        Ensure(call.RoomId, "room_id");
    }

    private static void Ensure(string? id, string path) => _ = id is null ? null : JsonField.EnsureName(id, path);

    // The manual types ids as text or Int and shows both forms, so a number is taken as its digits.
    private static string? Text(JsonField? field) => field switch
    {
        null => null,
        { Value.ValueKind: JsonValueKind.Number } number => number.Value.GetRawText(),
        { Value.ValueKind: JsonValueKind.String } text => text.Text(),
        { } other => throw other.Invalid("expected a string or a number"),
    };

    private static string AsText(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string? First(HttpRequest request, string query, string header) =>
        request.Query[query] is [{ Length: > 0 } fromQuery, ..] ? fromQuery
        : request.Headers[header] is [{ Length: > 0 } fromHeader, ..] ? fromHeader
        : null;
}
