namespace Switchboard.Tests.Upstream;

/// <summary>Streams as the services document them, with texts of our own.</summary>
internal static class RecordedStreams
{
    /// <summary>https://platform.openai.com/docs/api-reference/chat/streaming</summary>
    private const string OpenAI = """
        data: {"id":"chatcmpl-B7a","object":"chat.completion.chunk","created":1760000001,"model":"gpt-4.1-2025-04-14","service_tier":"default","system_fingerprint":"fp_b8","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"q8X"}

        data: {"id":"chatcmpl-B7a","object":"chat.completion.chunk","created":1760000001,"model":"gpt-4.1-2025-04-14","service_tier":"default","system_fingerprint":"fp_b8","choices":[{"index":0,"delta":{"content":"We"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"Zk1p"}

        data: {"id":"chatcmpl-B7a","object":"chat.completion.chunk","created":1760000001,"model":"gpt-4.1-2025-04-14","service_tier":"default","system_fingerprint":"fp_b8","choices":[{"index":0,"delta":{"content":" open at 8\u202fa.m.\n\u201cbright and early\u201d \ud83c\udf05"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":""}

        data: {"id":"chatcmpl-B7a","object":"chat.completion.chunk","created":1760000001,"model":"gpt-4.1-2025-04-14","service_tier":"default","system_fingerprint":"fp_b8","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null,"obfuscation":"aa"}

        data: {"id":"chatcmpl-B7a","object":"chat.completion.chunk","created":1760000001,"model":"gpt-4.1-2025-04-14","service_tier":"default","system_fingerprint":"fp_b8","choices":[],"usage":{"prompt_tokens":1117,"completion_tokens":46,"total_tokens":1163,"prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":12,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},"obfuscation":"b"}

        data: [DONE]


        """;

    /// <summary>https://platform.openai.com/docs/guides/function-calling#streaming: two calls, their fragments one call after the other.</summary>
    private const string OpenAITools = """
        data: {"id":"chatcmpl-T1","object":"chat.completion.chunk","created":1760000002,"model":"gpt-4.1","choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_A","type":"function","function":{"name":"find_table","arguments":""}}],"refusal":null},"logprobs":null,"finish_reason":null}]}

        data: {"id":"chatcmpl-T1","object":"chat.completion.chunk","created":1760000002,"model":"gpt-4.1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"seats\":"}}]},"logprobs":null,"finish_reason":null}]}

        data: {"id":"chatcmpl-T1","object":"chat.completion.chunk","created":1760000002,"model":"gpt-4.1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"4,\"note\":\"près de la fenêtre\"}"}}]},"logprobs":null,"finish_reason":null}]}

        data: {"id":"chatcmpl-T1","object":"chat.completion.chunk","created":1760000002,"model":"gpt-4.1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_B","type":"function","function":{"name":"hangup","arguments":""}}]},"logprobs":null,"finish_reason":null}]}

        data: {"id":"chatcmpl-T1","object":"chat.completion.chunk","created":1760000002,"model":"gpt-4.1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]},"logprobs":null,"finish_reason":null}]}

        data: {"id":"chatcmpl-T1","object":"chat.completion.chunk","created":1760000002,"model":"gpt-4.1","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}]}

        data: {"id":"chatcmpl-T1","object":"chat.completion.chunk","created":1760000002,"model":"gpt-4.1","choices":[],"usage":{"prompt_tokens":90,"completion_tokens":31,"total_tokens":121}}

        data: [DONE]


        """;

    /// <summary>https://platform.openai.com/docs/guides/structured-outputs#refusals</summary>
    private const string OpenAIRefusal = """
        data: {"id":"chatcmpl-R","object":"chat.completion.chunk","created":1760000003,"model":"gpt-4.1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}]}

        data: {"id":"chatcmpl-R","object":"chat.completion.chunk","created":1760000003,"model":"gpt-4.1","choices":[{"index":0,"delta":{"refusal":"I'm sorry, "},"finish_reason":null}]}

        data: {"id":"chatcmpl-R","object":"chat.completion.chunk","created":1760000003,"model":"gpt-4.1","choices":[{"index":0,"delta":{"refusal":"I can't help with that."},"finish_reason":null}]}

        data: {"id":"chatcmpl-R","object":"chat.completion.chunk","created":1760000003,"model":"gpt-4.1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: [DONE]


        """;

