using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

/// <summary>
/// Streams in the form in which each service of the table of profiles sends them, with texts of our own. A line is the data of an event, or a comment.
/// Those that <see cref="RecordedStreams"/> has are taken from there.
/// </summary>
internal static class ProfileStreams
{
    /// <summary>https://ai.google.dev/gemini-api/docs/openai: a finish reason beside text, a call in one piece without an index, its signature, <c>stop</c> after it.</summary>
    private const string Gemini = """
        {"choices":[{"delta":{"content":"One moment, ","role":"assistant"},"index":0}],"created":1760000020,"id":"gm-1","model":"gemini-3-flash","object":"chat.completion.chunk"}
        {"choices":[{"delta":{"content":"please.","role":"assistant"},"finish_reason":"stop","index":0}],"created":1760000020,"id":"gm-1","model":"gemini-3-flash","object":"chat.completion.chunk","usage":{"completion_tokens":9,"prompt_tokens":40,"total_tokens":49}}
        {"choices":[{"delta":{"role":"assistant","tool_calls":[{"extra_content":{"google":{"thought_signature":"c2ln"}},"function":{"arguments":"{\"day\":\"monday\"}","name":"get_hours"},"id":"function-call-77","type":"function"}]},"finish_reason":"stop","index":0}],"created":1760000020,"id":"gm-1","model":"gemini-3-flash","object":"chat.completion.chunk","usage":{"completion_tokens":21,"prompt_tokens":40,"total_tokens":61}}
        [DONE]
        """;

    /// <summary>https://docs.mistral.ai/api/endpoint/chat: thoughts among the parts of the content, the padding <c>p</c>, the usage beside the finish reason.</summary>
    private const string Mistral = """
        {"id":"ms-1","object":"chat.completion.chunk","created":1760000021,"model":"mistral-medium-latest","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null,"logprobs":null}],"p":"abcdef"}
        {"id":"ms-1","object":"chat.completion.chunk","created":1760000021,"model":"mistral-medium-latest","choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"They want the hours."}],"closed":true}]},"finish_reason":null}],"p":"ab"}
        {"id":"ms-1","object":"chat.completion.chunk","created":1760000021,"model":"mistral-medium-latest","choices":[{"index":0,"delta":{"content":"We open "},"finish_reason":null}],"p":"abcdefghijk"}
        {"id":"ms-1","object":"chat.completion.chunk","created":1760000021,"model":"mistral-medium-latest","choices":[{"index":0,"delta":{"content":"at nine."},"finish_reason":null}],"p":"abc"}
        {"id":"ms-1","object":"chat.completion.chunk","created":1760000021,"model":"mistral-medium-latest","choices":[{"index":0,"delta":{"content":"","tool_calls":[{"id":"D681PevKs","function":{"name":"get_hours","arguments":"{\"day\": \"monday\"}"},"index":0}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":30,"total_tokens":48,"completion_tokens":18},"p":"a"}
        [DONE]
        """;

    /// <summary>https://console.groq.com/docs/api-reference: its own object beside the choices, reasoning under its short name, a call in one piece.</summary>
    private const string Groq = """
        {"id":"chatcmpl-gq","object":"chat.completion.chunk","created":1760000022,"model":"openai/gpt-oss-20b","system_fingerprint":"fp_gq","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"x_groq":{"id":"req_01"}}
        {"id":"chatcmpl-gq","object":"chat.completion.chunk","created":1760000022,"model":"openai/gpt-oss-20b","system_fingerprint":"fp_gq","choices":[{"index":0,"delta":{"reasoning":"Hours. ","channel":"analysis"},"logprobs":null,"finish_reason":null}]}
        {"id":"chatcmpl-gq","object":"chat.completion.chunk","created":1760000022,"model":"openai/gpt-oss-20b","system_fingerprint":"fp_gq","choices":[{"index":0,"delta":{"content":"We open"},"logprobs":null,"finish_reason":null}]}
        {"id":"chatcmpl-gq","object":"chat.completion.chunk","created":1760000022,"model":"openai/gpt-oss-20b","system_fingerprint":"fp_gq","choices":[{"index":0,"delta":{"content":" at nine."},"logprobs":null,"finish_reason":null}]}
        {"id":"chatcmpl-gq","object":"chat.completion.chunk","created":1760000022,"model":"openai/gpt-oss-20b","system_fingerprint":"fp_gq","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"x_groq":{"id":"req_01","usage":{"queue_time":0.01,"prompt_tokens":70,"completion_tokens":20,"total_tokens":90}}}
        {"id":"chatcmpl-gq","object":"chat.completion.chunk","created":1760000022,"model":"openai/gpt-oss-20b","system_fingerprint":"fp_gq","choices":[],"usage":{"queue_time":0.01,"prompt_tokens":70,"prompt_time":0.002,"completion_tokens":20,"completion_time":0.02,"total_tokens":90,"total_time":0.022,"completion_tokens_details":{"reasoning_tokens":8}}}
        [DONE]
        """;

