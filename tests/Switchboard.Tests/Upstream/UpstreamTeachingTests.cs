using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Contract;
using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

/// <summary>A refusal that names an optional field teaches: the upstream is asked again at once without it.</summary>
public sealed class UpstreamTeachingTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly UpstreamFactory _clients;

    public UpstreamTeachingTests() => _clients = new(services => services.AddSingleton<TimeProvider>(_time).AddLogging(logging => logging.AddFakeLogging()));

    // What was refused, in the words of those who refuse, and the names that the second request no longer has, or has instead (+).
    public static TheoryData<int, string, string> Refusals => new()
    {
        // OpenAI, Azure OpenAI
        { 400, OpenAI("Unsupported value: 'temperature' does not support 0.3 with this model. Only the default (1) value is supported.", "temperature", "unsupported_value"), "temperature" },
        { 400, OpenAI("Unsupported parameter: 'top_p' is not supported with this model.", "top_p", "unsupported_parameter"), "top_p" },
        { 400, OpenAI("The 'metadata' parameter is only allowed when 'store' is enabled.", "metadata", null), "metadata" },
        { 400, OpenAI("The 'metadata' parameter is only allowed when 'store' is enabled.", null, null), "metadata" },
        { 400, OpenAI("Unrecognized request argument supplied: stream_options. Please contact us through an Azure support request for further questions.", null, null), "stream_options" },
        { 400, OpenAI("Unrecognized request arguments supplied: metadata, store, user", null, null), "metadata store user" },
        { 400, OpenAI("Unknown parameter: 'stream_options.include_usage'.", "stream_options.include_usage", "unknown_parameter"), "stream_options.include_usage" },
        { 400, OpenAI("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens", "unsupported_parameter"), "max_tokens +max_completion_tokens" },
        { 400, OpenAI("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", null, null), "max_tokens +max_completion_tokens" },
        { 400, OpenAI("Function tools with reasoning_effort are not supported for gpt-5.4 in /v1/chat/completions. Please use /v1/responses instead.", "reasoning_effort", null), "reasoning_effort" },
        { 400, OpenAI("Function tools with reasoning_effort are not supported for gpt-5.6 in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.", "reasoning_effort", null), "+reasoning_effort=none" },
        { 400, OpenAI("Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. Supported values are: 'none', 'low', 'medium', and 'high'.", "reasoning_effort", "unsupported_value"), "+reasoning_effort=none" },
        { 400, OpenAI("'messages[0].role' does not support 'developer' with this model.", "messages[0].role", "unsupported_value"), "developer" },
        { 400, OpenAI("Invalid 'messages[1].name': string does not match pattern.", "messages[1].name", "invalid_value"), "name" },
        { 400, OpenAI("Unrecognized request argument supplied: parallel_tool_calls", null, null), "parallel_tool_calls" },
        { 400, OpenAI("max_tokens is too large: 100000. This model supports at most 4096 completion tokens.", "max_tokens", "invalid_value"), "max_tokens" },
        // Mistral, and others on FastAPI
        { 422, """{"detail":[{"type":"extra_forbidden","loc":["body","store"],"msg":"Extra inputs are not permitted","input":false},{"type":"extra_forbidden","loc":["body","metadata"],"msg":"Extra inputs are not permitted","input":{}}]}""", "store metadata" },
        { 422, """{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","max_tokens"],"msg":"Extra inputs are not permitted","input":32000}]},"type":"invalid_request_error","param":null,"code":null}""", "max_tokens +max_completion_tokens" },
        { 422, """{"object":"error","message":"{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"metadata\"],\"msg\":\"Extra inputs are not permitted\",\"input\":0.0}]}","type":"internal_error_proxy","param":null,"code":"1000"}""", "metadata" },
        { 422, """{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","messages",1,"user","name"],"msg":"Extra inputs are not permitted","input":""}]}}""", "name" },
        // vLLM: old, through a gateway, new
        { 400, """{"object":"error","message":"[{'type': 'extra_forbidden', 'loc': ('body', 'stream_options'), 'msg': 'Extra inputs are not permitted', 'input': {'include_usage': True, 'stop': 'user'}}]","type":"BadRequestError","param":null,"code":400}""", "stream_options" },
        { 400, OpenAI("1 validation error for ChatCompletionRequest\nmessages.1.user.name\n  Extra inputs are not permitted [type=extra_forbidden, input_value='bob', input_type=str]\n    For further information visit https://errors.pydantic.dev/2.10/v/extra_forbidden (request id: 20)", "400", null), "name" },
        { 400, OpenAI("1 validation error for ChatCompletionRequest\nmetadata\n  Extra inputs are not permitted [type=extra_forbidden, input_value={}, input_type=dict]", null, null), "metadata" },
        // Gemini
        { 400, """[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"metadata\": Cannot find field.\nInvalid JSON payload received. Unknown name \"store\": Cannot find field.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"description":"Invalid JSON payload received. Unknown name \"metadata\": Cannot find field."},{"description":"Invalid JSON payload received. Unknown name \"store\": Cannot find field."}]}]}}]""", "metadata store" },
        { 400, """[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"enable_thinking\" at 'chat_template_kwargs': Cannot find field.","status":"INVALID_ARGUMENT"}}]""", "chat_template_kwargs" },
        // Groq, Cerebras
        { 400, """{"error":{"message":"property 'store' is unsupported, did you mean 'stop'?","type":"invalid_request_error"}}""", "store" },
        { 400, """{"message":"metadata: property 'metadata' is unsupported","type":"invalid_request_error","param":"validation_error","code":"wrong_api_format"}""", "metadata" },
        // xAI
        { 400, """{"code":"Client specified an invalid argument","error":"Model grok-4-latest does not support parameter reasoningEffort."}""", "reasoning_effort" },
        { 400, """{"code":"Client specified an invalid argument","error":"Argument not supported on this model: stop"}""", "stop" },
        // Moonshot, Anthropic through gateways, Volcengine
        { 400, """{"message":"invalid temperature: only 1 is allowed for this model","type":"invalid_request_error"}""", "temperature" },
        { 400, OpenAI("litellm.BadRequestError: AnthropicException - {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"temperature and top_p cannot both be specified for this model. Please use only one.\"},\"request_id\":\"\"}. Received Model Group=x", null, "400"), "temperature" },
        { 400, OpenAI("Invalid combination of reasoning_effort and thinking type: high + disabled", null, null), "reasoning_effort" },
        // Roles: DeepSeek, DashScope, Volcengine, a template
        { 400, OpenAI("Failed to deserialize the JSON body into the target type: messages[0].role: unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`, `latest_reminder` at line 1 column 60", null, "invalid_request_error"), "developer" },
        { 400, OpenAI("developer is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.['0].role'", null, "invalid_parameter_error"), "developer" },
        { 400, OpenAI("The parameter `messages.role` specified in the request are not valid: invalid value: `developer`, supported values are: `system`, `assistant`, `user`, `tool`. Request id: 0217", null, null), "developer" },
        { 400, OpenAI("chat template rejected the request: Unexpected message role.", null, null), "developer" },
        // Ollama, llama.cpp, OpenRouter, Zhipu
        { 400, OpenAI("think value \"medium\" is not supported for this model", null, null), "reasoning_effort" },
        { 400, OpenAI("\"llama3.2\" does not support thinking", null, null), "reasoning_effort" },
        { 400, OpenAI("invalid reasoning value: 'minimal' (must be \"high\", \"medium\", \"low\", \"max\", or \"none\")", null, null), "+reasoning_effort=none" },
        { 400, """{"error":{"code":400,"message":"Unsupported param: stop","type":"invalid_request_error"}}""", "stop" },
        { 400, """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"Unsupported parameter: 'top_p' is not supported with this model.\",\"param\":\"top_p\"}}","provider_name":"OpenAI"}},"user_id":"user_2"}""", "top_p" },
        { 400, """{"error":{"code":"1214","message":"max_tokens参数非法。请检查文档。"}}""", "max_tokens" },
        // Fireworks, DashScope, jsonschema, serde, Go, plain text
        { 400, OpenAI("Extra inputs are not permitted, field: 'stream_options'", null, null), "stream_options" },
        { 400, OpenAI("<400> InternalError.Algo.InvalidParameter: The tool_choice parameter does not support being set to required or object in thinking mode", null, "invalid_parameter_error"), "tool_choice" },
        { 400, OpenAI("Additional properties are not allowed ('metadata', 'store' were unexpected)", null, null), "metadata store" },
        { 400, "Failed to deserialize the JSON body into the target type: unknown field `chat_template_kwargs`, expected one of `model`, `messages`", "chat_template_kwargs" },
        { 400, """{"error":"json: unknown field \"chat_template_kwargs\""}""", "chat_template_kwargs" },
        // DeepSeek, Moonshot, Vertex AI, DashScope, Groq, vLLM, Anthropic, LiteLLM, NVIDIA: where the name stands
        { 400, OpenAI("Invalid temperature value, the valid range of temperature is [0, 2.0]", null, "invalid_request_error"), "temperature" },
        { 400, OpenAI("Invalid temperature: must be between 0 and 1.", null, null), "temperature" },
        { 400, OpenAI("This response_format type is unavailable now, and so is tool_choice.", null, null), "tool_choice" },
        { 400, """[{"error":{"code":400,"message":"Unable to submit request because it has a temperature value of 1.9 but the supported range is from 0 (inclusive) to 1 (inclusive). Update the value and try again.","status":"INVALID_ARGUMENT"}}]""", "temperature" },
        { 400, OpenAI("<400> InternalError.Algo.InvalidParameter: Range of temperature should be [0.0, 2.0)", null, "invalid_parameter_error"), "temperature" },
        { 400, OpenAI("The value of the enable_thinking parameter is restricted to True.", null, "invalid_parameter_error"), "chat_template_kwargs" },
        { 400, """{"error":{"message":"'messages.0' : discriminator property 'role' has invalid value","type":"invalid_request_error"}}""", "developer" },
        { 400, OpenAI("'max_tokens' or 'max_completion_tokens' is too large: 100000. This model's maximum context length is 4096 tokens and your request has 10 input tokens (100000 > 4096 - 10).", null, null), "max_tokens" },
        { 400, OpenAI("max_completion_tokens is too large: 100000. This model supports at most 4096 completion tokens.", "max_completion_tokens", "invalid_value"), "max_tokens" },
        { 400, """{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens for this model"}}""", "max_tokens" },
        { 400, """{"type":"error","error":{"type":"invalid_request_error","message":"`temperature` may only be set to 1 when thinking is enabled."}}""", "temperature" },
        { 400, OpenAI("litellm.UnsupportedParamsError: gpt-5 models don't support temperature=0.3. Only temperature=1 is supported.", null, "400"), "temperature" },
        { 400, """{"type":"urn:inference-service:problem-details:bad-request","title":"Bad Request","status":400,"detail":"Validation: Unsupported parameter(s): `stream_options`"}""", "stream_options" },
        { 400, """{"error":{"code":"unsupported_parameter","message":"Parameter temperature isn't available in API version 2024-10-21"}}""", "temperature" },
        { 400, OpenAI("Only user, assistant and system roles are supported!", null, null), "developer" },
        { 400, """[{"error":{"code":400,"message":"Penalty is not enabled for this model","status":"INVALID_ARGUMENT"}}]""", "presence_penalty" },
        // A body that is longer than what is read of it
        { 400, $$"""{"error":{"param":"metadata","message":"Unknown parameter: 'metadata'.","more":"{{new string('x', 5000)}}"} }""", "metadata" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Stream_RefusalNamesAnOptionalField_IsAskedAgainWithoutIt(int status, string body, string change)
    {
        await using var upstream = FaultyUpstream.Start(exchange => exchange.AnswerAsync(status, "application/json", body), Failures.Answer());

        var heard = await AskAsync(Client(upstream));

        Assert.Equal((null, "Hello there."), (heard.Failure?.Message, heard.Text));
        var asked = upstream.Requests.Where(request => request.Method == "POST").Select(request => request.Json).ToList();
        Assert.Equal(2, asked.Count);
        Assert.Equal(Changed(Names(asked[0]), change.Split(' ')), Names(asked[1]));
        Assert.Equal(asked[0].GetProperty("messages").GetArrayLength(), asked[1].GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task Stream_TaughtOnce_RemembersForAnHourAndTellsWhatToSet()
    {
        const string Secret = "secret words";
        var refusal = OpenAI($"Unsupported value: 'temperature' does not support 0.3 with this model: {Secret}", "temperature", "unsupported_value");
        await using var upstream = FaultyUpstream.Start(
            Refusing(refusal), Failures.Answer(), Failures.Answer(), Refusing(refusal), Failures.Answer(), Failures.Answer());
        var client = Client(upstream);

        await AskAsync(client);
        _time.Advance(UpstreamLessons.Lasting - TimeSpan.FromMilliseconds(1));
        await AskAsync(client);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await AskAsync(client);

        Assert.Equal([true, false, false, true, false], Posted(upstream).Select(request => request.TryGetProperty("temperature", out _)));
        var lines = _clients.Logs.GetSnapshot().Where(line => line.Id.Id == 215).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Equal(
            $"Upstream {upstream.BaseUrl.Authority} of model voice refuses temperature and is asked without it for an hour; to spare callers the wait for its refusal, set Omit to temperature for this upstream",
            lines[0].Message);
        Assert.DoesNotContain(_clients.Logs.GetSnapshot(), line => line.Message.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stream_RefusedBesideTools_IsRememberedForRequestsWithTools()
    {
        await using var upstream = FaultyUpstream.Start(
            Refusing(OpenAI("Function tools with reasoning_effort are not supported for gpt-5.4 in /v1/chat/completions.", "reasoning_effort", null)), Failures.Answer());
        var client = Client(upstream);

        await AskAsync(client);
        await AskAsync(client, Options(hasTools: false));
        await AskAsync(client);

        Assert.Equal([true, false, true, false], Posted(upstream).Select(request => request.TryGetProperty("reasoning_effort", out _)));
    }

    [Fact]
    public async Task Stream_ValueIsRefused_IsNotSentAgainButOthersAre()
    {
        await using var upstream = FaultyUpstream.Start(
            Refusing(OpenAI("max_tokens is too large: 100000. This model supports at most 4096 completion tokens.", "max_tokens", "invalid_value")), Failures.Answer());
        var client = Client(upstream);
        var smaller = Options();
        smaller.MaxOutputTokens = 300;

        await AskAsync(client);
        await AskAsync(client);
        await AskAsync(client, smaller);
        await AskAsync(client);

        Assert.Equal([true, false, false, true, false], Posted(upstream).Select(request => request.TryGetProperty("max_tokens", out _)));
        Assert.Single(_clients.Logs.GetSnapshot(), line => line.Id.Id == 215);
    }

    [Fact]
    public async Task Stream_ManyValuesAreRefused_OneLineTellsOfAll()
    {
        var refusal = Refusing(OpenAI("max_tokens is too large.", "max_tokens", "invalid_value"));
        await using var upstream = FaultyUpstream.Start(refusal, Failures.Answer(), refusal, Failures.Answer());
        var client = Client(upstream);
        var other = Options();
        other.MaxOutputTokens = 90_000;

        await AskAsync(client);
        await AskAsync(client, other);

        Assert.Equal([true, false, true, false], Posted(upstream).Select(request => request.TryGetProperty("max_tokens", out _)));
        Assert.Single(_clients.Logs.GetSnapshot(), line => line.Id.Id == 215);
    }

    [Fact]
    public async Task Stream_RefusalAfterRefusal_IsAskedFourTimesAtMost()
    {
        string[] fields = ["temperature", "top_p", "metadata", "store"];
        await using var upstream = FaultyUpstream.Start(
            [.. fields.Append("store").Select(field => Refusing(OpenAI($"Unknown parameter: '{field}'.", field, "unknown_parameter"))), Failures.Answer()]);
        var client = Client(upstream);

        var heard = await AskAsync(client);

        Assert.Equal(400, heard.Failure?.Status);
        Assert.Equal(4, Posted(upstream).Count);
        // What it found no fault with any more is remembered: else every turn would be refused four times.
        Assert.Null((await AskAsync(client)).Failure);
        Assert.Equal(6, Posted(upstream).Count);
        Assert.DoesNotContain(Names(Posted(upstream)[4]), fields.Take(3).Contains);
        Assert.Contains("store", Names(Posted(upstream)[4]));
    }

    [Fact]
    public async Task Stream_RefusalStaysTheSame_TeachesNothing()
    {
        var refusal = Refusing(OpenAI("'temperature' is not supported, nor is 'top_p'.", null, null));
        await using var upstream = FaultyUpstream.Start(refusal);
        var client = Client(upstream);

        Assert.Equal(400, (await AskAsync(client)).Failure?.Status);
        await AskAsync(client);

        Assert.Equal([true, false, false, true, false, false], Posted(upstream).Select(request => request.TryGetProperty("temperature", out _)));
        Assert.DoesNotContain(_clients.Logs.GetSnapshot(), line => line.Id.Id == 215);
    }

    // Else each turn would spend its time on the refusal.
    [Fact]
    public async Task Stream_AskedAgainTooLate_IsRememberedAllTheSame()
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var upstream = FaultyUpstream.Start(
            Refusing(OpenAI("Unknown parameter: 'temperature'.", "temperature", "unknown_parameter")),
            async exchange =>
            {
                await turn.CancelAsync();
                await Failures.NeverAnswer()(exchange);
            },
            Failures.Answer());
        var client = Client(upstream);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.GetResponseAsync("Hi", Options(), turn.Token));
        await AskAsync(client);

        Assert.Equal([true, false, false], Posted(upstream).Select(request => request.TryGetProperty("temperature", out _)));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Stream_AskedAgainAndFailsOtherwise_IsRemembered(int status)
    {
        await using var upstream = FaultyUpstream.Start(
            Refusing(OpenAI("Unknown parameter: 'temperature'.", "temperature", "unknown_parameter")), Failures.Status(status), Failures.Answer());
        var client = Client(upstream);

        Assert.Equal(status, (await AskAsync(client)).Failure?.Status);
        await AskAsync(client);

        Assert.Equal([true, false, false], Posted(upstream).Select(request => request.TryGetProperty("temperature", out _)));
    }

    // Such an answer may quote what was said.
    [Theory]
    [InlineData("content_filter")]
    [InlineData("content_policy_violation")]
    [InlineData("invalid_prompt")]
    [InlineData("context_length_exceeded")]
    [InlineData("model_not_found")]
    [InlineData("insufficient_quota")]
    public async Task Stream_RefusalOfWhatWasSaid_IsAFailureAtOnce(string code)
    {
        await using var upstream = FaultyUpstream.Start(Refusing(OpenAI("The caller said: 'user' is not allowed, and 'stop' is unsupported.", null, code)), Failures.Answer());

        Assert.Equal(400, (await AskAsync(Client(upstream))).Failure?.Status);
        Assert.Single(Posted(upstream));
    }

    [Fact]
    public async Task Stream_BothNamesOfTheLimitAreRefused_IsAskedWithout()
    {
        await using var upstream = FaultyUpstream.Start(
            Refusing(OpenAI("Unknown parameter: 'max_tokens'.", "max_tokens", "unknown_parameter")),
            Refusing(OpenAI("Unknown parameter: 'max_completion_tokens'.", "max_completion_tokens", "unknown_parameter")),
            Failures.Answer());

        var heard = await AskAsync(Client(upstream));

        Assert.Null(heard.Failure);
        Assert.Equal(["max_tokens", "max_completion_tokens", ""], Posted(upstream).Select(request => string.Concat(Names(request).Where(name => name.StartsWith("max_", StringComparison.Ordinal)))));
    }

    // What is refused is needed, was not sent, or is not named; or it is another status.
    [Theory]
    [InlineData(400, "messages", "Invalid value for 'content': expected a string, got null. 'temperature' is unsupported.")]
    [InlineData(400, "model", "The model 'up' does not exist.")]
    [InlineData(400, "tools[0].function.parameters", "Invalid schema for function 'weather': In context=('properties', 'stop'), schema must have a 'type' key.")]
    [InlineData(400, null, "An assistant message with 'tool_calls' must be followed by tool messages.")]
    [InlineData(400, "messages", "This model's maximum context length is 4096 tokens. However, your messages resulted in 5000 tokens.")]
    [InlineData(400, "top_k", "Unknown parameter: 'top_k'.")]
    [InlineData(400, null, "The response was filtered due to the prompt triggering the content management policy. Please modify your prompt and retry.")]
    [InlineData(400, null, "User location is not supported for the API use.")]
    [InlineData(401, "temperature", "Unsupported parameter: 'temperature'.")]
    [InlineData(404, "temperature", "Unsupported parameter: 'temperature'.")]
    [InlineData(500, "temperature", "Unsupported parameter: 'temperature'.")]
    public async Task Stream_RefusalTeachesNothing_IsAFailureAtOnce(int status, string? param, string message)
    {
        await using var upstream = FaultyUpstream.Start(Refusing(OpenAI(message, param, null), status), Failures.Answer());

        var heard = await AskAsync(Client(upstream));

        Assert.Equal(status, heard.Failure?.Status);
        Assert.Single(Posted(upstream));
    }

    // Beside thoughts that nobody kept.
    [Theory]
    [InlineData("Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly.", """{"google":{"thought_signature":"skip_thought_signature_validator"}}""", null)]
    [InlineData("thinking is enabled but reasoning_content is missing in assistant tool call message at index 1", null, ".")]
    [InlineData("The reasoning_content in the thinking mode must be passed back to the API.", null, ".")]
    public async Task Stream_ServiceMissesThoughts_GetsStandIns(string message, string? signature, string? reasoning)
    {
        await using var upstream = FaultyUpstream.Start(Refusing(OpenAI(message, null, null)), Failures.Answer());
        ChatMessage[] messages =
        [
            new(ChatRole.User, "Tea?"), new(ChatRole.Assistant, [new FunctionCallContent("a", "weather")]), new(ChatRole.Tool, [new FunctionResultContent("a", "sunny")]),
        ];

        var heard = await AskAsync(Client(upstream), messages: messages);

        Assert.Null(heard.Failure);
        var called = Posted(upstream)[1].GetProperty("messages")[1];
        Assert.Equal(signature, called.GetProperty("tool_calls")[0].TryGetProperty("extra_content", out var extra) ? extra.GetRawText() : null);
        Assert.Equal(reasoning, called.TryGetProperty("reasoning_content", out var thought) ? thought.GetString() : null);
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    private static Behaviour Refusing(string body, int status = 400) => exchange => exchange.AnswerAsync(status, "application/json", body);

    private static List<JsonElement> Posted(FaultyUpstream upstream) => [.. upstream.Requests.Where(request => request.Method == "POST").Select(request => request.Json)];

    private UpstreamChatClient Client(FaultyUpstream upstream) => _clients.Create(upstream.BaseUrl, options =>
    {
        options.Profile = UpstreamService.OpenAI;
        options.Thinking = UpstreamThinking.Default;
        options.TokenLimitField = TokenLimitField.MaxTokens;
        options.Body = """{"chat_template_kwargs":{"enable_thinking":false}}""";
        options.Forward.Add("metadata");
        options.Forward.Add("store");
        options.Forward.Add("user");
    });

    private static ChatOptions Options(bool hasTools = true) => new()
    {
        Temperature = 0.3f,
        TopP = 0.5f,
        PresencePenalty = 0.1f,
        MaxOutputTokens = 100_000,
        StopSequences = ["end"],
        Tools = hasTools ? [AIFunctionFactory.CreateDeclaration("weather", "Knows it.", JsonElement.Parse("""{"type":"object","properties":{}}"""))] : null,
        ToolMode = ChatToolMode.Auto,
        AllowMultipleToolCalls = true,
        AdditionalProperties = new() { ["metadata"] = JsonElement.Parse("""{"call":"c"}"""), ["store"] = false, ["user"] = "bob", ["reasoning_effort"] = "minimal" },
    };

    private static async Task<Heard> AskAsync(UpstreamChatClient client, ChatOptions? options = null, ChatMessage[]? messages = null) => await Heard.ListenAsync(
        client, messages ?? [new(WireRoles.Developer, "Be brief."), new(ChatRole.User, "Hello?") { AuthorName = "bob" }], options ?? Options(), TestContext.Current.CancellationToken);

    private static string OpenAI(string message, string? param, string? code) =>
        $$"""{"error":{"message":{{Sse.Quote(message)}},"type":"invalid_request_error","param":{{(param is null ? "null" : Sse.Quote(param))}},"code":{{(code is null ? "null" : Sse.Quote(code))}} } }""";

    private static SortedSet<string> Changed(SortedSet<string> names, string[] change)
    {
        var gone = change.Where(name => name[0] is not '+').ToList();
        return [.. names.Where(name => !gone.Exists(other => name == other || name.StartsWith($"{other}.", StringComparison.Ordinal))), .. change.Except(gone).Select(name => name[1..])];
    }

    // The fields and those inside of them, and what of messages may be refused.
    private static SortedSet<string> Names(JsonElement request)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var field in request.EnumerateObject().Where(field => field.Name is not "messages"))
        {
            names.Add(field.Name);
            names.UnionWith(field.Value.ValueKind is JsonValueKind.Object ? field.Value.EnumerateObject().Select(inner => $"{field.Name}.{inner.Name}") : []);
            names.UnionWith(field is { Name: "reasoning_effort" } && field.Value.GetString() is "none" ? ["reasoning_effort=none"] : []);
        }

        foreach (var message in request.GetProperty("messages").EnumerateArray())
        {
            names.UnionWith(message.GetProperty("role").GetString() is "developer" ? ["developer"] : []);
            names.UnionWith(message.TryGetProperty("name", out _) ? ["name"] : []);
        }

        return names;
    }
}
