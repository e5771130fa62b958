namespace Caller.Platform;

/// <summary>Platforms whose client is OpenAI's library, or that offer tools as OpenAI does.</summary>
internal static partial class VoicePlatforms
{
    // What variableValues and metadata hold is the customer's own; integers in metadata are Vapi's.
    private static VoicePlatform Vapi => new("vapi", new Uri("https://docs.vapi.ai/customization/custom-llm/using-your-server"))
    {
        Body = """
            {"model":"{model}","messages":"{messages}","temperature":0,"max_tokens":250,"stream":true,"tools":"{tools}",
             "call":{"id":"{call}","orgId":"org-7","type":"inboundPhoneCall","monitor":{"listenUrl":"wss://voice.example/listen","controlUrl":"https://voice.example/control"},
               "customer":{"number":"{caller}"},"phoneNumber":{"number":"{callee}"},"assistantOverrides":{"variableValues":"{userData}","metadata":{}}},
             "phoneNumber":{"number":"{callee}"},"customer":{"number":"{caller}"},"assistant":{"id":"assistant-3"},
             "metadata":{"numUserTurns":"{turn}","numAssistantTurns":"{answers}","numModelRequestInTurn":"{follow}","assistantTurnInterrupted":false},"timestamp":"{time}"}
            """,
        Headers = [("Accept", "application/json"), ("User-Agent", "OpenAI/JS 4.104.0"), ("x-stainless-retry-count", "{attempt}"), ("x-stainless-timeout", "600000")],
        Opening = "Hello!",
        Tools = """
            [{"type":"function","function":{"name":"endCall","description":"Ends the call.","parameters":{"type":"object","properties":{}}}},
             {"type":"function","function":{"name":"transferCall","description":"Transfers the call.","parameters":{"type":"object","required":["destination"],
               "properties":{"destination":{"type":"string","enum":["{transfer}"]}}}}},
             {"type":"function","function":{"name":"lookup_room","description":"Finds a room.","parameters":{"type":"object","required":["room"],"properties":{"room":{"type":"string"}}}}}]
            """,
        EndTool = "endCall",
        TransferTool = "transferCall",
        AsksAgain = true,
        Reading = new() { CallsNeed = ["tool_calls"], Command = "<flush ?/>|<flush>|</flush>" },
        Retries = RetryRules.OpenAi,
        Patience = TimeSpan.FromSeconds(20),
        Speculates = true,
        AsksForGreeting = true,
    };

    // No call id stands in the body: {{system__conversation_id}} and the numbers were put into the prompt. The arguments are those of the live schema, not of the page.
    private static VoicePlatform ElevenLabs => new("elevenlabs", new Uri("https://elevenlabs.io/docs/agents-platform/customization/llm/custom-llm"))
    {
        Body = """
            {"model":"{model}","stream":true,"temperature":0,"max_tokens":1024,"user_id":"guest-1204","elevenlabs_extra_body":"{userData}",
             "messages":"{messages}","tools":"{tools}"}
            """,
        Headers = [("Accept", "application/json")],
        System = "You answer the hotel phone. CALL_ID=conv_{call} CALLER={caller} CALLED={callee}",
        Opening = "Hello!",
        Tools = """
            [{"type":"function","function":{"name":"end_call","description":"Ends the call.","parameters":{"type":"object","required":["reason"],
               "properties":{"reason":{"type":"string"},"system__message_to_speak":{"type":"string"}}}}},
             {"type":"function","function":{"name":"transfer_to_number","description":"Transfers the call to a person.","parameters":{"type":"object",
               "required":["transfer_number","agent_message","reason"],
               "properties":{"transfer_number":{"type":"string"},"agent_message":{"type":"string"},"system__message_to_speak":{"type":"string"},"reason":{"type":"string"}}}}},
             {"type":"function","function":{"name":"skip_turn","description":"Says nothing.","parameters":{"type":"object","properties":{"reason":{"type":"string"}}}}}]
            """,
        EndTool = "end_call",
        TransferTool = "transfer_to_number",
        AsksAgain = true,
        Reading = new() { EmptyFails = true },
        Retries = new(3, RetryKind.AnyOrEmpty),
        Patience = TimeSpan.FromSeconds(4),
        Speculates = true,
    };