    /// <summary>https://docs.x.ai/docs/guides/function-calling: the whole call in one chunk, the finish reason in the next.</summary>
    private const string XAI = """
        {"id":"xa-1","object":"chat.completion.chunk","created":1760000023,"model":"grok-4.3","choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning_content":"Look it up."}}],"system_fingerprint":"fp_xa"}
        {"id":"xa-1","object":"chat.completion.chunk","created":1760000023,"model":"grok-4.3","choices":[{"index":0,"delta":{"role":"assistant","content":"Let me see."}}],"system_fingerprint":"fp_xa"}
        {"id":"xa-1","object":"chat.completion.chunk","created":1760000023,"model":"grok-4.3","choices":[{"index":0,"delta":{"role":"assistant","content":"","tool_calls":[{"id":"call_4711","function":{"name":"get_hours","arguments":"{\"day\":\"monday\"}"},"index":0,"type":"function"}]}}],"system_fingerprint":"fp_xa"}
        {"id":"xa-1","object":"chat.completion.chunk","created":1760000023,"model":"grok-4.3","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"tool_calls"}],"system_fingerprint":"fp_xa"}
        {"id":"xa-1","object":"chat.completion.chunk","created":1760000023,"model":"grok-4.3","choices":[],"usage":{"prompt_tokens":300,"completion_tokens":30,"total_tokens":350,"prompt_tokens_details":{"text_tokens":300,"cached_tokens":256},"completion_tokens_details":{"reasoning_tokens":20}},"system_fingerprint":"fp_xa"}
        [DONE]
        """;

    /// <summary>https://platform.moonshot.ai/docs/api/chat: the usage in the choice, ids that hold the name.</summary>
    private const string Moonshot = """
        {"id":"chatcmpl-km","object":"chat.completion.chunk","created":1760000024,"model":"kimi-k2.6","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"system_fingerprint":"fpv0_km"}
        {"id":"chatcmpl-km","object":"chat.completion.chunk","created":1760000024,"model":"kimi-k2.6","choices":[{"index":0,"delta":{"reasoning_content":"Look it up."},"finish_reason":null}],"system_fingerprint":"fpv0_km"}
        {"id":"chatcmpl-km","object":"chat.completion.chunk","created":1760000024,"model":"kimi-k2.6","choices":[{"index":0,"delta":{"content":"Let me see."},"finish_reason":null}],"system_fingerprint":"fpv0_km"}
        {"id":"chatcmpl-km","object":"chat.completion.chunk","created":1760000024,"model":"kimi-k2.6","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"get_hours:0","type":"function","function":{"name":"get_hours","arguments":""}}]},"finish_reason":null}],"system_fingerprint":"fpv0_km"}
        {"id":"chatcmpl-km","object":"chat.completion.chunk","created":1760000024,"model":"kimi-k2.6","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"day\": \"monday\"}"}}]},"finish_reason":null}],"system_fingerprint":"fpv0_km"}
        {"id":"chatcmpl-km","object":"chat.completion.chunk","created":1760000024,"model":"kimi-k2.6","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls","usage":{"prompt_tokens":80,"completion_tokens":22,"total_tokens":102,"cached_tokens":64}}],"system_fingerprint":"fpv0_km"}
        [DONE]
        """;

    /// <summary>https://docs.bigmodel.cn/cn/guide/develop/openai/introduction: the role in every chunk, the usage beside the finish reason.</summary>
    private const string Zhipu = """
        {"id":"2026112800","created":1760000025,"object":"chat.completion.chunk","model":"glm-4.7","choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"用户问时间。"}}]}
        {"id":"2026112800","created":1760000025,"object":"chat.completion.chunk","model":"glm-4.7","choices":[{"index":0,"delta":{"role":"assistant","content":"我们九点"}}]}
        {"id":"2026112800","created":1760000025,"object":"chat.completion.chunk","model":"glm-4.7","choices":[{"index":0,"delta":{"role":"assistant","content":"开门。"}}]}
        {"id":"2026112800","created":1760000025,"object":"chat.completion.chunk","model":"glm-4.7","choices":[{"index":0,"finish_reason":"stop","delta":{"role":"assistant","content":""}}],"usage":{"prompt_tokens":12,"completion_tokens":9,"total_tokens":21,"prompt_tokens_details":{"cached_tokens":4}}}
        [DONE]
        """;

