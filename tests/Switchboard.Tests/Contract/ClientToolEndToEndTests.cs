using System.Text.Json;
using static Switchboard.Testing.ScriptedCall;

namespace Switchboard.Tests.Contract;

/// <summary>The client's own tools: passed on to a scripted upstream, and its calls returned as OpenAI does.</summary>
public sealed class ClientToolEndToEndTests
{
    private const string Tools = ""","tools":[{"type":"function","function":{"name":"weather","description":"Knows it.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":true}}],"tool_choice":"required","parallel_tool_calls":true""";

    private static readonly string TwoCalls = Call("weather", """{"city": "Berlin"}""") + Call("weather", """{"city": "Rome"}""", 1) + End("tool_calls");

    [Fact]
    public async Task Post_ParallelCalls_HaveAChunkEachWithTheirIndices()
    {
        await using var call = await StartAsync([Sse.Text("Let me see.") + TwoCalls], ("Actions:0:Name", "hangup"));

        var body = await call.SayAsync("Weather?", $$"""{{Tools}},"stream_options":{"include_usage":true}""");

        const string First = """{"tool_calls":[{"index":0,"id":"call_0","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Berlin\"}"}}]}""";
        const string Second = """{"tool_calls":[{"index":1,"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Rome\"}"}}]}""";
        var expected = Body("tool_calls", Content("Let me see."), First, Second)
            .Replace("}]}\n\n", "}],\"usage\":null}\n\n", StringComparison.Ordinal)
            .Replace("data: [DONE]", """data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}""" + "\n\ndata: [DONE]", StringComparison.Ordinal);
        Assert.Equal(expected, body);
        var asked = call.Asked[0];
        Assert.Equal(["weather", "hangup"], asked.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()));
        Assert.True(asked.GetProperty("tools")[0].GetProperty("function").GetProperty("strict").GetBoolean());
        Assert.Equal("required", asked.GetProperty("tool_choice").GetString());
        Assert.True(asked.GetProperty("parallel_tool_calls").GetBoolean());
    }

    [Fact]
    public async Task Post_NotStreamed_HasCallsWithoutIndicesAndNullContent()
    {
        await using var call = await StartAsync([TwoCalls]);

        using var body = JsonDocument.Parse(await call.SayAsync("Weather?", Tools, stream: false));

        var choice = body.RootElement.GetProperty("choices")[0];
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("message").GetProperty("content").ValueKind);
        Assert.Equal(
            """[{"id":"call_0","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Berlin\"}"}},{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Rome\"}"}}]""",
            choice.GetProperty("message").GetProperty("tool_calls").GetRawText());
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
    }

    // With a mark in them that begins directives too, so that they are looked through.
    [Theory]
    [InlineData("""{"city":"a < b","city":"Rome"}""")]
    [InlineData("""{"of":[{"city":"Rome & Bonn","city":1}]}""")]
    public async Task Post_NameTwiceInArguments_PassesToTheLetter(string arguments)
    {
        await using var call = await StartAsync([Call("weather", arguments) + End("tool_calls")]);

        Assert.Equal(Body("tool_calls", ToolCall("weather", arguments)), await call.SayAsync("Weather?", Tools));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_ArgumentsThatTakeLong_AreNoSilence(bool speaksFirst)
    {
        var almost = TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1);
        using var gate = new SemaphoreSlim(0);
        const string Begin = """{"tool_calls":[{"index":0,"id":"call_0","type":"function","function":{"name":"weather","arguments":"{\"city\":"}}]}""";
        const string Middle = """{"tool_calls":[{"index":0,"function":{"arguments":"\"Ber"}}]}""";
        const string Rest = """{"tool_calls":[{"index":0,"function":{"arguments":"lin\"}"}}]}""";
        await using var call = await StartAsync(
            [Failures.Gated(gate, Sse.Role + (speaksFirst ? Sse.Text("Let me see.") : "") + Sse.Delta(Begin), Sse.Delta(Middle), Sse.Delta(Rest) + End("tool_calls"))], ("/Limits:KeepAlive", "00:03:00"));
        var answer = call.SayAsync("Weather?", Tools);

        for (var piece = 0; piece < 2; piece++)
        {
            await call.Rig.Time.WaitForChangeAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            call.Rig.Time.Advance(almost);
            gate.Release();
        }

        string[] said = speaksFirst ? [Content("Let me see.")] : [];
        Assert.Equal(Body("tool_calls", [.. said, ToolCall("weather", """{"city":"Berlin"}""")]), await answer);
    }

    [Fact]
    public async Task Post_CallThatIsNeverFinished_IsASilence()
    {
        await using var call = await StartAsync(
            [Failures.StreamThenSilence(Sse.Role + Sse.Delta("""{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"weather","arguments":"{"}}]}"""))],
            ("Apology", TurnRig.Apology));
        var answer = call.SayAsync("Weather?", Tools);

        await call.Rig.Time.WaitForChangeAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        call.Rig.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(Body("stop", Content(TurnRig.Apology)), await answer);
    }
}
