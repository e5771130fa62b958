namespace Switchboard.Platforms;

/// <summary>The call of a request of Tencent's TRTC: task, turn, room and person in headers, and <c>MetaInfo</c> in the body.</summary>
/// <remarks>https://trtc.io/document/68338</remarks>
internal static class TrtcCall
{
    private const string Name = "trtc";
    private const string Task = "X-Task-Id";
    private const string Turn = "X-Request-Id";
    // So an older page spells it.
    private const string MisspeltTurn = "X-Rquest-Id";
    private const string Room = "X-Room-Id";
    private const string App = "X-Sdk-App-Id";
    private const string User = "X-User-Id";

    public static Dialect Dialect { get; } = new(Name)
    {
        // The task alone may be said by anybody, and the turn by every gateway.
        Recognises = request => request.Header(Task) is not null && (request.Header(App) is not null || request.Header(MisspeltTurn) is not null),
        Read = request => new()
        {
            Platform = Name,
            InstanceId = request.Header(Task),
            SentenceId = request.Header(Turn) ?? request.Header(MisspeltTurn),
            UserData = request["MetaInfo"u8].Data(),
            TaskId = request.Header(Task),
            RoomId = request.Header(Room),
            UserId = request.Header(User),
            AppId = request.Header(App),
        },
        Ids =
        [
            (Task, call => call.InstanceId),
            (Turn, call => call.SentenceId),
            (Room, call => call.RoomId),
            (User, call => call.UserId),
            (App, call => call.AppId),
        ],
    };
}