    /// <summary>https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-streaming: the prompt's filter results come first, with no choice.</summary>
    private const string Azure = """
        data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"},"jailbreak":{"detected":false,"filtered":false},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}}]}

        data: {"choices":[{"content_filter_results":{},"delta":{"content":"","refusal":null,"role":"assistant"},"finish_reason":null,"index":0,"logprobs":null}],"created":1760000004,"id":"chatcmpl-AZ","model":"gpt-4o-2024-11-20","object":"chat.completion.chunk","system_fingerprint":"fp_ee"}

        data: {"choices":[{"content_filter_results":{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"}},"delta":{"content":"Your parcel"},"finish_reason":null,"index":0,"logprobs":null}],"created":1760000004,"id":"chatcmpl-AZ","model":"gpt-4o-2024-11-20","object":"chat.completion.chunk","system_fingerprint":"fp_ee"}

        data: {"choices":[{"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}},"delta":{"content":" arrives today."},"finish_reason":null,"index":0,"logprobs":null}],"created":1760000004,"id":"chatcmpl-AZ","model":"gpt-4o-2024-11-20","object":"chat.completion.chunk","system_fingerprint":"fp_ee"}

        data: {"choices":[{"content_filter_offsets":{"check_offset":44,"start_offset":44,"end_offset":198},"content_filter_results":{"protected_material_text":{"detected":false,"filtered":false}},"finish_reason":null,"index":0}],"created":0,"id":"","model":"","object":""}

        data: {"choices":[{"content_filter_results":{},"delta":{},"finish_reason":"stop","index":0,"logprobs":null}],"created":1760000004,"id":"chatcmpl-AZ","model":"gpt-4o-2024-11-20","object":"chat.completion.chunk","system_fingerprint":"fp_ee"}

        data: {"choices":[],"created":1760000004,"id":"chatcmpl-AZ","model":"gpt-4o-2024-11-20","object":"chat.completion.chunk","system_fingerprint":"fp_ee","usage":{"completion_tokens":5,"completion_tokens_details":{"accepted_prediction_tokens":0,"audio_tokens":0,"reasoning_tokens":0,"rejected_prediction_tokens":0},"prompt_tokens":20,"prompt_tokens_details":{"audio_tokens":0,"cached_tokens":0},"total_tokens":25}}

        data: [DONE]


        """;

    /// <summary>The content filter stops an answer in its middle.</summary>
    private const string AzureFiltered = """
        data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}

        data: {"choices":[{"content_filter_results":{},"delta":{"content":"Then he said","role":"assistant"},"finish_reason":null,"index":0}],"created":1760000005,"id":"chatcmpl-AF","model":"gpt-4o","object":"chat.completion.chunk"}

        data: {"choices":[{"content_filter_results":{"violence":{"filtered":true,"severity":"medium"}},"delta":{},"finish_reason":"content_filter","index":0}],"created":1760000005,"id":"chatcmpl-AF","model":"gpt-4o","object":"chat.completion.chunk"}

        data: [DONE]


        """;

    /// <summary>https://docs.vllm.ai/en/latest/features/reasoning_outputs.html and https://docs.vllm.ai/en/latest/features/tool_calling.html</summary>
    private const string Vllm = """
        data: {"id":"chatcmpl-5f0c","object":"chat.completion.chunk","created":1760000006,"model":"Qwen/Qwen3-8B","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"prompt_token_ids":null}

        data: {"id":"chatcmpl-5f0c","object":"chat.completion.chunk","created":1760000006,"model":"Qwen/Qwen3-8B","choices":[{"index":0,"delta":{"reasoning_content":"They want"},"logprobs":null,"finish_reason":null,"token_ids":null}]}

        data: {"id":"chatcmpl-5f0c","object":"chat.completion.chunk","created":1760000006,"model":"Qwen/Qwen3-8B","choices":[{"index":0,"delta":{"reasoning_content":" the weather."},"logprobs":null,"finish_reason":null,"token_ids":null}]}

        data: {"id":"chatcmpl-5f0c","object":"chat.completion.chunk","created":1760000006,"model":"Qwen/Qwen3-8B","choices":[{"index":0,"delta":{"content":"One moment."},"logprobs":null,"finish_reason":null,"token_ids":null}]}

        data: {"id":"chatcmpl-5f0c","object":"chat.completion.chunk","created":1760000006,"model":"Qwen/Qwen3-8B","choices":[{"index":0,"delta":{"tool_calls":[{"id":"chatcmpl-tool-9b","type":"function","index":0,"function":{"name":"weather"}}]},"logprobs":null,"finish_reason":null,"token_ids":null}]}

        data: {"id":"chatcmpl-5f0c","object":"chat.completion.chunk","created":1760000006,"model":"Qwen/Qwen3-8B","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\": \"Gen"}}]},"logprobs":null,"finish_reason":null,"token_ids":null}]}

        data: {"id":"chatcmpl-5f0c","object":"chat.completion.chunk","created":1760000006,"model":"Qwen/Qwen3-8B","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"ève\"}"}}]},"logprobs":null,"finish_reason":null,"token_ids":null}]}

        data: {"id":"chatcmpl-5f0c","object":"chat.completion.chunk","created":1760000006,"model":"Qwen/Qwen3-8B","choices":[{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"tool_calls","stop_reason":null,"token_ids":null}]}

        data: {"id":"chatcmpl-5f0c","object":"chat.completion.chunk","created":1760000006,"model":"Qwen/Qwen3-8B","choices":[],"usage":{"prompt_tokens":151,"total_tokens":203,"completion_tokens":52}}

        data: [DONE]


        """;

