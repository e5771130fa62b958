using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>The call of a request of Tencent's TRTC: task and room in headers. An error gives them the names of the query parameters that say the same.</summary>
internal static class TrtcCall
{
    public static Dialect Dialect { get; } = new("trtc")
    {
        Recognises = (_, request) => request.Headers.ContainsKey("X-Task-Id") || request.Headers.ContainsKey("X-Room-Id"),
        Read = Read,
    };

    private static CallContext Read(CallContext call, JsonElement body, HttpRequest request) => call with
    {
        TaskId = call.TaskId ?? Dialect.First(request.Headers["X-Task-Id"]),
        RoomId = call.RoomId ?? Dialect.First(request.Headers["X-Room-Id"]),
    };
}
