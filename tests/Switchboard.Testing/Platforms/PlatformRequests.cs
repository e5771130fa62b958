namespace Switchboard.Testing;

/// <summary>A request of each platform, as its documentation or its client's source prints it; the values are invented.</summary>
internal static class PlatformRequests
{
    private const string Messages = """[{"role":"system","content":"You answer the hotel phone."},{"role":"assistant","content":"Good morning, how can I help?"},{"role":"user","content":"Until when is breakfast?"}]""";

    private const string LookUp = """{"type":"function","function":{"name":"lookup_room","description":"Finds a free room.","parameters":{"type":"object","properties":{"guests":{"type":"integer"}}}}}""";

    /// <summary>https://help.aliyun.com/zh/ims/user-guide/llm-configuration</summary>
    public static PlatformRequest Ims { get; } = Of("ims", """
        {"model":"front-desk","stream":true,"messages":@messages,
         "extendData":{"instanceId":"5d1c07e2a9b44f","channelId":"ch-77","sentenceId":4,"callerNumber":"13812340000","calleeNumber":"02155550000","userData":"{\"room\":\"1204\"}"}}
        """) with
    {
        Path = "/v1/chat/completions?tenant=blue",
        Turn = "body:extendData.sentenceId",
    };

    /// <summary>https://docs.vapi.ai/customization/custom-llm/using-your-server</summary>
    public static PlatformRequest Vapi { get; } = Of(
        "vapi",
        """
        {"model":"front-desk","messages":@messages,"temperature":0,"max_tokens":250,"stream":true,
         "tools":[{"type":"function","function":{"name":"endCall","description":"Ends the call.","parameters":{"type":"object","properties":{}}}},
           {"type":"function","function":{"name":"transferCall","parameters":{"type":"object","required":["destination"],"properties":{"destination":{"type":"string","enum":["+14155550111"]}}}}}],
         "call":{"id":"0b6f2a41-77d0","orgId":"org-3","type":"inboundPhoneCall","monitor":{"listenUrl":"wss://listen.example.com/secret-listen","controlUrl":"https://control.example.com/secret-control"},
           "customer":{"number":"+14155550100"},"phoneNumber":{"number":"+14155550199"},"assistantOverrides":{"variableValues":{"room":"1204"},"metadata":{}}},
         "phoneNumber":{"number":"+14155550199"},"customer":{"number":"+14155550100"},"assistant":{"id":"as-12","server":{"secret":"secret-assistant"}},
         "metadata":{"tenant":"blue","numUserTurns":1,"numAssistantTurns":1,"numModelRequestInTurn":0,"assistantTurnInterrupted":false},"timestamp":1793000000000.0}
        """,
        ("x-stainless-retry-count", "0"),
        ("x-stainless-timeout", "600000")) with
    {
        Turn = "body:metadata.numUserTurns",
    };

    /// <summary>https://elevenlabs.io/docs/eleven-agents/customization/llm/custom-llm</summary>
    public static PlatformRequest ElevenLabs { get; } = Of("elevenlabs", """
        {"model":"front-desk","stream":true,"temperature":0,"max_tokens":1024,"user_id":"guest-1204","elevenlabs_extra_body":{"session":"s-88"},
         "messages":[{"role":"system","content":"You answer the hotel phone. CALL_ID=conv_01h7 CALLER=+14155550100"},{"role":"assistant","content":"Hello!"},{"role":"user","content":"Hi"}],
         "tools":[{"type":"function","function":{"name":"end_call","parameters":{"type":"object","required":["reason"],"properties":{"reason":{"type":"string"},"system__message_to_speak":{"type":"string"}}}}},
           {"type":"function","function":{"name":"transfer_to_number","parameters":{"type":"object","required":["transfer_number","agent_message"],
             "properties":{"transfer_number":{"type":"string"},"system__message_to_speak":{"type":"string"},"agent_message":{"type":"string"},"reason":{"type":"string"}}}}}]}
        """);

    /// <summary>livekit/agents, livekit-agents/livekit/agents/inference/llm.py</summary>
    public static PlatformRequest LiveKit { get; } = Of(
        "livekit",
        """
        {"model":"front-desk","messages":@messages,"stream":true,"stream_options":{"include_usage":true},
         "tools":[{"type":"function","function":{"name":"lookup_room","strict":true,"parameters":{"type":"object","properties":{"guests":{"type":"integer"}},"required":["guests"],"additionalProperties":false}}},
           {"type":"function","function":{"name":"end_call","description":"Ends the call.","parameters":{"type":"object","properties":{}}}}]}
        """,
        ("User-Agent", "LiveKit Agents/1.6.4 (python 3.12.1)"),
        ("x-stainless-retry-count", "0"),
        ("x-stainless-read-timeout", "10.0"),
        ("X-LiveKit-Room-ID", "RM_x7Kd2"),
        ("X-LiveKit-Job-ID", "AJ_93f"),
        ("X-LiveKit-Agent-ID", "A_1a"),
        ("X-LiveKit-Session-ID", "6c1e07"),
        ("X-LiveKit-Worker-Token", "secret-worker"));

