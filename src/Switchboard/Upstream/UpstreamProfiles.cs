using System.Text.RegularExpressions;

namespace Switchboard.Upstream;

/// <summary>What is known of each service: where it is, and how its models want to be asked. docs/models.md tells operators the same.</summary>
internal static class UpstreamProfiles
{
    private const string NoEffort = """{"reasoning_effort":"none"}""";
    private const string MinimalEffort = """{"reasoning_effort":"minimal"}""";
    private const string LowEffort = """{"reasoning_effort":"low"}""";
    private const string MediumEffort = """{"reasoning_effort":"medium"}""";
    private const string Disabled = """{"thinking":{"type":"disabled"}}""";
    private const string Enabled = """{"thinking":{"type":"enabled"}}""";
    private const string TemplateOff = """{"chat_template_kwargs":{"enable_thinking":false,"thinking":false}}""";
    private const string TemplateOn = """{"chat_template_kwargs":{"enable_thinking":true,"thinking":true}}""";

    // What OpenAI's models refuse while they think: https://learn.microsoft.com/azure/foundry/openai/how-to/reasoning
    private const string SamplingOfOpenAI = "temperature top_p presence_penalty frequency_penalty logit_bias stop";

    // What is OpenAI's alone: a server that checks refuses it, and one that does not has no use for it.
    private const string OpenAIsAlone = "service_tier verbosity";

    // What else strict services refuse: by the sources at their lines.
    private const string StrictGemini = $"{OpenAIsAlone} frequency_penalty presence_penalty seed logit_bias top_k prompt_cache_key messages.name";
    private const string StrictMistral = $"{OpenAIsAlone} stream_options seed logit_bias top_k messages.name";
    private const string StrictGroq = "verbosity logit_bias top_k messages.name";
    private const string StrictXAI = $"{OpenAIsAlone} top_k presence_penalty frequency_penalty stop";
    private const string StrictKimi = $"{OpenAIsAlone} temperature top_p presence_penalty frequency_penalty";
    private const string StrictZhipu = $"{OpenAIsAlone} stream_options frequency_penalty presence_penalty seed logit_bias top_k messages.name";

    // Where the services are: host names whose subdomains count too, or ends of them that begin with a sign; and the port that only Ollama has by default (https://docs.ollama.com/api/openai-compatibility).
    private static readonly (string End, UpstreamService Service)[] Hosts =
    [
        (".openai.azure.com", UpstreamService.AzureOpenAI),
        (".cognitiveservices.azure.com", UpstreamService.AzureOpenAI),
        (".services.ai.azure.com", UpstreamService.AzureOpenAI),
        // The clouds of governments and of China: https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure
        (".openai.azure.us", UpstreamService.AzureOpenAI),
        (".cognitiveservices.azure.us", UpstreamService.AzureOpenAI),
        (".openai.azure.cn", UpstreamService.AzureOpenAI),
        (".cognitiveservices.azure.cn", UpstreamService.AzureOpenAI),
        ("api.openai.com", UpstreamService.OpenAI),
        ("dashscope.aliyuncs.com", UpstreamService.DashScope),
        ("dashscope-intl.aliyuncs.com", UpstreamService.DashScope),
        ("dashscope-us.aliyuncs.com", UpstreamService.DashScope),
        ("dashscope-finance.aliyuncs.com", UpstreamService.DashScope),
        (".maas.aliyuncs.com", UpstreamService.DashScope),
        ("api.deepseek.com", UpstreamService.DeepSeek),
        ("generativelanguage.googleapis.com", UpstreamService.Gemini),
        ("aiplatform.googleapis.com", UpstreamService.Gemini),
        // By region, and by group of regions: https://cloud.google.com/vertex-ai/docs/reference/rest
        ("-aiplatform.googleapis.com", UpstreamService.Gemini),
        ("aiplatform.eu.rep.googleapis.com", UpstreamService.Gemini),
        ("aiplatform.us.rep.googleapis.com", UpstreamService.Gemini),
        ("api.mistral.ai", UpstreamService.Mistral),
        ("api.groq.com", UpstreamService.Groq),
        ("api.x.ai", UpstreamService.XAI),
        ("api.moonshot.ai", UpstreamService.Moonshot),
        ("api.moonshot.cn", UpstreamService.Moonshot),
        ("api.z.ai", UpstreamService.Zhipu),
        ("open.bigmodel.cn", UpstreamService.Zhipu),
        ("openrouter.ai", UpstreamService.OpenRouter),
        ("ollama.com", UpstreamService.Ollama),
    ];

