using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>Reads the <see cref="CallContext"/> of a request, whichever platform sends it.</summary>
/// <param name="options">Where else requests say it.</param>
internal sealed class CallContextReader(CallsOptions options)
{
    // In a query anyone may say them, as IMS's OpenAIExtraQuery does, and in headers.
    private const string TaskId = "task_id";
    private const string RoomId = "room_id";

    private readonly CallSource[] _id = CallSource.Parse(options.Id);
    private readonly CallSource[] _turn = CallSource.Parse(options.Turn);
    private readonly CallSource[] _caller = CallSource.Parse(options.Caller);
    private readonly CallSource[] _callee = CallSource.Parse(options.Callee);
    private readonly CallSource[] _userData = CallSource.Parse(options.UserData);
    private readonly bool _hasSources = new[] { options.Id, options.Turn, options.Caller, options.Callee, options.UserData }.Any(setting => !string.IsNullOrWhiteSpace(setting));

    /// <param name="body">The request's body.</param>
    /// <param name="http">What stands beside it.</param>
    /// <param name="platform">The platform that the settings name; null to recognise it.</param>
    public CallContext Read(JsonElement body, HttpRequest http, Dialect? platform = null)
    {
        var request = new CallRequest(body, http);
        var call = (platform ?? Dialects.Of(request)).Read(request);
        var (task, room) = (request.Query(TaskId) ?? request.Header("X-Task-Id"), request.Query(RoomId) ?? request.Header("X-Room-Id"));
        if (task is not null || room is not null)
        {
            call = call with { TaskId = task ?? call.TaskId, RoomId = room ?? call.RoomId };
        }

        return !_hasSources ? call : call with
        {
            InstanceId = Text(_id, request)?.Text ?? call.InstanceId,
            SentenceId = Text(_turn, request)?.Text ?? call.SentenceId,
            CallerNumber = Text(_caller, request)?.Text ?? call.CallerNumber,
            CalleeNumber = Text(_callee, request)?.Text ?? call.CalleeNumber,
            UserData = Data(request) ?? call.UserData,
        };
    }

    /// <summary>
    /// Refuses ids longer than ids may be, and what its platform never took; apart from reading them, so that log and transcripts can say of whose call a
    /// request is refused.
    /// </summary>
    /// <exception cref="ApiException">One is too long, or a field has the wrong type; the exception names it.</exception>
    public void Check(CallContext call, JsonElement body, HttpRequest http)
    {
        Dialects.Of(call).Check?.Invoke(new CallRequest(body, http));
        if (IsShort(call.InstanceId) && IsShort(call.SentenceId) && IsShort(call.ChannelId) && IsShort(call.CallerNumber) && IsShort(call.CalleeNumber)
            && IsShort(call.TaskId) && IsShort(call.RoomId) && IsShort(call.UserId) && IsShort(call.AgentId) && IsShort(call.AppId))
        {
            return;
        }

        var request = new CallRequest(body, http);
        foreach (var sources in (CallSource[][])[_id, _turn, _caller, _callee])
        {
            if (Text(sources, request) is { } said)
            {
                JsonField.EnsureName(said.Text, said.Source.Name);
            }
        }

        foreach (var (name, valueOf) in Dialects.Of(call).Ids.Append((TaskId, call => call.TaskId)).Append((RoomId, call => call.RoomId)))
        {
            if (valueOf(call) is { } id)
            {
                JsonField.EnsureName(id, name);
            }
        }
    }

    /// <summary>The call without the ids that <see cref="Check"/> refuses for their length.</summary>
    public static CallContext WithoutLong(CallContext call) => call with
    {
        InstanceId = Short(call.InstanceId),
        SentenceId = Short(call.SentenceId),
        ChannelId = Short(call.ChannelId),
        CallerNumber = Short(call.CallerNumber),
        CalleeNumber = Short(call.CalleeNumber),
        TaskId = Short(call.TaskId),
        RoomId = Short(call.RoomId),
        UserId = Short(call.UserId),
        AgentId = Short(call.AgentId),
        AppId = Short(call.AppId),
    };

    private static string? Short(string? id) => IsShort(id) ? id : null;

    private static bool IsShort(string? id) => id is null || id.Length <= JsonField.MaxNameLength;

    private static (string Text, CallSource Source)? Text(CallSource[] sources, CallRequest request)
    {
        foreach (var source in sources)
        {
            if (source.Text(request) is { } text)
            {
                return (text, source);
            }
        }

        return null;
    }

    private string? Data(CallRequest request)
    {
        foreach (var source in _userData)
        {
            if (source.Data(request) is { } data)
            {
                return data;
            }
        }

        return null;
    }
}