    /// <summary>https://docs.liveavatar.com/docs/full-mode/custom-llm: LiveKit, without tools</summary>
    public static PlatformRequest LiveAvatar { get; } = Of(
        "livekit",
        """{"messages":@messages,"model":"front-desk","stream":true,"stream_options":{"include_usage":true},"temperature":0.5}""",
        ("x-stainless-read-timeout", "10.0"),
        ("x-livekit-room-id", "RM_x7Kd2"),
        ("x-livekit-job-id", "AJ_93f"),
        ("x-livekit-agent-id", "A_1a"));

    /// <summary>pipecat-ai/pipecat, src/pipecat/services/openai/base_llm.py</summary>
    public static PlatformRequest Pipecat { get; } = Of(
        "pipecat",
        """
        {"model":"gpt-4.1","stream":true,"stream_options":{"include_usage":true},"messages":@messages,"tools":[@look_up],"tool_choice":"auto"}
        """,
        ("User-Agent", "AsyncOpenAI/Python 2.8.1"),
        ("x-stainless-retry-count", "0"),
        ("x-stainless-read-timeout", "600"));

    /// <summary>https://trtc.io/document/68338</summary>
    public static PlatformRequest Trtc { get; } = Of(
        "trtc",
        """{"model":"front-desk","stream":true,"messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"你好"}],"MetaInfo":{"tenant":"blue"}}""",
        ("X-Task-Id", "task-5f"),
        ("X-Request-Id", "req-91"),
        ("X-Sdk-App-Id", "1400000001"),
        ("X-User-Id", "u7"),
        ("X-Room-Id", "8801"),
        ("X-Room-Id-Type", "0")) with
    {
        Turn = "header:X-Request-Id",
    };

    /// <summary>https://www.volcengine.com/docs/6348/1399966</summary>
    public static PlatformRequest Volcengine { get; } = Of(
        "volcengine",
        """
        {"model":"front-desk","stream":true,"temperature":0.1,"top_p":0.3,"max_tokens":1024,"round_id":4,"custom":"{\"call\":\"c-9\"}","call":"c-9",
         "messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"你好"}]}
        """,
        ("X-Tenant", "blue")) with
    {
        Path = "/v1/chat/completions?session_id=s-88",
        Turn = "body:round_id",
    };

    /// <summary>https://docs.agora.io/en/conversational-ai/develop/custom-llm</summary>
    public static PlatformRequest Agora { get; } = Of("agora", """
        {"model":"front-desk","stream":true,"context":{"appId":"app-6","userId":"1001","channel":"room-8","presence":{"1001":{"page":"offers"}}},
         "messages":[{"role":"system","content":"You answer the hotel phone."},
          {"role":"assistant","content":"We have two ","turn_id":2,"timestamp":1793000001000,"metadata":{"source":"llm","interrupted":true,"interrupt_timestamp":1793000002000,"original":"We have two rooms left."}},
          {"role":"user","content":"Which ones?","turn_id":3,"timestamp":1793000003000,"metadata":{"source":"asr","user":"1001"}}]}
        """);

    /// <summary>https://docs.zegocloud.com/aiagent/en/server/guides/configuring-llm</summary>
    public static PlatformRequest Zego { get; } = Of("zego", """
        {"model":"front-desk","stream":true,"temperature":0.7,"top_p":0.9,"max_tokens":4096,"messages":@messages,
         "agent_info":{"room_id":"r8","agent_instance_id":"1912405","agent_user_id":"bot","user_id":"u7","round_id":4,"time_stamp":1793000000000},"agent_extra_info":{"tenant":"blue"}}
        """) with
    {
        Turn = "body:agent_info.round_id",
    };

    /// <summary>https://docs.cartesia.ai/agents/custom-llms</summary>
    public static PlatformRequest Cartesia { get; } = Of(
        "cartesia",
        """
        {"model":"front-desk","stream":true,"messages":@messages,
         "tools":[{"type":"function","function":{"name":"end_call","parameters":{"type":"object","properties":{}}}},
           {"type":"function","function":{"name":"transfer_to_number","parameters":{"type":"object","required":["number"],"properties":{"number":{"type":"string","enum":["+14155550111"]}}}}}]}
        """,
        ("Idempotency-Key", "7b1e-1")) with
    {
        Turn = "header:Idempotency-Key",
    };