    // The description of end_call is the beginning and the end of the real one (beta/tools/end_call.py): a model is told by it to leave the goodbye to the next answer.
    private static VoicePlatform LiveKit => new("livekit", new Uri("https://github.com/livekit/agents"))
    {
        Body = """
            {"model":"{model}","messages":"{messages}","stream":true,"stream_options":{"include_usage":true},"metadata":"{userData}","tools":"{tools}"}
            """,
        Headers =
        [
            ("Accept", "application/json"), ("User-Agent", "LiveKit Agents/1.6.4 (python 3.12.1)"), ("x-stainless-retry-count", "0"), ("x-stainless-read-timeout", "10.0"),
            ("X-LiveKit-Room-ID", "{call}"), ("X-LiveKit-Job-ID", "AJ_93f"), ("X-LiveKit-Agent-ID", "A_1a"), ("X-LiveKit-Session-ID", "{attemptId}"),
        ],
        Tools = """
            [{"type":"function","function":{"name":"lookup_room","description":"Finds a room.","strict":true,"parameters":{"type":"object","required":["room"],"additionalProperties":false,
               "properties":{"room":{"type":"string"}}}}},
             {"type":"function","function":{"name":"end_call","description":"Ends the current call and disconnects immediately. Don't generate any other text or response when the tool is called.","strict":true,
               "parameters":{"type":"object","required":[],"additionalProperties":false,"properties":{}}}}]
            """,
        EndTool = "end_call",
        EndResult = "say goodbye to the user",
        AsksAgain = true,
        Reading = LiveKitReading,
        Retries = new(3, RetryKind.BeforeOutput),
        Patience = TimeSpan.FromSeconds(10),
        Speculates = true,
        AsksForModels = true,
    };

    // LiveKit's agents with other settings: no tools, a temperature, the opening text in the history.
    private static VoicePlatform LiveAvatar => LiveKit with
    {
        Name = "liveavatar",
        Source = new Uri("https://docs.liveavatar.com/docs/full-mode/custom-llm"),
        Body = """{"messages":"{messages}","model":"{model}","stream":true,"stream_options":{"include_usage":true},"temperature":0.5}""",
        Opening = "Hello!",
        Tools = null,
        EndTool = null,
        EndResult = null,
        AsksAgain = false,
    };

    private static ReadingRules LiveKitReading => new()
    {
        Calls = CallReading.OneAtATime,
        CallsNeed = ["tool_calls", "stop"],
        StripsThinking = true,
        Silence = TimeSpan.FromSeconds(10),
    };

    private static VoicePlatform Pipecat => new("pipecat", new Uri("https://github.com/pipecat-ai/pipecat"))
    {
        Body = """
            {"model":"{model}","stream":true,"stream_options":{"include_usage":true},"messages":"{messages}","tools":"{tools}","tool_choice":"auto"}
            """,
        Headers = OpenAiHeaders,
        Tools = $"[{LookUpRoom},{EndCall}]",
        EndTool = "end_call",
        AsksAgain = true,
        Unfinished = "IN_PROGRESS",
        Reading = new() { Calls = CallReading.FirstOfChunk, DropsTextBesideCalls = true },
        Retries = RetryRules.OpenAi,
    };

    private static VoicePlatform Bolna => new("bolna", new Uri("https://github.com/bolna-ai/bolna"))
    {
        Body = """
            {"model":"{model}","max_tokens":100,"temperature":0.1,"service_tier":"default","response_format":{"type":"text"},"messages":"{messages}","stream":true,
             "stream_options":{"include_usage":true},"stop":["User:"],"tools":"{tools}","tool_choice":"auto","parallel_tool_calls":false}
            """,
        Headers = OpenAiHeaders,
        Tools = "[" + LookUpRoom + """
             ,{"type":"function","function":{"name":"end_call","description":"Ends the call.","parameters":{"type":"object","required":["reason"],"properties":{"reason":{"type":"string"}}}}},
             {"type":"function","function":{"name":"transfer_call_desk","description":"Transfers the call to the desk.","parameters":{"type":"object","properties":{}}}}]
            """,
        EndTool = "end_call",
        TransferTool = "transfer_call_desk",
        AsksAgain = true,
        Reading = new() { Calls = CallReading.IndexZero, DropsTextBesideCalls = true },
        Retries = RetryRules.OpenAi,
    };

    private static VoicePlatform Vocode => new("vocode", new Uri("https://github.com/vocodedev/vocode-core"))
    {
        Body = """{"model":"{model}","messages":"{messages}","max_tokens":256,"temperature":1.0,"stream":true,"functions":"{tools}"}""",
        Headers = OpenAiHeaders,
        Tools = """
            [{"name":"lookup","description":"Finds a room.","parameters":{"type":"object","required":["room"],"properties":{"room":{"type":"string"}}}},
             {"name":"action_end_conversation","description":"Ends the conversation.","parameters":{"type":"object","properties":{}}}]
            """,
        Legacy = true,
        EndTool = "action_end_conversation",
        AsksAgain = true,
        Reading = new() { Calls = CallReading.Legacy },
        Retries = RetryRules.OpenAi,
    };
}