    /// <summary>https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md: cut off by its limit, timings beside the finish.</summary>
    private const string LlamaCpp = """
        data: {"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}],"created":1760000007,"id":"chatcmpl-Xy","model":"gpt-3.5-turbo","system_fingerprint":"b6500-aa","object":"chat.completion.chunk"}

        data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":"Sure"}}],"created":1760000007,"id":"chatcmpl-Xy","model":"gpt-3.5-turbo","system_fingerprint":"b6500-aa","object":"chat.completion.chunk"}

        data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":", the code is 日本 42"}}],"created":1760000007,"id":"chatcmpl-Xy","model":"gpt-3.5-turbo","system_fingerprint":"b6500-aa","object":"chat.completion.chunk"}

        data: {"choices":[{"finish_reason":"length","index":0,"delta":{}}],"created":1760000007,"id":"chatcmpl-Xy","model":"gpt-3.5-turbo","system_fingerprint":"b6500-aa","object":"chat.completion.chunk"}

        data: {"choices":[],"created":1760000007,"id":"chatcmpl-Xy","model":"gpt-3.5-turbo","system_fingerprint":"b6500-aa","object":"chat.completion.chunk","usage":{"completion_tokens":8,"prompt_tokens":14,"total_tokens":22},"timings":{"prompt_n":14,"prompt_ms":30.2,"predicted_n":8,"predicted_ms":80.5}}

        data: [DONE]


        """;

    /// <summary>https://docs.ollama.com/api/openai-compatibility: the role in every chunk, reasoning as <c>reasoning</c>, a call in one piece.</summary>
    private const string Ollama = """
        data: {"id":"chatcmpl-684","object":"chat.completion.chunk","created":1760000008,"model":"qwen3","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning":"Book it"},"finish_reason":null}]}

        data: {"id":"chatcmpl-684","object":"chat.completion.chunk","created":1760000008,"model":"qwen3","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning":" then."},"finish_reason":null}]}

        data: {"id":"chatcmpl-684","object":"chat.completion.chunk","created":1760000008,"model":"qwen3","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":"Booking."},"finish_reason":null}]}

        data: {"id":"chatcmpl-684","object":"chat.completion.chunk","created":1760000008,"model":"qwen3","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":"","tool_calls":[{"id":"call_7xk","index":0,"type":"function","function":{"name":"book","arguments":"{\"time\":\"19:00\"}"}}]},"finish_reason":null}]}

        data: {"id":"chatcmpl-684","object":"chat.completion.chunk","created":1760000008,"model":"qwen3","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"tool_calls"}]}

        data: {"id":"chatcmpl-684","object":"chat.completion.chunk","created":1760000008,"model":"qwen3","system_fingerprint":"fp_ollama","choices":[],"usage":{"prompt_tokens":165,"completion_tokens":40,"total_tokens":205}}

        data: [DONE]


        """;

