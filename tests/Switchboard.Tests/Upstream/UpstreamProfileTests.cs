using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

/// <summary>What each service is asked, by its address or its name: the same in the table of docs/models.md.</summary>
public sealed class UpstreamProfileTests
{
    private const string Off = """{"thinking":{"type":"disabled"}}""";
    private const string Template = """{"chat_template_kwargs":{"enable_thinking":false,"thinking":false}}""";

    // Service, model, what switches thinking off, what switches it on.
    public static TheoryData<string, string, string, string> Switches => new()
    {
        { "OpenAI", "gpt-4.1-mini", "{}", "{}" },
        { "OpenAI", "gpt-4o", "{}", "{}" },
        { "OpenAI", "gpt-5-chat-latest", "{}", "{}" },
        { "OpenAI", "gpt-5.2-chat-latest", "{}", "{}" },
        { "OpenAI", "gpt-5", Effort("minimal"), Effort("medium") },
        { "OpenAI", "gpt-5-mini-2025-08-07", Effort("minimal"), Effort("medium") },
        { "OpenAI", "gpt-5.1", Effort("none"), Effort("medium") },
        { "OpenAI", "gpt-5.4-mini", Effort("none"), Effort("medium") },
        { "OpenAI", "gpt-6", Effort("none"), Effort("medium") },
        { "OpenAI", "o4-mini", Effort("low"), Effort("medium") },
        { "AzureOpenAI", "gpt-5.4-mini", Effort("none"), Effort("medium") },
        { "AzureOpenAI", "my-deployment", "{}", "{}" },
        { "DashScope", "qwen3-max", """{"enable_thinking":false}""", """{"enable_thinking":true}""" },
        { "DashScope", "qwen3-235b-a22b-thinking-2507", "{}", "{}" },
        { "DashScope", "QwQ-plus", "{}", "{}" },
        { "DeepSeek", "deepseek-chat", Off, """{"thinking":{"type":"enabled"}}""" },
        { "DeepSeek", "deepseek-reasoner", "{}", "{}" },
        { "Gemini", "gemini-2.5-flash", Effort("none"), Effort("medium") },
        { "Gemini", "models/gemini-3-flash-preview", Effort("none"), Effort("medium") },
        { "Gemini", "google/gemini-3.5-flash-lite", Effort("none"), Effort("medium") },
        { "Gemini", "gemini-3.8-flash", Effort("low"), Effort("medium") },
        { "Gemini", "gemini-flash-latest", Effort("low"), Effort("medium") },
        { "Gemini", "gemma-3-27b-it", "{}", "{}" },
        { "Gemini", "gemini-2.5-pro", Effort("low"), Effort("medium") },
        { "Gemini", "gemini-2.0-flash", "{}", "{}" },
        { "Mistral", "mistral-large-latest", "{}", "{}" },
        { "Mistral", "mistral-small-latest", Effort("none"), Effort("high") },
        { "Groq", "openai/gpt-oss-120b", Effort("low"), Effort("medium") },
        { "Groq", "qwen/qwen3.6-27b", Effort("none"), """{"reasoning_effort":"default","reasoning_format":"parsed"}""" },
        { "Groq", "llama-3.3-70b-versatile", "{}", "{}" },
        { "XAI", "grok-4.3", Effort("none"), Effort("medium") },
        { "XAI", "grok-4-fast-non-reasoning", "{}", "{}" },
        { "XAI", "grok-4", "{}", "{}" },
        { "XAI", "grok-3-mini", Effort("low"), Effort("high") },
        { "Moonshot", "kimi-k2.6", Off, """{"thinking":{"type":"enabled"}}""" },
        { "Moonshot", "kimi-k3.1-pro", Effort("low"), Effort("high") },
        { "Moonshot", "moonshot-v1-8k", "{}", "{}" },
        { "Zhipu", "glm-4.7", Off, """{"thinking":{"type":"enabled"}}""" },
        { "Zhipu", "glm-4-flash", "{}", "{}" },
        { "OpenRouter", "anthropic/claude-sonnet-5", """{"reasoning":{"effort":"none"}}""", """{"reasoning":{"effort":"medium"}}""" },
        { "OpenRouter", "openai/gpt-5-mini", """{"reasoning":{"effort":"low"}}""", """{"reasoning":{"effort":"medium"}}""" },
        { "Vllm", "Qwen/Qwen3-8B", Template, """{"chat_template_kwargs":{"enable_thinking":true,"thinking":true}}""" },
        { "Vllm", "openai/gpt-oss-20b", Effort("low"), Effort("medium") },
        { "Vllm", "mistralai/Mistral-Small-3.2-24B-Instruct-2506", "{}", "{}" },
        { "Sglang", "Qwen/Qwen3-8B", Template, """{"chat_template_kwargs":{"enable_thinking":true,"thinking":true}}""" },
        { "LlamaCpp", "qwen3", Template, """{"chat_template_kwargs":{"enable_thinking":true,"thinking":true}}""" },
        { "Ollama", "qwen3:4b", Effort("none"), Effort("medium") },
        { "Ollama", "gpt-oss:20b", Effort("low"), Effort("medium") },
        { "Unknown", "qwen3", Effort("none"), Effort("medium") },
    };

