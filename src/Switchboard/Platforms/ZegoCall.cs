namespace Switchboard.Platforms;

/// <summary>The call of a request of ZEGO's AI agents: <c>agent_info</c>, which comes with <c>AddAgentInfo</c>, and <c>agent_extra_info</c>.</summary>
/// <remarks>https://docs.zegocloud.com/aiagent/en/server/guides/configuring-llm</remarks>
internal static class ZegoCall
{
    private const string Name = "zego";

    public static Dialect Dialect { get; } = new(Name)
    {
        Recognises = request => request["agent_info"u8] is var info && (info.At("agent_instance_id"u8).IsId() || info.At("round_id"u8).IsId()),
        Read = request =>
        {
            var info = request["agent_info"u8];
            return new()
            {
                Platform = Name,
                InstanceId = info.At("agent_instance_id"u8).Text(),
                SentenceId = info.At("round_id"u8).Text(),
                UserData = request["agent_extra_info"u8].Data(),
                RoomId = info.At("room_id"u8).Text(),
                UserId = info.At("user_id"u8).Text(),
                AgentId = info.At("agent_user_id"u8).Text(),
            };
        },
        Ids =
        [
            ("agent_info.agent_instance_id", call => call.InstanceId),
            ("agent_info.round_id", call => call.SentenceId),
            ("agent_info.room_id", call => call.RoomId),
            ("agent_info.user_id", call => call.UserId),
            ("agent_info.agent_user_id", call => call.AgentId),
        ],
        // With one before the end nothing is spoken: the page above.
        Answer = new() { FinishesInLastChunkOnly = true },
    };
}
