using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Switchboard.Contract;
using Switchboard.Upstream;
using Switchboard.Vault;

namespace Switchboard.Tests.Upstream;

/// <summary>What an operator sets of a request wins over what the platform sends; what tells who calls stays here.</summary>
public sealed class UpstreamSettingsTests : IAsyncDisposable
{
    private readonly UpstreamFactory _clients = new(services => services.AddSingleton<SecretSource>((string name) => _ => ValueTask.FromResult<string?>($"value of {name}")));

    // The settings, as JSON on UpstreamOptions; what of the request differs from the one without them.
    [Theory]
    [InlineData("Temperature", "0.3", """{"temperature":0.3}""")]
    [InlineData("TopP", "0.9", """{"top_p":0.9}""")]
    [InlineData("MaxTokens", "70", """{"max_completion_tokens":70}""")]
    [InlineData("ReasoningEffort", "none", """{"reasoning_effort":"none"}""")]
    [InlineData("Verbosity", "low", """{"verbosity":"low"}""")]
    [InlineData("ServiceTier", "priority", """{"service_tier":"priority"}""")]
    [InlineData("PromptCacheKey", "reception", """{"prompt_cache_key":"reception"}""")]
    [InlineData("Body", """{"temperature":0.1,"enable_thinking":false,"provider":{"order":["a","é"]},"nothing":null}""", """{"temperature":0.1,"enable_thinking":false,"provider":{"order":["a","é"]},"nothing":null}""")]
    [InlineData("Body", """{"stream_options":{"extra":1}}""", """{"stream_options":{"include_usage":true,"extra":1}}""")]
    [InlineData("Body", """{"stream_options":{"include_usage":false}}""", """{"stream_options":{"include_usage":false}}""")]
    [InlineData("Body", """{"response_format":{"type":"text"},"stop":["x"]}""", """{"response_format":{"type":"text"},"stop":["x"]}""")]
    public async Task Ask_Setting_WinsOverThePlatform(string setting, string value, string changed)
    {
        var with = await AskAsync(upstream => Set(upstream, setting, value));

        var without = await AskAsync();
        foreach (var (name, node) in JsonNode.Parse(changed)!.AsObject())
        {
            without[name] = node?.DeepClone();
        }

        Assert.True(JsonNode.DeepEquals(without, with), with.ToJsonString());
    }

    // Services refuse both names at once.
    [Theory]
    [InlineData("max_tokens", null)]
    [InlineData("max_completion_tokens", null)]
    [InlineData("max_tokens", 70)]
    [InlineData("max_completion_tokens", 70)]
    public async Task Ask_LimitOfTheBody_IsTheOnlyOne(string field, int? setting)
    {
        foreach (var named in Enum.GetValues<TokenLimitField>())
        {
            var body = await AskAsync(upstream => (upstream.Body, upstream.MaxTokens, upstream.TokenLimitField) = ($$"""{"{{field}}":5}""", setting, named));

            Assert.Equal([$"{field}: 5"], body.Where(one => one.Key.StartsWith("max_", StringComparison.Ordinal)).Select(one => $"{one.Key}: {one.Value}"));
        }
    }

    [Fact]
    public async Task Ask_SettingsForAPlatformThatSendsNothing_AreSent()
    {
        var body = await AskAsync(
            upstream =>
            {
                upstream.MaxTokens = 70;
                upstream.TokenLimitField = TokenLimitField.MaxTokens;
                upstream.Body = """{"chat_template_kwargs":{"enable_thinking":false}}""";
            },
            asked: null);

        Assert.Equal(
            """{"model":"up","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true},"chat_template_kwargs":{"enable_thinking":false},"max_tokens":70}""",
            body.ToJsonString());
    }

