using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>Reads the <see cref="CallContext"/> of a request, whichever platform sends it.</summary>
internal static class CallContextReader
{
    private const string TaskId = "task_id";
    private const string RoomId = "room_id";

    /// <exception cref="ApiException">A field has the wrong type; the exception names it.</exception>
    public static CallContext Read(JsonElement body, HttpRequest request)
    {
        var dialect = Dialects.Of(body, request);
        // In a query anyone may say them: IMS's OpenAIExtraQuery adds them there.
        var call = new CallContext
        {
            Platform = dialect == Dialects.Plain ? null : dialect.Name,
            TaskId = Dialect.First(request.Query[TaskId]),
            RoomId = Dialect.First(request.Query[RoomId]),
        };
        return dialect.Read(call, body, request);
    }

    /// <summary>Refuses ids longer than ids may be; apart from reading them, so that the log can say of whose call a request is refused.</summary>
    /// <exception cref="ApiException">One is too long; the exception names it.</exception>
    public static void EnsureShort(CallContext call)
    {
        foreach (var (name, valueOf) in Dialects.Of(call).Ids.Append((TaskId, call => call.TaskId)).Append((RoomId, call => call.RoomId)))
        {
            if (valueOf(call) is { } id)
            {
                JsonField.EnsureName(id, name);
            }
        }
    }
}
