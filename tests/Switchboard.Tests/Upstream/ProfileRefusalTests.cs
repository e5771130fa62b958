using System.Text.Json;
using Microsoft.Extensions.AI;
using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

/// <summary>Each service's own refusals, in its status and its words, against a client that asks it by its profile.</summary>
public sealed class ProfileRefusalTests : IAsyncDisposable
{
    private readonly UpstreamFactory _clients = new();

    // Service, model, status, body, and what the second request no longer has: what the platform or the operator wants, or the profile itself sends to an older server.
    public static TheoryData<string, string, int, string, string> Refusals => new()
    {
        { "OpenAI", "gpt-5.4-mini", 400, OpenAI("Unsupported value: 'temperature' does not support 0.3 with this model. Only the default (1) value is supported.", "temperature", "unsupported_value"), "temperature" },
        { "OpenAI", "gpt-4.1", 400, OpenAI("The 'metadata' parameter is only allowed when 'store' is enabled.", "metadata", null), "metadata" },
        { "OpenAI", "gpt-4.1", 400, OpenAI("Unknown parameter: 'stream_options.include_obfuscation'.", "stream_options.include_obfuscation", "unknown_parameter"), "stream_options.include_obfuscation" },
        { "AzureOpenAI", "gpt-4o", 400, OpenAI("Unrecognized request argument supplied: max_completion_tokens", null, null), "max_completion_tokens" },
        { "AzureOpenAI", "gpt-4o", 400, OpenAI("Unrecognized request argument supplied: parallel_tool_calls", null, null), "parallel_tool_calls" },
        { "DashScope", "qwen3-max", 400, """{"error":{"message":"<400> InternalError.Algo.InvalidParameter: The tool_choice parameter does not support being set to required or object in thinking mode","type":"invalid_request_error","param":null,"code":"invalid_parameter_error"},"id":"chatcmpl-5b","request_id":"5b"}""", "tool_choice" },
        { "DashScope", "qwen3-max", 400, """{"error":{"code":"invalid_parameter_error","message":"parameter.enable_thinking must be set to true for this model","param":null,"type":"invalid_request_error"},"request_id":"53"}""", "enable_thinking" },
        { "DeepSeek", "deepseek-chat", 400, """{"error":{"message":"Failed to deserialize the JSON body into the target type: thinking: unknown field `type`, expected one of `a`, `b` at line 1 column 90","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}""", "thinking" },
        { "Gemini", "gemini-2.5-flash", 400, """[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"metadata\": Cannot find field.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"description":"Invalid JSON payload received. Unknown name \"metadata\": Cannot find field."}]}]}}]""", "metadata" },
        { "Gemini", "gemini-2.5-flash", 400, """[{"error":{"code":400,"message":"Thinking level is not supported for this model.","status":"INVALID_ARGUMENT"}}]""", "reasoning_effort" },
        { "Mistral", "mistral-small-latest", 422, """{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","metadata"],"msg":"Extra inputs are not permitted","input":{"call":"c"}},{"type":"extra_forbidden","loc":["body","reasoning_effort"],"msg":"Extra inputs are not permitted","input":"none"}]},"type":"invalid_request_error","param":null,"code":null}""", "metadata reasoning_effort" },
        { "Groq", "llama-3.3-70b-versatile", 400, """{"error":{"message":"property 'metadata' is unsupported","type":"invalid_request_error"}}""", "metadata" },
        { "Groq", "qwen/qwen3-32b", 400, """{"error":{"message":"`reasoning_effort` is not supported with this model","type":"invalid_request_error"}}""", "reasoning_effort" },
        { "XAI", "grok-4.3", 400, """{"code":"Client specified an invalid argument","error":"Model grok-4.3 does not support parameter reasoningEffort."}""", "reasoning_effort" },
        { "Moonshot", "moonshot-v1-8k", 400, """{"error":{"message":"invalid temperature: only 0.6 is allowed for this model","type":"invalid_request_error"}}""", "temperature" },
        { "Zhipu", "glm-4.7", 400, """{"error":{"code":"1214","message":"temperature参数非法。请检查文档。"}}""", "temperature" },
        { "OpenRouter", "openai/gpt-4.1", 400, """{"error":{"message":"Reasoning is mandatory for this endpoint and cannot be disabled.","code":400,"metadata":{"provider_name":null}},"user_id":"user_2"}""", "reasoning" },
        { "OpenRouter", "openai/gpt-4.1", 400, """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"Unsupported parameter: 'temperature' is not supported with this model.\",\"type\":\"invalid_request_error\",\"param\":\"temperature\"}}","provider_name":"OpenAI"}},"user_id":"user_2"}""", "temperature" },
        { "Vllm", "Qwen/Qwen3-8B", 400, """{"object":"error","message":"[{'type': 'extra_forbidden', 'loc': ('body', 'stream_options'), 'msg': 'Extra inputs are not permitted', 'input': {'include_usage': True}}]","type":"BadRequestError","param":null,"code":400}""", "stream_options" },
        { "Vllm", "mistralai/Mistral-Small-3.2", 400, """{"error":{"message":"chat_template is not supported for Mistral tokenizers. [{'type': 'extra_forbidden', 'loc': ('body', 'metadata'), 'msg': 'Extra inputs are not permitted', 'input': {}}]","type":"BadRequestError","param":null,"code":400}}""", "metadata" },
        { "Sglang", "Qwen/Qwen3-8B", 400, """{"object":"error","message":"1 validation error for ChatCompletionRequest\nchat_template_kwargs\n  Extra inputs are not permitted [type=extra_forbidden, input_value={}, input_type=dict]","type":"BadRequestError","param":null,"code":400}""", "chat_template_kwargs" },
        { "LlamaCpp", "qwen3", 400, """{"error":{"code":400,"message":"Unsupported param: metadata","type":"invalid_request_error"}}""", "metadata" },
        { "Ollama", "qwen2.5", 400, """{"error":{"message":"\"qwen2.5\" does not support thinking","type":"api_error","param":null,"code":null}}""", "reasoning_effort" },
        { "Unknown", "some-model", 400, """{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted","input":{}}]}""", "stream_options" },
        { "Unknown", "some-model", 422, """{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted","input":200}]}""", "max_completion_tokens" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Stream_ServiceRefusesAField_IsAskedAgainAndHeard(string service, string model, int status, string body, string fields)
    {
        await using var upstream = FaultyUpstream.Start(exchange => exchange.AnswerAsync(status, "application/json", body), Failures.Answer());
        var client = _clients.Create(upstream.BaseUrl, options =>
        {
            options.Model = model;
            options.Profile = Enum.Parse<UpstreamService>(service);
            options.Temperature = 0.3;
            options.Forward.Add("metadata");
        });
        var wanted = new ChatOptions
        {
            MaxOutputTokens = 200,
            Tools = [AIFunctionFactory.CreateDeclaration("weather", "Knows it.", JsonElement.Parse("""{"type":"object","properties":{}}"""))],
            ToolMode = ChatToolMode.RequireAny,
            AllowMultipleToolCalls = false,
            AdditionalProperties = new() { ["metadata"] = JsonElement.Parse("""{"call":"c"}""") },
        };

        var heard = await Heard.ListenAsync(client, TestContext.Current.CancellationToken, wanted);

        Assert.Equal((null, "Hello there."), (heard.Failure?.Message, heard.Text));
        var asked = upstream.Requests.Where(request => request.Method == "POST").Select(request => request.Json).ToList();
        Assert.Equal(2, asked.Count);
        Assert.All(fields.Split(' '), field => Assert.Equal((true, false), (Has(asked[0], field), Has(asked[1], field))));
        // And nothing else is gone.
        Assert.Equal(Names(asked[0]).Except(fields.Split(' ')), Names(asked[1]));
    }

    [Fact]
    public void Refusals_OfAllServices_ArePlayed() =>
        Assert.Equal(Enum.GetNames<UpstreamService>().Order(StringComparer.Ordinal), Refusals.Select(row => row.Data.Item1).Distinct().Order(StringComparer.Ordinal));

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    // Without the limit, which goes by its other name.
    private static IEnumerable<string> Names(JsonElement request) =>
        request.EnumerateObject().Select(field => field.Name).Where(name => !name.StartsWith("max_", StringComparison.Ordinal));

    private static bool Has(JsonElement request, string path) =>
        path.Split('.').Aggregate((JsonElement?)request, (owner, name) => owner is { } there && there.TryGetProperty(name, out var value) ? value : null) is not null;

    private static string OpenAI(string message, string? param, string? code) =>
        $$"""{"error":{"message":{{Sse.Quote(message)}},"type":"invalid_request_error","param":{{(param is null ? "null" : Sse.Quote(param))}},"code":{{(code is null ? "null" : Sse.Quote(code))}} } }""";
}