    /// <summary>https://openrouter.ai/docs/api/reference/streaming: comments, the reason of whoever answered beside its own, reasoning twice.</summary>
    private const string OpenRouter = """
        : OPENROUTER PROCESSING
        : OPENROUTER PROCESSING
        {"id":"gen-1","provider":"Anthropic","model":"anthropic/claude-haiku-4.5","object":"chat.completion.chunk","created":1760000026,"choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning":"Hours.","reasoning_details":[{"type":"reasoning.text","text":"Hours.","format":"anthropic-claude-v1","index":0}]},"finish_reason":null,"native_finish_reason":null,"logprobs":null}]}
        {"id":"gen-1","provider":"Anthropic","model":"anthropic/claude-haiku-4.5","object":"chat.completion.chunk","created":1760000026,"choices":[{"index":0,"delta":{"role":"assistant","content":"We open"},"finish_reason":null,"native_finish_reason":null,"logprobs":null}]}
        : OPENROUTER PROCESSING
        {"id":"gen-1","provider":"Anthropic","model":"anthropic/claude-haiku-4.5","object":"chat.completion.chunk","created":1760000026,"choices":[{"index":0,"delta":{"role":"assistant","content":" at nine."},"finish_reason":null,"native_finish_reason":null,"logprobs":null}]}
        {"id":"gen-1","provider":"Anthropic","model":"anthropic/claude-haiku-4.5","object":"chat.completion.chunk","created":1760000026,"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop","native_finish_reason":"end_turn","logprobs":null}]}
        {"id":"gen-1","provider":"Anthropic","model":"anthropic/claude-haiku-4.5","object":"chat.completion.chunk","created":1760000026,"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null,"native_finish_reason":null,"logprobs":null}],"usage":{"prompt_tokens":50,"completion_tokens":12,"total_tokens":62,"cost":0.0001,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":3}}}
        [DONE]
        """;

    /// <summary>https://docs.sglang.io/basic_usage/openai_api_completions.html: what stopped it beside the reason, nulls for all that there is not.</summary>
    private const string Sglang = """
        {"id":"sg-1","object":"chat.completion.chunk","created":1760000027,"model":"Qwen/Qwen3-32B","choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning_content":null,"tool_calls":null},"logprobs":null,"finish_reason":null,"matched_stop":null}],"usage":null}
        {"id":"sg-1","object":"chat.completion.chunk","created":1760000027,"model":"Qwen/Qwen3-32B","choices":[{"index":0,"delta":{"role":null,"content":null,"reasoning_content":"Hours.","tool_calls":null},"logprobs":null,"finish_reason":null,"matched_stop":null}],"usage":null}
        {"id":"sg-1","object":"chat.completion.chunk","created":1760000027,"model":"Qwen/Qwen3-32B","choices":[{"index":0,"delta":{"role":null,"content":"We open at nine.","reasoning_content":null,"tool_calls":null},"logprobs":null,"finish_reason":null,"matched_stop":null}],"usage":null}
        {"id":"sg-1","object":"chat.completion.chunk","created":1760000027,"model":"Qwen/Qwen3-32B","choices":[{"index":0,"delta":{"role":null,"content":null,"reasoning_content":null,"tool_calls":null},"logprobs":null,"finish_reason":"stop","matched_stop":151645}],"usage":null}
        {"id":"sg-1","object":"chat.completion.chunk","created":1760000027,"model":"Qwen/Qwen3-32B","choices":[],"usage":{"prompt_tokens":20,"total_tokens":33,"completion_tokens":13,"prompt_tokens_details":null}}
        [DONE]
        """;

    /// <summary>A gateway that nobody knows: all so far in every delta, the whole message at the end, no <c>[DONE]</c>.</summary>
    private const string Unknown = """
        {"choices":[{"delta":{"content":"We "}}]}
        {"choices":[{"delta":{"content":"We open "}}]}
        {"choices":[{"delta":{"content":"We open at nine."}}]}
        {"object":"chat.completion","choices":[{"message":{"role":"assistant","content":"We open at nine."},"finish_reason":"eos"}],"usage":{"prompt_tokens":5,"completion_tokens":6,"total_tokens":11}}
        """;

    /// <summary>What each service sends.</summary>
    public static IReadOnlyDictionary<UpstreamService, string> All { get; } = new Dictionary<UpstreamService, string>
    {
        [UpstreamService.Unknown] = Stream(Unknown),
        [UpstreamService.OpenAI] = RecordedStreams.All["OpenAI"],
        [UpstreamService.AzureOpenAI] = RecordedStreams.All["Azure OpenAI"],
        [UpstreamService.DashScope] = RecordedStreams.All["DashScope"],
        [UpstreamService.DeepSeek] = RecordedStreams.All["DeepSeek"],
        [UpstreamService.Gemini] = Stream(Gemini),
        [UpstreamService.Mistral] = Stream(Mistral),
        [UpstreamService.Groq] = Stream(Groq),
        [UpstreamService.XAI] = Stream(XAI),
        [UpstreamService.Moonshot] = Stream(Moonshot),
        [UpstreamService.Zhipu] = Stream(Zhipu),
        [UpstreamService.OpenRouter] = Stream(OpenRouter),
        [UpstreamService.Vllm] = RecordedStreams.All["vLLM"],
        [UpstreamService.Sglang] = Stream(Sglang),
        [UpstreamService.LlamaCpp] = RecordedStreams.All["llama.cpp"],
        [UpstreamService.Ollama] = RecordedStreams.All["Ollama"],
    };

    private static string Stream(string lines) => string.Concat(lines.Split('\n').Select(line => line.StartsWith(':') ? $"{line}\n\n" : $"data: {line}\n\n"));
}