    [Theory]
    [InlineData("stream_options")]
    [InlineData("temperature")]
    [InlineData("max_completion_tokens")]
    [InlineData("response_format")]
    [InlineData("reasoning_effort")]
    [InlineData("logit_bias")]
    [InlineData("tool_choice")]
    [InlineData("tools")]
    public async Task Ask_OmittedField_IsNotSent(string field)
    {
        Assert.Contains(field, (await AskAsync()).Select(one => one.Key));

        var body = await AskAsync(upstream =>
        {
            upstream.Temperature = 0.3;
            upstream.Omit.Add(field);
        });

        Assert.DoesNotContain(field, body.Select(one => one.Key));
        Assert.Equal(field is "tools", !body.ContainsKey("tools") && !body.ContainsKey("tool_choice") && !body.ContainsKey("parallel_tool_calls"));
    }

    [Fact]
    public async Task Ask_OmittedPath_LosesThatAlone() => Assert.Equal(
        """{"include_usage":true}""",
        (await AskAsync(upstream =>
        {
            upstream.Profile = UpstreamService.OpenAI;
            upstream.Omit.Add("stream_options.include_obfuscation");
        }))["stream_options"]!.ToJsonString());

    [Theory]
    [InlineData("metadata", """{"org":{"id":7}}""")]
    [InlineData("store", "true")]
    [InlineData("user", "\"anna\"")]
    [InlineData("safety_identifier", "\"anna\"")]
    [InlineData("prompt_cache_key", "\"call-9\"")]
    public async Task Ask_WhatTellsWhoCalls_StaysHereUnlessForwarded(string field, string value)
    {
        foreach (var profile in (UpstreamService?[])[null, UpstreamService.OpenAI, UpstreamService.Gemini])
        {
            var options = new ChatOptions { AdditionalProperties = new() { [field] = JsonElement.Parse(value) } };

            Assert.NotEqual(value, (await AskAsync(upstream => upstream.Profile = profile, options))[field]?.ToJsonString());
            var forwarded = await AskAsync(
                upstream =>
                {
                    upstream.Profile = profile;
                    upstream.Forward.Add(field);
                },
                options);
            Assert.Equal(value, forwarded[field]!.ToJsonString());
        }
    }

    [Fact]
    public async Task Ask_EffortOfThePlatform_YieldsToTheSwitch()
    {
        var options = new ChatOptions { AdditionalProperties = new() { ["reasoning_effort"] = "high" } };

        Assert.Equal("none", await EffortAsync(null));
        Assert.Equal("high", await EffortAsync(UpstreamThinking.Default));
        Assert.Equal("medium", await EffortAsync(UpstreamThinking.On));

        async Task<string?> EffortAsync(UpstreamThinking? thinking) => (await AskAsync(
            upstream => (upstream.Profile, upstream.Model, upstream.Thinking) = (UpstreamService.OpenAI, "gpt-5.4-mini", thinking), options))["reasoning_effort"]?.GetValue<string>();
    }

    [Fact]
    public async Task Ask_EffortOfTheOperator_TurnsNoSwitchBeside()
    {
        var body = await AskAsync(upstream => (upstream.Profile, upstream.Model, upstream.ReasoningEffort) = (UpstreamService.Moonshot, "kimi-k2.6", "low"), asked: null);

        Assert.Equal("low", body["reasoning_effort"]!.GetValue<string>());
        Assert.DoesNotContain("thinking", body.Select(field => field.Key));
    }

    [Fact]
    public async Task Ask_ToolChoiceOfTheBody_IsSentBesideToolsOnly()
    {
        void Configure(UpstreamOptions upstream) => upstream.Body = """{"parallel_tool_calls":false}""";

        Assert.False((await AskAsync(Configure))["parallel_tool_calls"]!.GetValue<bool>());
        Assert.DoesNotContain("parallel_tool_calls", (await AskAsync(Configure, asked: null)).Select(field => field.Key));
    }

    [Fact]
    public async Task Ask_NamesOfMessages_AreLeftOutWhereTheyAreRefused()
    {
        Assert.Equal("Anna", await NameAsync(UpstreamService.OpenAI));
        Assert.Null(await NameAsync(UpstreamService.Groq));

        async Task<string?> NameAsync(UpstreamService profile)
        {
            await using var upstream = FaultyUpstream.Start();
            await _clients.Create(upstream.BaseUrl, options => options.Profile = profile)
                .GetResponseAsync([new(ChatRole.User, "Hi") { AuthorName = "Anna" }], cancellationToken: TestContext.Current.CancellationToken);
            return JsonNode.Parse(upstream.Requests.Single().Body)!["messages"]![0]!["name"]?.GetValue<string>();
        }
    }