    /// <summary>https://help.aliyun.com/zh/model-studio/qwen-api-reference: an empty id on the later fragments of a call.</summary>
    private const string DashScope = """
        data: {"choices":[{"delta":{"content":null,"role":"assistant","reasoning_content":""},"index":0,"logprobs":null,"finish_reason":null}],"object":"chat.completion.chunk","usage":null,"created":1760000009,"system_fingerprint":null,"model":"qwen-plus","id":"chatcmpl-d8"}

        data: {"choices":[{"delta":{"content":null,"reasoning_content":"用户想"},"index":0,"logprobs":null,"finish_reason":null}],"object":"chat.completion.chunk","usage":null,"created":1760000009,"system_fingerprint":null,"model":"qwen-plus","id":"chatcmpl-d8"}

        data: {"choices":[{"delta":{"content":null,"reasoning_content":"改签。"},"index":0,"logprobs":null,"finish_reason":null}],"object":"chat.completion.chunk","usage":null,"created":1760000009,"system_fingerprint":null,"model":"qwen-plus","id":"chatcmpl-d8"}

        data: {"choices":[{"delta":{"content":"好的,","reasoning_content":null},"index":0,"logprobs":null,"finish_reason":null}],"object":"chat.completion.chunk","usage":null,"created":1760000009,"system_fingerprint":null,"model":"qwen-plus","id":"chatcmpl-d8"}

        data: {"choices":[{"delta":{"content":"请稍等。","reasoning_content":null,"tool_calls":[{"index":0,"id":"call_5d","type":"function","function":{"name":"rebook","arguments":""}}]},"index":0,"logprobs":null,"finish_reason":null}],"object":"chat.completion.chunk","usage":null,"created":1760000009,"system_fingerprint":null,"model":"qwen-plus","id":"chatcmpl-d8"}

        data: {"choices":[{"delta":{"content":null,"reasoning_content":null,"tool_calls":[{"function":{"arguments":"{\"航班\": \"CA"},"index":0,"id":"","type":"function"}]},"index":0,"logprobs":null,"finish_reason":null}],"object":"chat.completion.chunk","usage":null,"created":1760000009,"system_fingerprint":null,"model":"qwen-plus","id":"chatcmpl-d8"}

        data: {"choices":[{"delta":{"content":null,"reasoning_content":null,"tool_calls":[{"function":{"arguments":"937\"}"},"index":0,"id":"","type":"function"}]},"index":0,"logprobs":null,"finish_reason":null}],"object":"chat.completion.chunk","usage":null,"created":1760000009,"system_fingerprint":null,"model":"qwen-plus","id":"chatcmpl-d8"}

        data: {"choices":[{"delta":{"content":"","reasoning_content":null},"finish_reason":"tool_calls","index":0,"logprobs":null}],"object":"chat.completion.chunk","usage":null,"created":1760000009,"system_fingerprint":null,"model":"qwen-plus","id":"chatcmpl-d8"}

        data: {"choices":[],"object":"chat.completion.chunk","usage":{"prompt_tokens":244,"completion_tokens":97,"total_tokens":341,"completion_tokens_details":{"reasoning_tokens":60},"prompt_tokens_details":{"cached_tokens":128}},"created":1760000009,"system_fingerprint":null,"model":"qwen-plus","id":"chatcmpl-d8"}

        data: [DONE]


        """;

    /// <summary>https://api-docs.deepseek.com/guides/reasoning_model: comments keep it alive, the usage stands beside the finish reason.</summary>
    private const string DeepSeek = """
        : keep-alive

        data: {"id":"8f1e","object":"chat.completion.chunk","created":1760000010,"model":"deepseek-reasoner","system_fingerprint":"fp_ds","choices":[{"index":0,"delta":{"role":"assistant","content":null,"reasoning_content":""},"logprobs":null,"finish_reason":null}]}

        data: {"id":"8f1e","object":"chat.completion.chunk","created":1760000010,"model":"deepseek-reasoner","system_fingerprint":"fp_ds","choices":[{"index":0,"delta":{"content":null,"reasoning_content":"9.11 or"},"logprobs":null,"finish_reason":null}]}

        : keep-alive

        data: {"id":"8f1e","object":"chat.completion.chunk","created":1760000010,"model":"deepseek-reasoner","system_fingerprint":"fp_ds","choices":[{"index":0,"delta":{"content":null,"reasoning_content":" 9.8?"},"logprobs":null,"finish_reason":null}]}

        data: {"id":"8f1e","object":"chat.completion.chunk","created":1760000010,"model":"deepseek-reasoner","system_fingerprint":"fp_ds","choices":[{"index":0,"delta":{"content":"9.8 is","reasoning_content":null},"logprobs":null,"finish_reason":null}]}

        data: {"id":"8f1e","object":"chat.completion.chunk","created":1760000010,"model":"deepseek-reasoner","system_fingerprint":"fp_ds","choices":[{"index":0,"delta":{"content":" greater.","reasoning_content":null},"logprobs":null,"finish_reason":null}]}

        data: {"id":"8f1e","object":"chat.completion.chunk","created":1760000010,"model":"deepseek-reasoner","system_fingerprint":"fp_ds","choices":[{"index":0,"delta":{"content":"","reasoning_content":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":17,"completion_tokens":190,"total_tokens":207,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":150},"prompt_cache_hit_tokens":0,"prompt_cache_miss_tokens":17}}

        data: [DONE]


        """;

    /// <summary>Every stream by the name of who sends it.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["OpenAI"] = OpenAI,
        ["OpenAI, tool calls"] = OpenAITools,
        ["OpenAI, refusal"] = OpenAIRefusal,
        ["Azure OpenAI"] = Azure,
        ["Azure OpenAI, filtered"] = AzureFiltered,
        ["vLLM"] = Vllm,
        ["llama.cpp"] = LlamaCpp,
        ["Ollama"] = Ollama,
        ["DashScope"] = DashScope,
        ["DeepSeek"] = DeepSeek,
    };
}
