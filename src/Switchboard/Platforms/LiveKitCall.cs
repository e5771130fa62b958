namespace Switchboard.Platforms;

/// <summary>
/// The call of a request of LiveKit Agents, and of LiveAvatar, which is one of them: the room in a header. The header <c>X-LiveKit-Session-ID</c> is
/// another one at each attempt and tells nothing; <c>X-LiveKit-Worker-Token</c> is a secret and is never read.
/// </summary>
/// <remarks>livekit/agents, livekit-agents/livekit/agents/inference/_utils.py, and https://docs.liveavatar.com/docs/full-mode/custom-llm</remarks>
internal static class LiveKitCall
{
    private const string Name = "livekit";
    private const string Room = "X-LiveKit-Room-ID";
    private const string Job = "X-LiveKit-Job-ID";
    private const string Agent = "X-LiveKit-Agent-ID";

    public static Dialect Dialect { get; } = new(Name)
    {
        Recognises = request => request.Header(Room) is not null || request.Header(Job) is not null,
        Control = new() { LastWords = LastWords.AfterCall },
        Read = request => new()
        {
            Platform = Name,
            InstanceId = request.Header(Room) ?? request.Header(Job),
            // What the app has set.
            UserData = request["metadata"u8].Data(),
            UserId = request["user"u8].Text(),
            AgentId = request.Header(Agent),
        },
        Ids = [(Room, call => call.InstanceId), ("user", call => call.UserId), (Agent, call => call.AgentId)],
    };
}
