namespace Switchboard.Upstream;

/// <summary>
/// How one service, or one family of its models, wants to be asked: a line of <see cref="UpstreamProfiles"/>. What is not said is what no
/// known server refuses.
/// </summary>
/// <param name="Service">Whose it is: what <c>Profile</c> names.</param>
/// <param name="Models">Which of its models, as a regular expression on the name, letter case ignored. Default all.</param>
internal sealed record UpstreamProfile(UpstreamService Service, string Models = "")
{
    /// <summary>The field that limits an answer's tokens.</summary>
    public TokenLimitField TokenLimit { get; init; } = TokenLimitField.MaxTokens;

    /// <summary>Whether the role <c>developer</c> is known.</summary>
    public bool KnowsDeveloper { get; init; }

    /// <summary>Whether a system message is taken wherever it stands; else only one, at the head.</summary>
    public bool TakesSystemAnywhere { get; init; }

    /// <summary>Whether tools of the type <c>custom</c> are known, and a <c>tool_choice</c> of one or of <c>allowed_tools</c>.</summary>
    public bool KnowsCustomTools { get; init; }

    /// <summary>Whether messages may have parts of the type <c>file</c>.</summary>
    public bool TakesFiles { get; init; }

    /// <summary>Fields that are refused, or refused with what is sent here by default: the platform's are left out. Names, between spaces.</summary>
    public string Refuses { get; init; } = "";

    /// <summary>The same, unless thinking is off.</summary>
    public string RefusesThinking { get; init; } = "";

    /// <summary>The JSON that switches thinking off, or as far down as it goes. Null where there is nothing to switch.</summary>
    public string? Off { get; init; }

    /// <summary>The JSON that switches thinking on. Null where it is always on, or never.</summary>
    public string? On { get; init; }

    /// <summary>What is sent instead, whether on or off, in a request that has tools. Null: the same.</summary>
    public string? BesideTools { get; init; }

    /// <summary>Whether the <c>reasoning_content</c> of an answer with tool calls has to come back with their results.</summary>
    public bool WantsReasoning { get; init; }

    /// <summary>Whether tool calls have to come back with the signatures that they came with.</summary>
    public bool WantsSignatures { get; init; }

    /// <summary>Whether the <c>reasoning_details</c> of an answer with tool calls have to come back with their results.</summary>
    public bool WantsDetails { get; init; }

    /// <summary>Whether chunks are padded with random text, which <c>stream_options.include_obfuscation</c> switches off.</summary>
    public bool SendsObfuscation { get; init; }

    /// <summary>Whether there is a <c>prompt_cache_key</c>.</summary>
    public bool HasPromptCacheKey { get; init; }

    /// <summary>Whether each delta repeats all that came before.</summary>
    public bool SendsCumulativeDeltas { get; init; }
}

/// <summary>The services whose ways are known: the values of <c>Profile</c>.</summary>
public enum UpstreamService
{
    /// <summary>Any other: asked with nothing but what every server is known to take.</summary>
    Unknown,

    /// <summary>OpenAI.</summary>
    OpenAI,

    /// <summary>Azure OpenAI and Azure AI Foundry.</summary>
    AzureOpenAI,

    /// <summary>Alibaba Cloud Model Studio, in the mode compatible with OpenAI.</summary>
    DashScope,

    /// <summary>DeepSeek.</summary>
    DeepSeek,

    /// <summary>Google's Gemini API, at its address compatible with OpenAI.</summary>
    Gemini,

    /// <summary>Mistral AI.</summary>
    Mistral,

    /// <summary>Groq.</summary>
    Groq,

    /// <summary>xAI.</summary>
    XAI,

    /// <summary>Moonshot AI (Kimi).</summary>
    Moonshot,

    /// <summary>Zhipu and Z.ai (GLM).</summary>
    Zhipu,

    /// <summary>OpenRouter.</summary>
    OpenRouter,

    /// <summary>A vLLM server.</summary>
    Vllm,

    /// <summary>An SGLang server.</summary>
    Sglang,

    /// <summary>llama.cpp's server.</summary>
    LlamaCpp,

    /// <summary>Ollama.</summary>
    Ollama,
}

/// <summary>Whether a model thinks before it speaks.</summary>
public enum UpstreamThinking
{
    /// <summary>Not, or as little as it can: a caller hears nothing meanwhile.</summary>
    Off,

    /// <summary>As the service has it by itself, or the platform asks.</summary>
    Default,

    /// <summary>It does.</summary>
    On,
}