    [Theory]
    [MemberData(nameof(Switches))]
    public void Thinking_OffOrOn_GoesIntoTheFieldOfTheService(string service, string model, string off, string on)
    {
        Assert.Equal(off, Switch(service, model, UpstreamThinking.Off));
        Assert.Equal(on, Switch(service, model, UpstreamThinking.On));
        Assert.Equal("{}", Switch(service, model, UpstreamThinking.Default));
        // Nobody knows what an unknown server would refuse.
        Assert.Equal(service == "Unknown" ? "{}" : off, Switch(service, model, null));
    }

    [Theory]
    [InlineData("https://api.openai.com/v1", "OpenAI")]
    [InlineData("https://eu.api.openai.com/v1", "OpenAI")]
    [InlineData("https://name.openai.azure.com/openai/v1", "AzureOpenAI")]
    [InlineData("https://name.cognitiveservices.azure.com/openai/v1", "AzureOpenAI")]
    [InlineData("https://name.services.ai.azure.com/openai/v1", "AzureOpenAI")]
    [InlineData("https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "DashScope")]
    [InlineData("https://DashScope.aliyuncs.com/compatible-mode/v1", "DashScope")]
    [InlineData("https://x.cn-hangzhou.pai-eas.aliyuncs.com/v1", "Unknown")]
    [InlineData("https://api.deepseek.com", "DeepSeek")]
    [InlineData("https://generativelanguage.googleapis.com/v1beta/openai", "Gemini")]
    [InlineData("https://api.mistral.ai/v1", "Mistral")]
    [InlineData("https://api.groq.com/openai/v1", "Groq")]
    [InlineData("https://api.x.ai/v1", "XAI")]
    [InlineData("https://api.moonshot.cn/v1", "Moonshot")]
    [InlineData("https://api.z.ai/api/paas/v4", "Zhipu")]
    [InlineData("https://open.bigmodel.cn/api/paas/v4", "Zhipu")]
    [InlineData("https://openrouter.ai/api/v1", "OpenRouter")]
    [InlineData("http://127.0.0.1:11434/v1", "Ollama")]
    [InlineData("http://127.0.0.1:8000/v1", "Unknown")]
    [InlineData("https://notapi.openai.com.example/v1", "Unknown")]
    [InlineData("https://myapi.openai.com.evil.example", "Unknown")]
    [InlineData("https://fooapi.mistral.ai/v1", "Unknown")]
    [InlineData("https://API.OpenAI.com.:443/v1", "OpenAI")]
    [InlineData("https://api.openai.com.evil.example./v1", "Unknown")]
    [InlineData("https://name.openai.azure.us/openai/v1", "AzureOpenAI")]
    [InlineData("https://aiplatform.googleapis.com/v1/projects/p/locations/global/endpoints/openapi", "Gemini")]
    [InlineData("https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/endpoints/openapi", "Gemini")]
    [InlineData("https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/endpoints/openapi", "Gemini")]
    [InlineData("https://storage.googleapis.com/v1", "Unknown")]
    public void Profile_NotSet_IsTheOneOfTheHost(string address, string service) =>
        Assert.Equal(service, UpstreamProfiles.Of(new UpstreamOptions { BaseUrl = new Uri(address) }, "m").Service.ToString());

    [Fact]
    public void Profile_OfEachService_HasItsRowInTheDocument()
    {
        var rows = File.ReadAllLines(Repository.PathOf("docs", "models.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).ToArray();

        Assert.All(Enum.GetNames<UpstreamService>(), service => Assert.Single(rows, row => row.Split('|')[2].Contains($"`{service}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void Profile_Set_WinsOverTheHost() => Assert.Equal(
        UpstreamService.Vllm, UpstreamProfiles.Of(new UpstreamOptions { BaseUrl = new Uri("https://api.openai.com/v1"), Profile = UpstreamService.Vllm }, "m").Service);

    [Theory]
    [InlineData("OpenAI", "gpt-4.1", """{"include_usage":true,"include_obfuscation":false}""", "voice", "max_completion_tokens")]
    [InlineData("AzureOpenAI", "gpt-4.1", """{"include_usage":true}""", "voice", "max_completion_tokens")]
    [InlineData("DashScope", "qwen-plus", """{"include_usage":true}""", null, "max_tokens")]
    [InlineData("DeepSeek", "deepseek-chat", """{"include_usage":true}""", null, "max_tokens")]
    [InlineData("Gemini", "gemini-2.5-flash", """{"include_usage":true}""", null, "max_tokens")]
    [InlineData("Mistral", "mistral-large-latest", null, "voice", "max_tokens")]
    [InlineData("Groq", "llama-3.3-70b-versatile", """{"include_usage":true}""", null, "max_completion_tokens")]
    [InlineData("Zhipu", "glm-4.7", null, null, "max_tokens")]
    [InlineData("Ollama", "qwen3:4b", """{"include_usage":true}""", null, "max_tokens")]
    [InlineData("Unknown", "m", """{"include_usage":true}""", null, "max_completion_tokens")]
    public void Shape_OfAService_HasItsFields(string service, string model, string? streamOptions, string? cacheKey, string tokenLimit)
    {
        var shape = Shape(service, model);

        Assert.Equal(tokenLimit, shape.TokenLimit);
        Assert.Equal(streamOptions, shape.Fields.TryGetValue("stream_options", out var options) ? options.GetRawText() : null);
        Assert.Equal(cacheKey, shape.Fields.TryGetValue("prompt_cache_key", out var key) ? key.GetString() : null);
    }

    [Theory]
    [InlineData("gpt-5", true)]
    [InlineData("gpt-5.4", false)]
    [InlineData("gpt-4.1", false)]
    [InlineData("o4-mini", true)]
    public void Shape_OfAModelThatThinks_WithholdsWhatItRefuses(string model, bool withheld)
    {
        Assert.Equal(withheld, Shape("OpenAI", model).Withheld.Contains("temperature"));
        Assert.Equal(withheld || model == "gpt-5.4", Shape("OpenAI", model, UpstreamThinking.On).Withheld.Contains("temperature"));
    }

    [Fact]
    public void Shape_OfAModelThatMayNotThinkBesideTools_SwitchesItOffThere()
    {
        var shape = Shape("OpenAI", "gpt-5.6", UpstreamThinking.On);

        Assert.Equal("medium", shape.Fields["reasoning_effort"].GetString());
        Assert.Equal("none", shape.FieldsBesideTools["reasoning_effort"].GetString());
    }

    [Theory]
    [InlineData("https://name.openai.azure.com/openai/v1", true)]
    [InlineData("https://name.openai.azure.com/openai/v1?api-version=preview", true)]
    [InlineData("https://name.openai.azure.com/openai/deployments/d?api-version=2024-10-21", false)]
    public void Profile_OfAnOldVersionOfAzure_HasNoCacheKey(string address, bool has) =>
        Assert.Equal(has, UpstreamProfiles.Of(new UpstreamOptions { BaseUrl = new Uri(address) }, "gpt-4.1").HasPromptCacheKey);

    // Service, model, and what it refuses of a request that has everything that a platform may send.
    [Theory]
    [InlineData("OpenAI", "gpt-4.1", "max_tokens top_k")]
    [InlineData("OpenAI", "gpt-5-mini", "max_tokens top_k temperature top_p presence_penalty frequency_penalty logit_bias stop")]
    [InlineData("OpenAI", "gpt-5.4-mini", "max_tokens top_k")]
    [InlineData("OpenAI", "o4-mini", "max_tokens top_k temperature top_p presence_penalty frequency_penalty logit_bias stop")]
    [InlineData("AzureOpenAI", "gpt-5-mini", "max_tokens top_k temperature top_p presence_penalty frequency_penalty logit_bias stop")]
    [InlineData("DashScope", "qwen-plus", "max_completion_tokens service_tier verbosity prompt_cache_key developer")]
    [InlineData("DeepSeek", "deepseek-chat", "max_completion_tokens service_tier verbosity prompt_cache_key developer")]
    [InlineData("Gemini", "gemini-2.5-flash", "frequency_penalty presence_penalty seed logit_bias top_k prompt_cache_key service_tier verbosity name developer")]
    [InlineData("Mistral", "mistral-large-latest", "max_completion_tokens stream_options seed logit_bias top_k service_tier verbosity reasoning_effort name developer")]
    [InlineData("Groq", "llama-3.3-70b-versatile", "max_tokens logit_bias top_k verbosity reasoning_effort name developer")]
    [InlineData("XAI", "grok-4", "presence_penalty frequency_penalty stop reasoning_effort top_k service_tier verbosity developer")]
    [InlineData("Moonshot", "kimi-k2.6", "max_tokens temperature top_p presence_penalty frequency_penalty reasoning_effort service_tier verbosity developer")]
    [InlineData("Zhipu", "glm-4.7", "max_completion_tokens stream_options presence_penalty frequency_penalty seed logit_bias top_k reasoning_effort name developer")]
    [InlineData("OpenRouter", "anthropic/claude-sonnet-5", "reasoning_effort developer")]
    [InlineData("Vllm", "Qwen/Qwen3-8B", "reasoning_effort developer")]
    [InlineData("Sglang", "Qwen/Qwen3-8B", "reasoning_effort developer")]
    [InlineData("LlamaCpp", "qwen3", "reasoning_effort developer")]
    [InlineData("Ollama", "qwen3:4b", "max_completion_tokens developer")]
    [InlineData("Unknown", "m", "max_tokens prompt_cache_key thinking reasoning chat_template_kwargs enable_thinking developer")]
    public async Task Ask_EverythingOfAPlatform_ReachesNoServiceThatRefusesIt(string service, string model, string refused)
    {
        await using var upstream = FaultyUpstream.Start();
        await using var clients = new UpstreamFactory();
        ChatMessage[] messages =
        [
            new(ChatRole.System, "A") { AuthorName = "desk" }, new(WireRoles.Developer, "B"), new(ChatRole.User, "C") { AuthorName = "anna" },
            new(ChatRole.Assistant, "D"), new(WireRoles.Developer, "E"), new(ChatRole.User, "F"), new(ChatRole.System, "G"),
        ];

        await clients.Create(upstream.BaseUrl, options => (options.Profile, options.Model) = (Enum.Parse<UpstreamService>(service), model))
            .GetResponseAsync(messages, Everything(), TestContext.Current.CancellationToken);

        var body = JsonNode.Parse(upstream.Requests.Single().Body)!.AsObject();
        var sent = body["messages"]!.AsArray().Select(message => message!.AsObject()).ToArray();
        Assert.Empty(refused.Split(' ').Intersect([.. body.Select(field => field.Key), .. sent.SelectMany(message => message.Select(field => field.Key)), .. sent.Select(message => message["role"]!.GetValue<string>())]));
        Assert.Empty(UpstreamShapes.Callers.Except(["prompt_cache_key"]).Intersect(body.Select(field => field.Key)));
        Assert.Contains(body.Select(field => field.Key), field => field is "max_tokens" or "max_completion_tokens");
        Assert.Equal("ABCDEFG", string.Concat(sent.Select(message => message["content"]!.GetValue<string>())
            .Select(text => text.Replace("[System message]", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal))));
        if (refused.Contains("developer", StringComparison.Ordinal))
        {
            Assert.Equal(["system", "user", "assistant", "user"], sent.Select(message => message["role"]!.GetValue<string>()));
        }
    }

    [Fact]
    public void Without_AField_IsAShapeWithoutIt()
    {
        var shape = Shape("OpenAI", "gpt-4.1");

        Assert.Equal("""{"include_usage":true}""", shape.Without("stream_options.include_obfuscation").Fields["stream_options"].GetRawText());
        Assert.False(shape.Without("stream_options.include_obfuscation").Without("stream_options.include_usage").Fields.ContainsKey("stream_options"));
        Assert.Equal(["stream_options"], shape.Without("stream_options").LeftOut);
        Assert.Same(shape.Fields, shape.Without("stream_options.other").Fields);
        Assert.Same(shape.Fields, shape.Without("none.such").Fields);
    }

    private static ChatOptions Everything() => new()
    {
        Temperature = 0.7f,
        TopP = 0.5f,
        TopK = 40,
        FrequencyPenalty = 0.1f,
        PresencePenalty = 0.2f,
        Seed = 3,
        MaxOutputTokens = 500,
        StopSequences = ["User:"],
        AdditionalProperties = new()
        {
            ["logit_bias"] = JsonElement.Parse("""{"1":2}"""),
            ["metadata"] = JsonElement.Parse("""{"org":{"id":7}}"""),
            ["prompt_cache_key"] = "call-9",
            ["reasoning_effort"] = "high",
            ["safety_identifier"] = "anna",
            ["service_tier"] = "default",
            ["store"] = true,
            ["user"] = "anna",
            ["verbosity"] = "low",
        },
    };

    private static string Effort(string effort) => $$"""{"reasoning_effort":"{{effort}}"}""";

    private static RequestShape Shape(string service, string model, UpstreamThinking? thinking = null)
    {
        var options = new UpstreamOptions { BaseUrl = new Uri("http://127.0.0.1/v1"), Profile = Enum.Parse<UpstreamService>(service), Thinking = thinking };
        return UpstreamShapes.Of(options, UpstreamProfiles.Of(options, model), model, "voice");
    }

    private static string Switch(string service, string model, UpstreamThinking? thinking)
    {
        var fields = Shape(service, model, thinking).Fields.Where(field => field.Key is not ("stream_options" or "prompt_cache_key"));
        return new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, JsonNode.Parse(field.Value.GetRawText())))).ToJsonString();
    }
}