    private static readonly UpstreamProfile Unknown = new(UpstreamService.Unknown)
    {
        // A server that does not know it answers at length, while OpenAI's reasoning models refuse a request that has the other.
        TokenLimit = TokenLimitField.MaxCompletionTokens,
        // Only where an operator asks for it.
        Off = NoEffort,
        On = MediumEffort,
    };

    // https://developers.openai.com/api/reference/resources/chat has developer, prompt_cache_key, stream_options.include_obfuscation, custom tools, allowed_tools
    // and files; top_k is not there.
    private static readonly UpstreamProfile OpenAI = new(UpstreamService.OpenAI)
    {
        TokenLimit = TokenLimitField.MaxCompletionTokens,
        KnowsDeveloper = true,
        TakesSystemAnywhere = true,
        KnowsCustomTools = true,
        TakesFiles = true,
        Refuses = "top_k",
        SendsObfuscation = true,
        HasPromptCacheKey = true,
    };

    // The first line of a service that fits the model's name counts.
    private static readonly UpstreamProfile[] OpenAIs =
    [
        // The chat models of gpt-5 take no effort but their own: https://github.com/Laisky/one-api/issues/266
        OpenAI with { Models = "-chat|^chatgpt", KnowsCustomTools = false },
        // Before gpt-5.1 there is no `none`: https://learn.microsoft.com/javascript/api/@azure/ai-projects/reasoningeffort
        OpenAI with { Models = @"^gpt-5(-|$)", Off = MinimalEffort, On = MediumEffort, Refuses = $"top_k {SamplingOfOpenAI}" },
        // With tools they may not think over this API (https://github.com/openai/openai-openapi/issues/541), and gpt-5.6 does so unless
        // `none` says otherwise (https://github.com/BerriAI/litellm/pull/34569).
        OpenAI with { Models = @"^gpt-(5\.|[6-9]|\d\d)", Off = NoEffort, On = MediumEffort, BesideTools = NoEffort, RefusesThinking = SamplingOfOpenAI },
        // They always think: https://developers.openai.com/api/docs/guides/reasoning
        OpenAI with { Models = @"^o\d", Off = LowEffort, On = MediumEffort, Refuses = $"top_k {SamplingOfOpenAI}" },
        OpenAI,
    ];

