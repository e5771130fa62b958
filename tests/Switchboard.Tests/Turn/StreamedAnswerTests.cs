using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Switchboard.Tests.Turn;

/// <summary>The bytes of whole answers.</summary>
public sealed class StreamedAnswerTests
{
    private const string Head = """data: {"id":"chatcmpl-ID","object":"chat.completion.chunk","created":1767225600,"model":""";

    [Fact]
    public async Task Post_Streamed_WritesEveryByteOfTheContract()
    {
        var raw = await AnswerAsync(Json.Request("demo"));

        Assert.Equal(
            $$$"""
            {{{Head}}}"demo","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

            {{{Head}}}"demo","choices":[{"index":0,"delta":{"content":"Hello "},"finish_reason":null}]}

            {{{Head}}}"demo","choices":[{"index":0,"delta":{"content":"there, "},"finish_reason":null}]}

            {{{Head}}}"demo","choices":[{"index":0,"delta":{"content":"caller."},"finish_reason":null}]}

            {{{Head}}}"demo","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]


            """.ReplaceLineEndings("\n"),
            raw);
    }

    [Fact]
    public async Task Post_WithUsage_WritesNullUsageThenTheUsageChunk()
    {
        var raw = await AnswerAsync(Json.Request("demo", said: "How are you?", more: ""","stream_options":{"include_usage":true}"""));

        Assert.Equal(
            $$$"""
            {{{Head}}}"demo","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

            {{{Head}}}"demo","choices":[{"index":0,"delta":{"content":"Hello "},"finish_reason":null}],"usage":null}

            {{{Head}}}"demo","choices":[{"index":0,"delta":{"content":"there, "},"finish_reason":null}],"usage":null}

            {{{Head}}}"demo","choices":[{"index":0,"delta":{"content":"caller."},"finish_reason":null}],"usage":null}

            {{{Head}}}"demo","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}

            {{{Head}}}"demo","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":3,"total_tokens":6}}

            data: [DONE]


            """.ReplaceLineEndings("\n"),
            raw);
    }

    [Fact]
    public async Task Post_RuleThatHangsUp_WritesTheGoodbyeThenOneToolCall()
    {
        var raw = await AnswerAsync(Json.Request("reception", said: "Okay, bye!"));

        Assert.Equal(
            $$$"""
            {{{Head}}}"reception","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

            {{{Head}}}"reception","choices":[{"index":0,"delta":{"content":"Goodbye."},"finish_reason":null}]}

            {{{Head}}}"reception","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_ID","type":"function","function":{"name":"hangup","arguments":"{}"}}]},"finish_reason":null}]}

            {{{Head}}}"reception","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

            data: [DONE]


            """.ReplaceLineEndings("\n"),
            raw);
    }

    [Fact]
    public async Task Post_NotStreamed_WritesOneObject()
    {
        var raw = await AnswerAsync(Json.Request("demo", stream: false), "application/json");

        Assert.Equal(
            """{"id":"chatcmpl-ID","object":"chat.completion","created":1767225600,"model":"demo","choices":[{"index":0,"message":{"role":"assistant","content":"Hello there, caller.","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":3,"total_tokens":4}}""",
            raw);
    }

    [Fact]
    public async Task Post_NotStreamedRuleThatHangsUp_HasTextAndToolCall()
    {
        var raw = await AnswerAsync(Json.Request("reception", said: "bye", stream: false), "application/json");

        Assert.Contains(
            """{"index":0,"message":{"role":"assistant","content":"Goodbye.","refusal":null,"tool_calls":[{"id":"call_ID","type":"function","function":{"name":"hangup","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}]""",
            raw,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_SurrogatePairCutBetweenPieces_ArrivesWhole()
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, new Dictionary<string, string?> { ["Models:1:SpokenText"] = "false" });
        responder.Say("A \ud83d");
        responder.Say("\ude00 smile, 你好 \u2028 \"quoted\"");
        responder.End();
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake")));
        await stream.NextAsync();

        Assert.Equal("A ", await stream.NextTextAsync());
        Assert.Equal("😀 smile, 你好 \u2028 \"quoted\"", await stream.NextTextAsync());
    }

    [Fact]
    public async Task Post_Streamed_SendsTheHeadersOfTheContract()
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.PostAsync(Json.Request("anything: demo is the default"));

        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
        Assert.Matches("^req_[0-9a-f]{32}$", Assert.Single(response.Headers.GetValues("x-request-id")));
    }

    [Fact]
    public async Task Post_SeveralToolCallsAndWhatIsNotForTheWire_WritesTheCallsOnlyAndNumbersThem()
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder);
        responder.Yield(
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("thinking"), new TextContent("")]),
            new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("a", "first", new Dictionary<string, object?> { ["x"] = 1 })]),
            new ChatResponseUpdate(ChatRole.Tool, [new FunctionResultContent("a", "done")]),
            new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("b", "second"), new TextContent("text goes first")]));
        responder.End();
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake")));

        var events = await stream.RestAsync();

        Assert.Equal(6, events.Count);
        Assert.Contains("""{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"first","arguments":"{\"x\":1}"}}]}""", events[1], StringComparison.Ordinal);
        Assert.Contains("""{"index":0,"delta":{"content":"text goes first"}""", events[2], StringComparison.Ordinal);
        Assert.Contains("""{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"second","arguments":"{}"}}]}""", events[3], StringComparison.Ordinal);
        Assert.Contains("""{"index":0,"delta":{},"finish_reason":"tool_calls"}""", events[4], StringComparison.Ordinal);
        Assert.Equal("[DONE]", events[5]);
    }

    private static async Task<string> AnswerAsync(string request, string mediaType = "text/event-stream")
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var settings = new Dictionary<string, string?>
        {
            ["Models:1:Id"] = "reception",
            ["Models:1:Responder"] = "scripted",
            ["Models:1:Script:0:When"] = @"\bbye\b",
            ["Models:1:Script:0:Say"] = "Goodbye.",
            ["Models:1:Script:0:Do"] = "hangup",
        };
        await using var host = await TestHost.StartAsync(settings: settings, time: time);
        using var response = await host.PostAsync(request);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return EventReader.WithoutIds(Encoding.UTF8.GetString(bytes));
    }
}
