using System.Text.Json;
using static Switchboard.Testing.ScriptedCall;

namespace Switchboard.Tests.Contract;

/// <summary>What a service wants back with its tool calls, on its way through both kinds of tool loops and over HTTP.</summary>
public sealed class ThoughtTests
{
    private const string Signature = """{"google":{"thought_signature":"EjQ/KMg+EM=="}}""";
    private const string Details = """[{"type":"reasoning.text","text":"They want tea.","index":0,"signature":"s1"},{"type":"reasoning.encrypted","data":"x","index":1}]""";

    private const string Tools = ""","tools":[{"type":"function","function":{"name":"weather"}}]""";

    // A tool call as Gemini's, DeepSeek's and OpenRouter's streams have it.
    private static readonly string Called = Sse.Reasoning("They want ") + Sse.Reasoning("tea.")
        + Sse.Delta("""{"content":"","reasoning_details":[{"type":"reasoning.text","text":"They want ","index":0}]}""")
        + Sse.Delta("""{"content":"","reasoning_details":[{"type":"reasoning.text","text":"tea.","index":0,"signature":"s1"},{"type":"reasoning.encrypted","data":"x","index":1}]}""")
        + Sse.Delta($$"""{"content":"","extra_content":{{Signature}}}""")
        + Sse.Delta($$$"""{"tool_calls":[{"index":0,"id":"call_0","type":"function","extra_content":{{{Signature}}},"function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}}]}""")
        + End("tool_calls");

    public static TheoryData<string, string?, string?, string?, string?> Services => new()
    {
        { "Gemini", Signature, Signature, null, null },
        { "DeepSeek", null, null, "They want tea.", null },
        { "Moonshot", null, null, "They want tea.", null },
        { "OpenRouter", null, null, null, Details },
        { "OpenAI", null, null, null, null },
        { "Unknown", null, null, null, null },
    };

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Post_ToolThatRunsHere_UpstreamGetsBackWhatItWants(string profile, string? ofCall, string? ofMessage, string? reasoning, string? details)
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await StartAsync(
            [Called, Sse.Text("Sunny.") + End()], ("Upstreams:0:Profile", profile), ("Upstreams:0:Thinking", "On"), Model(profile), ("Tools:Mcp:0:Url", server.Url.ToString()));
        await call.Rig.Host.WaitForLogAsync(410);

        Assert.Equal(Body("stop", Content("Sunny.")), await call.SayAsync());

        AssertWanted(call.Asked[1].GetProperty("messages")[1], ofCall, ofMessage, reasoning, details);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Post_ClientsOwnTool_UpstreamGetsBackWhatItWants(string profile, string? ofCall, string? ofMessage, string? reasoning, string? details)
    {
        await using var call = await StartAsync(
            [Called, Called, Sse.Text("Sunny.") + End(), Sse.Text("Sunny.") + End()], ("Upstreams:0:Profile", profile), ("Upstreams:0:Thinking", "On"), Model(profile));

        var streamed = (await call.SayAsync(more: Tools)).Split("\n\n").Single(data => data.Contains("tool_calls\":[", StringComparison.Ordinal))["data: ".Length..];
        using var chunk = JsonDocument.Parse(streamed);
        using var whole = JsonDocument.Parse(await call.SayAsync(more: Tools, stream: false));

        // Once with all that was streamed, and once with nothing but the call.
        var delta = chunk.RootElement.GetProperty("choices")[0].GetProperty("delta");
        var message = whole.RootElement.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal(JsonValueKind.Null, message.GetProperty("content").ValueKind);
        await SendBackAsync($$"""{"role":"assistant",{{delta.GetRawText()[1..]}}""");
        await SendBackAsync($$"""{"role":"assistant","content":null,"tool_calls":{{message.GetProperty("tool_calls").GetRawText()}}}""");

        async Task SendBackAsync(string said)
        {
            using var response = await call.Rig.Host.PostAsync($$$"""
                {"model":"voice","messages":[{"role":"user","content":"Tea?"},{{{said}}},{"role":"tool","tool_call_id":"call_0","content":"sunny"}]{{{Tools}}} }
                """);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            AssertWanted(call.Asked[^1].GetProperty("messages")[1], ofCall, ofMessage, reasoning, details);
        }
    }

    // As a client writes them that knows the service itself.
    [Theory]
    [InlineData("Gemini", $$$"""{"role":"assistant","extra_content":{{{Signature}}},"tool_calls":[{"id":"a","type":"function","function":{"name":"weather"},"extra_content":{{{Signature}}} }]}""", Signature, Signature, null, null)]
    [InlineData("DeepSeek", """{"role":"assistant","reasoning_content":"Hm.","tool_calls":[{"id":"a","type":"function","function":{"name":"weather"}}]}""", null, null, "Hm.", null)]
    [InlineData("OpenRouter", $$"""{"role":"assistant","reasoning_details":{{Details}},"tool_calls":[{"id":"a","type":"function","function":{"name":"weather"} }]}""", null, null, null, Details)]
    [InlineData("Moonshot", """{"role":"assistant","reasoning_content":5,"tool_calls":[{"id":"a","type":"function","function":{"name":"weather"},"extra_content":"x"}]}""", null, null, null, null)]
    [InlineData("DeepSeek", """{"role":"assistant","content":"Tea.","reasoning_content":"Hm."}""", null, null, null, null)]
    public async Task Post_HistoryOfAClientThatKnowsTheService_PassesToIt(string profile, string said, string? ofCall, string? ofMessage, string? reasoning, string? details)
    {
        await using var call = await StartAsync([Sse.Text("Sunny.") + End()], ("Upstreams:0:Profile", profile), Model(profile));

        using var response = await call.Rig.Host.PostAsync(
            $$$"""{"model":"voice","messages":[{"role":"user","content":"Tea?"},{{{said}}},{"role":"tool","tool_call_id":"a","content":"sunny"},{"role":"user","content":"So?"}]}""");
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        AssertWanted(call.Asked[0].GetProperty("messages")[1], ofCall, ofMessage, reasoning, details);
    }

    [Fact]
    public async Task Post_ThoughtsOfAClientThatAreTooLong_AreRefused()
    {
        await using var call = await StartAsync([Sse.Text("Sunny.") + End()]);

        using var response = await call.Rig.Host.PostAsync(
            $$$"""{"model":"voice","messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f"},"extra_content":{"x":"{{{new string('x', 65_536)}}}"}}]}]}""");

        var error = (await Json.ReadAsync(response)).GetProperty("error");
        Assert.Equal(("invalid_value", "messages[0].tool_calls[0].extra_content"), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
    }

    // What a service has may depend on its model.
    private static (string Name, string Value) Model(string profile) => ("Upstreams:0:Model", profile == "Gemini" ? "gemini-3-flash-preview" : "up");

    private static void AssertWanted(JsonElement message, string? ofCall, string? ofMessage, string? reasoning, string? details)
    {
        Assert.Equal("assistant", message.GetProperty("role").GetString());
        Assert.Equal(ofCall, message.TryGetProperty("tool_calls", out var calls) ? Raw(calls[0], "extra_content") : null);
        Assert.Equal(ofMessage, Raw(message, "extra_content"));
        Assert.Equal(reasoning, message.TryGetProperty("reasoning_content", out var thought) ? thought.GetString() : null);
        Assert.Equal(details, Raw(message, "reasoning_details"));
    }

    private static string? Raw(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value.GetRawText() : null;
}
