namespace Caller.Platform;

/// <summary>
/// The platforms that can be played, a row each. What is sent is what the vendor's pages and client sources say; the values are made up.
/// Where neither says something, and only other people's servers or a guess do, the row says so.
/// </summary>
internal static partial class VoicePlatforms
{
    public const string ImsName = "ims";

    /// <summary>ElevenLabs: a tool that says nothing and waits for the caller.</summary>
    public const string SkipTurn = "skip_turn";

    private const string LookUpRoom = """{"type":"function","function":{"name":"lookup_room","description":"Finds a room.","parameters":{"type":"object","required":["room"],"properties":{"room":{"type":"string"}}}}}""";
    private const string EndCall = """{"type":"function","function":{"name":"end_call","description":"Ends the call when the caller is done.","parameters":{"type":"object","properties":{}}}}""";

    /// <summary>OpenAI's libraries ask for JSON and count their repeats (openai/openai-python, <c>_base_client.py</c>).</summary>
    private static readonly (string, string)[] OpenAiHeaders =
        [("Accept", "application/json"), ("User-Agent", "AsyncOpenAI/Python 2.8.1"), ("x-stainless-retry-count", "{attempt}"), ("x-stainless-read-timeout", "600")];

    public static readonly VoicePlatform Ims = new(ImsName, new Uri("https://www.alibabacloud.com/help/en/ims/user-guide/llm-configuration"))
    {
        Body = """
            {"messages":"{messages}","model":"{model}","stream":true,"extendData":{"instanceId":"{call}","channelId":"{channel}","sentenceId":"{turn}",
             "userData":"{userDataText}","callerNumber":"{caller}","calleeNumber":"{callee}"}}
            """,
        System = null,
        History = 19,
        Directives = true,
    };

    private static readonly VoicePlatform OpenAi = new("openai", new Uri("https://platform.openai.com/docs/api-reference/chat/create"))
    {
        Body = """{"model":"{model}","messages":"{messages}","stream":true}""",
        Headers = OpenAiHeaders,
        Retries = RetryRules.OpenAi,
    };

    public static readonly IReadOnlyList<VoicePlatform> All =
    [
        Ims, Vapi, ElevenLabs, LiveKit, LiveAvatar, Pipecat, Trtc, Volcengine, Agora, Zego, Cartesia, Deepgram, Telnyx, FishAudio, Did, Bolna, Vocode, OpenAi,
    ];

    public static string Names => string.Join(", ", All.Select(platform => platform.Name));

    /// <summary>The platform of that name, letter case ignored; null: there is none.</summary>
    public static VoicePlatform? Find(string name) => All.FirstOrDefault(platform => platform.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