    [Fact]
    public async Task Ask_Headers_AreSentBeside()
    {
        await using var upstream = FaultyUpstream.Start();
        var client = _clients.Create(upstream.BaseUrl, options =>
        {
            options.ApiKey = "sk-1";
            options.Headers.Add(new UpstreamHeader { Name = "X-Tenant", Value = "blue and green" });
            options.Headers.Add(new UpstreamHeader { Name = "api-key", Secret = "gateway" });
            options.Headers.Add(new UpstreamHeader { Name = "User-Agent", Value = "Mine/1" });
        });

        await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        var sent = upstream.Requests.Single().Headers;
        Assert.Equal(("blue and green", "value of gateway", "Mine/1", "Bearer sk-1"), (sent["X-Tenant"], sent["api-key"], sent["User-Agent"], sent["Authorization"]));
    }

    [Fact]
    public async Task Ask_HeaderQuotedInARefusal_IsNotToldOn()
    {
        await using var upstream = FaultyUpstream.Start(exchange => exchange.AnswerAsync(401, "application/json", """{"error":{"code":"bad_tenant_secret-4711","type":"invalid_request_error"}}"""));
        var client = _clients.Create(upstream.BaseUrl, options => options.Headers.Add(new UpstreamHeader { Name = "X-Tenant", Value = "secret-4711" }));

        var heard = await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        Assert.Equal((null, "invalid_request_error"), (heard.Failure!.Report?.Code, heard.Failure.Report?.Type));
    }

    [Theory]
    [InlineData("line\nbreak")]
    [InlineData("")]
    public async Task Ask_HeaderThatCannotBeSent_IsACredentialFailure(string value)
    {
        await using var upstream = FaultyUpstream.Start();
        await using var clients = new UpstreamFactory(services => services.AddSingleton<SecretSource>((string _) => _ => ValueTask.FromResult<string?>(value)));

        var heard = await Heard.ListenAsync(
            clients.Create(upstream.BaseUrl, options => options.Headers.Add(new UpstreamHeader { Name = "X-Tenant", Secret = "gateway" })), TestContext.Current.CancellationToken);

        Assert.Equal(ResponderFailure.Credential, heard.Failure!.Failure);
        Assert.Empty(upstream.Requests);
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    private static ChatOptions Everything() => new()
    {
        Temperature = 0.7f,
        TopP = 0.5f,
        FrequencyPenalty = 0.1f,
        PresencePenalty = 0.2f,
        Seed = 3,
        MaxOutputTokens = 500,
        StopSequences = ["User:"],
        ResponseFormat = ChatResponseFormat.Json,
        Tools = [new ClientTool("lookup", null, JsonElement.Parse("""{"type":"object"}"""), null)],
        ToolMode = ChatToolMode.Auto,
        AllowMultipleToolCalls = true,
        AdditionalProperties = new() { ["logit_bias"] = JsonElement.Parse("""{"1":2}"""), ["reasoning_effort"] = "high", ["verbosity"] = "high", ["service_tier"] = "default" },
    };

    private static void Set(UpstreamOptions upstream, string setting, string value)
    {
        var property = typeof(UpstreamOptions).GetProperty(setting)!;
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        property.SetValue(upstream, Convert.ChangeType(value, type, System.Globalization.CultureInfo.InvariantCulture));
    }

    private Task<JsonObject> AskAsync(Action<UpstreamOptions>? configure = null) => AskAsync(configure, Everything());

    private async Task<JsonObject> AskAsync(Action<UpstreamOptions>? configure, ChatOptions? asked)
    {
        await using var upstream = FaultyUpstream.Start();
        await _clients.Create(upstream.BaseUrl, configure).GetResponseAsync([new(ChatRole.User, "Hi")], asked, TestContext.Current.CancellationToken);
        return JsonNode.Parse(upstream.Requests.Single().Body)!.AsObject();
    }
}