    /// <summary>https://developers.deepgram.com/docs/voice-agent-llm-models: the URL alone can name the call</summary>
    public static PlatformRequest Deepgram { get; } = Of("deepgram", """
        {"model":"front-desk","stream":true,"messages":@messages,"tools":[@look_up]}
        """) with
    {
        Path = "/v1/chat/completions?call=c-9",
    };

    /// <summary>https://developers.telnyx.com/docs/inference/ai-assistants/custom-llm</summary>
    public static PlatformRequest Telnyx { get; } = Of("telnyx", """
        {"model":"front-desk","stream":true,"messages":@messages,
         "tools":[{"type":"function","function":{"name":"hangup","parameters":{"type":"object","properties":{}}}},
           {"type":"function","function":{"name":"transfer","parameters":{"type":"object","required":["to"],"properties":{"to":{"type":"string","enum":["+14155550111"]}}}}}],
         "extra_metadata":{"telnyx_end_user_target":"+13125550123","telnyx_agent_target":"+13125550100","telnyx_conversation_channel":"phone_call","call_control_id":"v3:u5OA","tenant":"blue"}}
        """);

    /// <summary>https://docs.fish.audio/agents/build/custom-llm</summary>
    public static PlatformRequest FishAudio { get; } = Of("fishaudio", """
        {"model":"front-desk","stream":true,"session_id":"ses_41","user_id":"guest-1204","messages":@messages,
         "tools":[{"type":"function","function":{"name":"hang_up_call","parameters":{"type":"object","properties":{}}}},
           {"type":"function","function":{"name":"_transfer_call","parameters":{"type":"object","required":["number"],"properties":{"number":{"type":"string","enum":["+14155550111"]}}}}}]}
        """);

    /// <summary>https://docs.d-id.com/docs/custom-llms: no model, and compressed</summary>
    public static PlatformRequest Did { get; } = Of(
        "d-id",
        """{"messages":[{"role":"user","content":"Hi","created_at":"2026-10-30T12:51:16.946Z"}],"options":{"description":"The hotel."},"stream":true}""",
        ("X-DID-AGENT-ID", "v2_agt_5c"),
        ("X-DID-DISTINCT-ID", "person-3"),
        ("Content-Encoding", "br")) with
    {
        KeyHeader = "x-api-key",
    };

    /// <summary>bolna-ai/bolna, bolna/llms/openai_llm.py</summary>
    public static PlatformRequest Bolna { get; } = Of(
        "bolna",
        """
        {"model":"front-desk","max_tokens":100,"temperature":0.1,"service_tier":"default","response_format":{"type":"text"},"messages":@messages,"stream":true,
         "stream_options":{"include_usage":true},"stop":["User:"],"tool_choice":"auto","parallel_tool_calls":false,
         "tools":[{"type":"function","function":{"name":"end_call","parameters":{"type":"object","required":["reason"],"properties":{"reason":{"type":"string"}}}}},
           {"type":"function","function":{"name":"transfer_call_desk","parameters":{"type":"object","required":["call_transfer_number"],"properties":{"call_transfer_number":{"type":"string"}}}}}]}
        """,
        ("User-Agent", "AsyncOpenAI/Python 2.8.1"),
        ("x-stainless-retry-count", "0"));

    /// <summary>vocodedev/vocode-core, vocode/streaming/agent/chat_gpt_agent.py</summary>
    public static PlatformRequest Vocode { get; } = Of("vocode", """
        {"model":"front-desk","messages":[{"role":"assistant","content":"","function_call":{"name":"lookup","arguments":"{}"}},{"role":"function","name":"lookup","content":"Two rooms."},{"role":"user","content":"Hi"}],
         "max_tokens":256,"temperature":1.0,"stream":true,
         "functions":[{"name":"action_end_conversation","description":"Ends the conversation.","parameters":{"type":"object","properties":{}}}]}
        """);

    /// <summary>One of each, LiveAvatar too.</summary>
    public static IReadOnlyList<PlatformRequest> All { get; } =
        [Ims, Vapi, ElevenLabs, LiveKit, LiveAvatar, Pipecat, Trtc, Volcengine, Agora, Zego, Cartesia, Deepgram, Telnyx, FishAudio, Did, Bolna, Vocode];

    private static PlatformRequest Of(string platform, string json, params IReadOnlyList<(string Name, string Value)> headers) =>
        new(platform, json.Replace("@messages", Messages, StringComparison.Ordinal).Replace("@look_up", LookUp, StringComparison.Ordinal), headers);
}