    private static readonly UpstreamProfile[] Table =
    [
        .. OpenAIs,

        // The same models, by the names of their deployments: https://learn.microsoft.com/azure/foundry/openai/how-to/prompt-caching. That chunks are
        // padded there, and could be had without, is not documented, nor are files in this API.
        .. OpenAIs.Select(line => line with { Service = UpstreamService.AzureOpenAI, SendsObfuscation = false, TakesFiles = false }),

        // https://www.alibabacloud.com/help/en/model-studio/deep-thinking: models that only think have no switch.
        new(UpstreamService.DashScope, "thinking|^qwq|^qvq|deepseek-r1") { Refuses = OpenAIsAlone },
        new(UpstreamService.DashScope) { Off = """{"enable_thinking":false}""", On = """{"enable_thinking":true}""", Refuses = OpenAIsAlone },

        // https://api-docs.deepseek.com/guides/thinking_mode; of `developer`: https://github.com/earendil-works/pi/issues/1048
        new(UpstreamService.DeepSeek, "reasoner") { WantsReasoning = true, Refuses = OpenAIsAlone },
        new(UpstreamService.DeepSeek) { Off = Disabled, On = Enabled, WantsReasoning = true, Refuses = OpenAIsAlone },

        // https://ai.google.dev/gemini-api/docs/openai: Pro cannot be switched off, nor can Flash from 3.7 on (https://github.com/BerriAI/litellm/issues/37314).
        // Fields that it does not know it refuses, these among them: https://github.com/Vali-98/ChatterUI/issues/227, https://github.com/liliMozi/openhanako/issues/2494
        new(UpstreamService.Gemini, @"gemini-(2\.5|3|3\.[0-5])-flash") { Off = NoEffort, On = MediumEffort, WantsSignatures = true, Refuses = StrictGemini },
        new(UpstreamService.Gemini, @"gemini-(?!1|2\.0)") { Off = LowEffort, On = MediumEffort, WantsSignatures = true, Refuses = StrictGemini },
        new(UpstreamService.Gemini) { WantsSignatures = true, Refuses = StrictGemini },

        // https://docs.mistral.ai/capabilities/reasoning/adjustable, https://docs.mistral.ai/inference/conversations/advanced/prompt-caching. It refuses what it does not know (https://github.com/mistralai/platform-docs-public/issues/7),
        // tells the usage unasked, and calls seed random_seed: https://docs.mistral.ai/api/endpoint/chat
        new(UpstreamService.Mistral, "mistral-(small|medium)-latest|mistral-small-(2603|4)") { Off = NoEffort, On = """{"reasoning_effort":"high"}""", HasPromptCacheKey = true, Refuses = StrictMistral },
        new(UpstreamService.Mistral) { HasPromptCacheKey = true, Refuses = StrictMistral },

        // https://console.groq.com/docs/reasoning and https://console.groq.com/docs/openai, which lists what is refused
        new(UpstreamService.Groq, "gpt-oss") { TokenLimit = TokenLimitField.MaxCompletionTokens, Off = LowEffort, On = MediumEffort, Refuses = StrictGroq },
        new(UpstreamService.Groq, "qwen-?3") { TokenLimit = TokenLimitField.MaxCompletionTokens, Off = NoEffort, On = """{"reasoning_effort":"default","reasoning_format":"parsed"}""", Refuses = StrictGroq },
        new(UpstreamService.Groq) { TokenLimit = TokenLimitField.MaxCompletionTokens, Refuses = StrictGroq },

        // https://docs.x.ai/developers/model-capabilities/text/reasoning: grok-4.3 has a switch; of those before only grok-3-mini has a lever.
        new(UpstreamService.XAI, "non-reasoning|^grok-[23](?!-mini)") { TokenLimit = TokenLimitField.MaxCompletionTokens, Refuses = $"{OpenAIsAlone} top_k" },
        new(UpstreamService.XAI, "^grok-3-mini") { TokenLimit = TokenLimitField.MaxCompletionTokens, Off = LowEffort, On = """{"reasoning_effort":"high"}""", Refuses = StrictXAI },
        new(UpstreamService.XAI, @"^grok-(4$|4-|4\.[12]|code)") { TokenLimit = TokenLimitField.MaxCompletionTokens, Refuses = StrictXAI },
        new(UpstreamService.XAI) { TokenLimit = TokenLimitField.MaxCompletionTokens, Off = NoEffort, On = MediumEffort, Refuses = $"{OpenAIsAlone} top_k", RefusesThinking = StrictXAI },

        // https://platform.kimi.ai/docs/api/models-overview: k2.5 and later fix the sampling; K3 cannot be switched off, and takes an effort:
        // https://dev.to/aihubmix/kimi-k31-pro-migration-guide-five-400s-one-404-and-the-claude-code-codex-config-13k
        new(UpstreamService.Moonshot, @"^kimi-k2\.") { TokenLimit = TokenLimitField.MaxCompletionTokens, Off = Disabled, On = Enabled, WantsReasoning = true, Refuses = StrictKimi },
        new(UpstreamService.Moonshot, @"^kimi-k([3-9]|\d\d)") { TokenLimit = TokenLimitField.MaxCompletionTokens, Off = LowEffort, On = """{"reasoning_effort":"high"}""", WantsReasoning = true, Refuses = StrictKimi },
        new(UpstreamService.Moonshot) { WantsReasoning = true, Refuses = OpenAIsAlone },

        // https://docs.z.ai/guides/capabilities/thinking-mode; what it does not have: https://java.agentscope.io/v2/en/integration/model/glm
        new(UpstreamService.Zhipu, @"^glm-(4\.[5-9]|[5-9]|\d\d)") { Off = Disabled, On = Enabled, WantsReasoning = true, Refuses = StrictZhipu },
        new(UpstreamService.Zhipu) { Refuses = StrictZhipu },

        // https://openrouter.ai/docs/use-cases/reasoning-tokens. Models that must think refuse `none`: https://github.com/elie222/rakazo/issues/114.
        // https://openrouter.ai/docs/features/multimodal/pdfs has files.
        new(UpstreamService.OpenRouter, @"openai/(gpt-5(-|$)|o\d|gpt-oss)|gemini-(2\.5-pro|[3-9])|grok-(4$|4-|4\.[12]|code)|deepseek-r1|minimax-m|kimi-k([3-9]|2-thinking)|thinking|step-")
        {
            Off = """{"reasoning":{"effort":"low"}}""",
            On = """{"reasoning":{"effort":"medium"}}""",
            WantsDetails = true,
            TakesFiles = true,
        },
        new(UpstreamService.OpenRouter) { Off = """{"reasoning":{"effort":"none"}}""", On = """{"reasoning":{"effort":"medium"}}""", WantsDetails = true, TakesFiles = true },

        // https://docs.vllm.ai/en/latest/features/reasoning_outputs: the template's switch has two names. Mistral's tokenizer takes no template:
        // https://github.com/linagora/openrag/issues/559. gpt-oss always thinks: https://docs.tinfoil.sh/guides/reasoning
        new(UpstreamService.Vllm, "mistral|ministral|magistral|devstral"),
        new(UpstreamService.Vllm, "gpt-oss") { Off = LowEffort, On = MediumEffort },
        new(UpstreamService.Vllm) { Off = TemplateOff, On = TemplateOn },

        // https://docs.sglang.io/advanced_features/separate_reasoning.html
        new(UpstreamService.Sglang, "gpt-oss") { Off = LowEffort, On = MediumEffort },
        new(UpstreamService.Sglang) { Off = TemplateOff, On = TemplateOn },

        // https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md; of roles: https://github.com/ggml-org/llama.cpp/issues/27367
        new(UpstreamService.LlamaCpp, "gpt-oss") { Off = """{"chat_template_kwargs":{"reasoning_effort":"low"}}""", On = """{"chat_template_kwargs":{"reasoning_effort":"medium"}}""" },
        new(UpstreamService.LlamaCpp) { Off = TemplateOff, On = TemplateOn },

        // https://docs.ollama.com/api/openai-compatibility; of roles: https://github.com/ollama/ollama/issues/17774
        new(UpstreamService.Ollama, "gpt-oss") { Off = LowEffort, On = MediumEffort },
        new(UpstreamService.Ollama) { Off = NoEffort, On = MediumEffort },
    ];

