namespace Caller.Platform;

/// <summary>Platforms that are a service, with a form of their own for who calls.</summary>
internal static partial class VoicePlatforms
{
    // History is 0 by default: no earlier message is sent. How often a turn is sent again is not documented; once is a guess.
    private static VoicePlatform Trtc => new("trtc", new Uri("https://trtc.io/document/68338"))
    {
        Body = """{"model":"{model}","stream":true,"messages":"{messages}","MetaInfo":"{userData}"}""",
        FullUrl = true,
        Headers =
        [
            ("X-Task-Id", "{call}"), ("X-Request-Id", "{request}"), ("X-Sdk-App-Id", "1400000001"), ("X-User-Id", "u7"), ("X-Room-Id", "{channel}"), ("X-Room-Id-Type", "1"),
        ],
        History = 0,
        Reading = new() { Aside = ("type", "meta.info") },
        Retries = new(1, RetryKind.Failures),
        Patience = TimeSpan.FromSeconds(10),
    };

    // Custom is documented as the body's custom; public servers read its keys at the top level: both are sent. HistoryLength is 3 rounds.
    private static VoicePlatform Volcengine => new("volcengine", new Uri("https://www.volcengine.com/docs/6348/1399966"))
    {
        Body = """
            {"model":"{model}","stream":true,"temperature":0.1,"top_p":0.3,"max_tokens":1024,"round_id":"{turn}","custom":"{customText}","...":"{custom}","messages":"{messages}"}
            """,
        FullUrl = true,
        History = 6,
        Reading = new() { BlankAfterData = true },
        Patience = TimeSpan.FromSeconds(10),
        Speculates = true,
    };

    private static VoicePlatform Agora => new("agora", new Uri("https://docs.agora.io/en/conversational-ai/develop/custom-llm"))
    {
        Body = """
            {"model":"{model}","stream":true,"context":{"appId":"app-5","userId":"1001","channel":"{call}","presence":{"1001":"{userData}"}},"messages":"{messages}"}
            """,
        FullUrl = true,
        User = """{"role":"user","content":"{text}","turn_id":"{turnFrom0}","timestamp":"{time}","metadata":{"source":"asr","user":"1001"}}""",
        Assistant = """{"role":"assistant","content":"{text}","turn_id":"{turnFrom0}","timestamp":"{time}","metadata":{"source":"llm"}}""",
        Interrupted = """
            {"role":"assistant","content":"{text}","turn_id":"{turnFrom0}","timestamp":"{time}",
             "metadata":{"source":"llm","interrupted":true,"interrupt_timestamp":"{time}","original":"{original}"}}
            """,
        History = 32,
        Reading = new() { Aside = ("object", "chat.completion.custom_metadata"), AsideFirst = true },
        Speculates = true,
    };

    private static VoicePlatform Zego => new("zego", new Uri("https://www.zegocloud.com/docs/aiagent-server/guides/configuring-llm"))
    {
        Body = """
            {"model":"{model}","stream":true,"temperature":0.7,"top_p":0.9,"max_tokens":4096,"messages":"{messages}",
             "agent_info":{"room_id":"{channel}","agent_instance_id":"{call}","agent_user_id":"bot","user_id":"u7","round_id":"{turn}","time_stamp":"{time}"},"agent_extra_info":"{userData}"}
            """,
        FullUrl = true,
        History = 20,
        Reading = new() { FinishOnlyLast = true, BlankAfterData = true },
    };

    // The arguments of the system tools are not published, nor is how often it repeats (its Line SDK: twice).
    private static VoicePlatform Cartesia => new("cartesia", new Uri("https://docs.cartesia.ai/agents/custom-llms"))
    {
        Body = """{"model":"{model}","stream":true,"messages":"{messages}","tools":"{tools}"}""",
        Headers = [("Accept", "text/event-stream"), ("Idempotency-Key", "{request}")],
        Tools = "[" + EndCall + """
            ,{"type":"function","function":{"name":"transfer_to_number","description":"Transfers the call.","parameters":{"type":"object","required":["number"],
              "properties":{"number":{"type":"string"}}}}}]
            """,
        EndTool = "end_call",
        TransferTool = "transfer_to_number",
        AsksAgain = true,
        Reading = new() { CallsNeed = ["tool_calls", "stop"], MaxBytes = 256 * 1024 },
        Retries = new(2, RetryKind.Failures),
        Speculates = true,
    };

    // Nothing identifies the call: put it into the query, --query call={call}. The functions are the app's own.
    private static VoicePlatform Deepgram => new("deepgram", new Uri("https://developers.deepgram.com/docs/voice-agent-llm-models"))
    {
        Body = """{"model":"{model}","stream":true,"messages":"{messages}","tools":"{tools}"}""",
        FullUrl = true,
        Tools = $"[{LookUpRoom},{EndCall}]",
        EndTool = "end_call",
        AsksAgain = true,
    };

    // The names and arguments of its tools on the wire are not published: these are guesses.
    private static VoicePlatform Telnyx => new("telnyx", new Uri("https://developers.telnyx.com/docs/inference/ai-assistants/custom-llm"))
    {
        Body = """
            {"model":"{model}","stream":true,"messages":"{messages}","tools":"{tools}",
             "extra_metadata":{"telnyx_end_user_target":"{caller}","telnyx_agent_target":"{callee}","telnyx_conversation_channel":"phone_call","call_control_id":"{call}","...":"{userData}"}}
            """,
        Tools = """
            [{"type":"function","function":{"name":"hangup","description":"Ends the call.","parameters":{"type":"object","properties":{}}}},
             {"type":"function","function":{"name":"transfer","description":"Transfers the call.","parameters":{"type":"object","required":["to"],"properties":{"to":{"type":"string"}}}}}]
            """,
        EndTool = "hangup",
        TransferTool = "transfer",
        AsksAgain = true,
        AsksForGreeting = true,
        AsksForModels = true,
    };

    // Built-in tools carry a leading underscore.
    private static VoicePlatform FishAudio => new("fishaudio", new Uri("https://docs.fish.audio/agents/build/custom-llm"))
    {
        Body = """{"model":"{model}","stream":true,"session_id":"{call}","user_id":"{userDataText}","messages":"{messages}","tools":"{tools}"}""",
        TakesQuery = false,
        System = "You answer the hotel phone. The caller's number is {caller}, the number called {callee}.",
        Tools = """
            [{"type":"function","function":{"name":"_hang_up_call","description":"Ends the call.","parameters":{"type":"object","properties":{}}}},
             {"type":"function","function":{"name":"_transfer_call","description":"Transfers the call.","parameters":{"type":"object","required":["number"],"properties":{"number":{"type":"string"}}}}}]
            """,
        EndTool = "_hang_up_call",
        TransferTool = "_transfer_call",
        AsksAgain = true,
        Retries = new(1, RetryKind.AnyOrEmpty),
        Patience = TimeSpan.FromSeconds(10),
    };

    // The documented body names no model, and public servers' notes say that it arrives compressed.
    private static VoicePlatform Did => new("d-id", new Uri("https://docs.d-id.com/docs/custom-llms"))
    {
        Body = """{"messages":"{messages}","options":"{userData}","stream":true}""",
        FullUrl = true,
        Headers = [("X-DID-AGENT-ID", "v2_agt_5k"), ("X-DID-DISTINCT-ID", "{call}")],
        Key = ("x-api-key", "{key}"),
        Compressed = true,
        System = null,
        User = """{"role":"user","content":"{text}","created_at":"{timeText}"}""",
        Assistant = """{"role":"assistant","content":"{text}","created_at":"{timeText}"}""",
        AsksForModels = true,
    };
}