    /// <summary>What is known of the service behind an upstream, by <c>Profile</c> or its address, and by the model.</summary>
    /// <param name="options">The upstream, checked.</param>
    /// <param name="model">The model that it is asked for.</param>
    public static UpstreamProfile Of(UpstreamOptions options, string model)
    {
        var service = options.Profile ?? At(options.BaseUrl!);
        var profile = Array.Find(Table, line => line.Service == service && Regex.IsMatch(model, line.Models, RegexOptions.IgnoreCase)) ?? Unknown;
        // An address that names a version of Azure's API may name one of before these fields, which refuses them: https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle
        return service is UpstreamService.AzureOpenAI && options.BaseUrl!.Query.Contains("api-version=20", StringComparison.OrdinalIgnoreCase)
            ? profile with { HasPromptCacheKey = false, KnowsCustomTools = false }
            : profile;
    }

    private static UpstreamService At(Uri address) =>
        // A dot at the end makes a name absolute, no other one.
        Array.Find(Hosts, host => $".{address.Host.TrimEnd('.')}".EndsWith(char.IsLetter(host.End[0]) ? $".{host.End}" : host.End, StringComparison.OrdinalIgnoreCase)) is { End: not null } found
            ? found.Service
            : address.Port == 11434 ? UpstreamService.Ollama : UpstreamService.Unknown;
}
