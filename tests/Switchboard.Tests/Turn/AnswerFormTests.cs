using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Switchboard.Tests.Tools;

namespace Switchboard.Tests.Turn;

/// <summary>What each platform needs of an answer, as raw bytes: it gets that, and nobody else does.</summary>
public sealed class AnswerFormTests
{
    public static TheoryData<string> Platforms => new(PlatformRequests.All.Select(request => request.Platform.ToLowerInvariant()).Distinct());

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task Post_TwoCallsAndText_AreACallAChunkAndNoTextBesideThem(string platform)
    {
        var responder = new RoundsChatClient(
            [new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("Let me see."), new FunctionCallContent("a", "one", null), new FunctionCallContent("b", "two", new Dictionary<string, object?> { ["x"] = 1 })]) { FinishReason = ChatFinishReason.ToolCalls }]);
        await using var host = await TestHost.StartAsync(responder);
        using var response = await Request(platform).SendAsync(host);

        var chunks = Chunks(await ReadAsync(response)).Where(chunk => chunk.GetProperty("choices").GetArrayLength() > 0).ToList();
        Assert.Single(chunks.Select(chunk => (chunk.GetProperty("id").GetString(), chunk.GetProperty("created").GetInt64())).Distinct());
        var deltas = chunks.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta")).ToList();
        if (platform == "vocode")
        {
            // It reads the elder form alone, which has room for one.
            Assert.Equal("""{"function_call":{"name":"one","arguments":"{}"}}""", Assert.Single(deltas, delta => delta.TryGetProperty("function_call", out _)).GetRawText());
            return;
        }

        string[] calls =
        [
            """{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"one","arguments":"{}"}}]}""",
            """{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"two","arguments":"{\"x\":1}"}}]}""",
        ];
        Assert.Equal(
            // It fails at any index but the first: https://github.com/bolna-ai/bolna, bolna/llms/openai_llm.py
            platform == "bolna" ? calls[..1] : calls,
            deltas.Where(delta => delta.TryGetProperty("tool_calls", out _)).Select(delta => delta.GetRawText()));
    }

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task Post_Text_HasAFinishReasonBeforeTheEndForAllButZego(string platform)
    {
        var responder = new RoundsChatClient(RoundsChatClient.Say("Hello ", "\"there\"."));
        await using var host = await TestHost.StartAsync(responder);
        using var response = await Request(platform).With(body => body["stream_options"] = new JsonObject { ["include_usage"] = true }).SendAsync(host);

        var body = await ReadAsync(response);
        Assert.EndsWith("\n\ndata: [DONE]\n\n", body, StringComparison.Ordinal);
        var chunks = Chunks(body);
        var choices = chunks.Where(chunk => chunk.GetProperty("choices").GetArrayLength() > 0).Select(chunk => chunk.GetProperty("choices")[0]).ToList();
        Assert.Equal(["Hello ", "\"there\"."], choices.Select(Text).Where(text => text.Length > 0));
        Assert.Equal("stop", choices[^1].GetProperty("finish_reason").GetString());
        Assert.All(choices[..^1], choice => Assert.Equal(platform == "zego" ? "absent" : "Null", choice.TryGetProperty("finish_reason", out var reason) ? $"{reason.ValueKind}" : "absent"));
        // The last of all for ZEGO; for others the usage follows, as in OpenAI's API.
        Assert.Equal(platform == "zego" ? 1 : 0, chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.Equal(12, chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task Post_AgoraIsSteered_ItsFirstChunkSaysSoAndNoOther(string platform)
    {
        var responder = new RoundsChatClient(RoundsChatClient.Say("One ", "moment."));
        await using var host = await TestHost.StartAsync(responder, new Dictionary<string, string?>
        {
            ["Models:1:Agora:Interruptable"] = "false",
            ["Models:1:Agora:TtsParams"] = """{"params": {"rate": 1.1}}""",
        });
        using var response = await Request(platform).SendAsync(host);

        var chunks = Chunks(await ReadAsync(response));
        if (platform != "agora")
        {
            Assert.All(chunks, chunk => Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString()));
            return;
        }

        Assert.Equal("chat.completion.custom_metadata", chunks[0].GetProperty("object").GetString());
        Assert.Equal("[]", chunks[0].GetProperty("choices").GetRawText());
        Assert.Equal("""{"interruptable":false,"tts_params":{"params":{"rate":1.1}}}""", chunks[0].GetProperty("metadata").GetRawText());
        Assert.All(chunks[1..], chunk => Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString()));
        Assert.Equal(["One ", "moment.", ""], chunks[1..].Select(chunk => Text(chunk.GetProperty("choices")[0])));
        Assert.All(chunks[1..], chunk => Assert.Equal("assistant", chunk.GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString()));
    }

    [Fact]
    public async Task Post_AgoraIsNotSteered_ItsFirstChunkIsAsAnyOther()
    {
        await using var host = await TestHost.StartAsync(new RoundsChatClient(RoundsChatClient.Say("Hi.")));
        using var response = await Request("agora").SendAsync(host);

        Assert.Equal("""{"role":"assistant","content":""}""", Chunks(await ReadAsync(response))[0].GetProperty("choices")[0].GetProperty("delta").GetRawText());
    }

    // Pieces of a letter, of an emoji that is escaped, of what grows sixfold, and one that would not fit at all.
    [Theory]
    [InlineData("a", 20_000)]
    [InlineData("🌅🌅🌅", 5_000)]
    [InlineData("\"\\\u0001\n", 5_000)]
    [InlineData("很好", 5_000)]
    [InlineData("x", 1)]
    public async Task Post_LongerThanCartesiaTakes_EndsWholeWithinItsBytes(string piece, int times)
    {
        const int Most = 256 * 1024;
        piece = times == 1 ? string.Concat(Enumerable.Repeat("Word after word. ", 40_000)) : piece;
        var said = Enumerable.Repeat(new ChatResponseUpdate(ChatRole.Assistant, piece), times).Append(new ChatResponseUpdate(ChatRole.Assistant, []) { FinishReason = ChatFinishReason.Stop });
        await using var host = await TestHost.StartAsync(new LambdaChatClient(_ => said.ToAsyncEnumerable()), new Dictionary<string, string?> { ["Models:1:SpokenText"] = "false" });
        using var cut = await Request("cartesia").SendAsync(host);
        using var whole = await Request("fishaudio").SendAsync(host);

        var body = await cut.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.InRange(body.Length, Most / 2, Most);
        var text = Encoding.UTF8.GetString(body);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        var chunks = Chunks(text);
        Assert.Equal("length", chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.DoesNotContain('\ufffd', text);
        Assert.StartsWith(string.Concat(chunks.Select(chunk => Text(chunk.GetProperty("choices")[0]))), string.Concat(Enumerable.Repeat(piece, times)), StringComparison.Ordinal);
        Assert.True((await ReadAsync(whole)).Length > Most);
        // Once, and by name.
        var line = Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Id == 104);
        Assert.Contains("cartesia takes no more than 262144 bytes", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_CallLargerThanCartesiaTakes_IsLeftOut()
    {
        var call = new FunctionCallContent("a", "one", new Dictionary<string, object?> { ["x"] = new string('"', 100_000) });
        await using var host = await TestHost.StartAsync(new RoundsChatClient([new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("So."), call]) { FinishReason = ChatFinishReason.ToolCalls }]));
        using var response = await Request("cartesia").SendAsync(host);

        var chunks = Chunks(await ReadAsync(response));
        Assert.DoesNotContain(chunks, chunk => chunk.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("tool_calls", out _));
        Assert.Equal("length", chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Theory]
    [InlineData("vapi", "One moment.", "One moment. <flush />")]
    [InlineData("vapi", "One moment. <flush />", "One moment. <flush />")]
    [InlineData("vapi", "One moment. <Flush>", "One moment. <Flush>")]
    [InlineData("vapi", "One moment. </flush> ", "One moment. </flush> ")]
    [InlineData("vapi", "The flush, please ", "The flush, please <flush />")]
    [InlineData("elevenlabs", "One moment.", "One moment... ")]
    [InlineData("elevenlabs", "One moment...", "One moment... ")]
    [InlineData("elevenlabs", "One moment... ", "One moment... ")]
    [InlineData("elevenlabs", "One moment…", "One moment... ")]
    [InlineData("elevenlabs", "One moment", "One moment... ")]
    [InlineData("elevenlabs", "好的。", "好的... ")]
    [InlineData("ims", "One moment.", "One moment.")]
    [InlineData("livekit", "One moment. <flush />", "One moment. <flush />")]
    public async Task Post_Filler_EndsAsThePlatformsVoiceWantsIt(string platform, string phrase, string heard)
    {
        var after = TimeSpan.FromSeconds(1);
        await using var upstream = FaultyUpstream.Start(Failures.NeverAnswer());
        await using var rig = await TurnRig.StartAsync([upstream], ("Filler:After", $"{after}"), ("Filler:Text:0", phrase), ("FirstSpeech:Deadline", "00:00:30"));
        var posting = Request(platform, "voice").SendAsync(rig.Host);
        await TurnRig.NextTurnAsync(upstream);
        await rig.Time.WaitForTimerAsync(wait => wait == after, TestContext.Current.CancellationToken);
        rig.Time.Advance(after);

        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync(heard);
    }

    [Theory]
    [InlineData("vapi", "One moment. <flush />")]
    [InlineData("elevenlabs", "One moment... ")]
    [InlineData("livekit", "One moment.")]
    public async Task Post_PhraseBeforeATool_EndsAsThePlatformsVoiceWantsIt(string platform, string heard)
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        var model = new RoundsChatClient(
            RoundsChatClient.Call("weather", arguments: new() { ["city"] = "Berlin" }), RoundsChatClient.Say("Sunny."));
        await using var host = await McpHost.StartAsync(server.Url, model, settings: new() { ["Models:1:Tools:Mcp:0:PreToolPhrase:0"] = "One moment." });
        using var response = await Request(platform).SendAsync(host.App);

        Assert.Equal(heard, Chunks(await ReadAsync(response)).Select(chunk => Text(chunk.GetProperty("choices")[0])).First(text => text.Length > 0));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    public async Task Start_TtsParamsAreNoObject_StopsAndSaysWhere(string json)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Models:0:Agora:TtsParams"] = json }));

        Assert.Contains("Models:0:Agora:TtsParams: expected a JSON object", failure.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, int, bool> Errors => new()
    {
        { "{", 400, true },
        { "", 400, true },
        { """{"model":"nobody","messages":[{"role":"user","content":"a"}]}""", 404, true },
        { """{"model":"fake","messages":[{"role":"user","content":"a"}]}""", 502, false },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Post_Error_SaysWhetherToAskAgain(string body, int status, bool isFinal)
    {
        var responder = new GatedChatClient();
        responder.Fail(new InvalidOperationException());
        await using var host = await TestHost.StartAsync(responder);
        using var response = await host.PostAsync(body);

        Assert.Equal((status, isFinal ? "false" : null), ((int)response.StatusCode, ShouldRetry(response)));
    }

    [Theory]
    [InlineData(400, "false")]
    [InlineData(422, "false")]
    [InlineData(401, null)]
    [InlineData(429, null)]
    [InlineData(500, null)]
    [InlineData(503, null)]
    public async Task Post_UpstreamFails_IsFinalOnlyWhereTheRequestIsAtFault(int upstreamStatus, string? shouldRetry)
    {
        await using var upstream = FaultyUpstream.Start(Failures.Status(upstreamStatus));
        await using var rig = await TurnRig.StartAsync([upstream]);
        using var response = await rig.PostAsync();

        Assert.Equal((502, shouldRetry), ((int)response.StatusCode, ShouldRetry(response)));
    }

    [Fact]
    public async Task Send_WrongKeyTooMuchOrTooLarge_SaysWhetherToAskAgain()
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, new Dictionary<string, string?> { ["Limits:MaxConcurrentTurns"] = "1", ["Limits:MaxRequestBytes"] = "1024" });
        using var client = host.Connect();
        using var stranger = await client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        using var unknown = await host.Client.GetAsync("/v1/models/x", TestContext.Current.CancellationToken);
        using var large = await host.PostAsync(Json.Request("fake", new string('a', 2000)));
        using var text = await host.Client.PostAsync("/v1/chat/completions", new StringContent("a"), TestContext.Current.CancellationToken);
        responder.Say("busy");
        using var first = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake")));
        using var second = await host.PostAsync(Json.Request("fake"));

        Assert.Equal(
            [(401, "false"), (404, "false"), (413, "false"), (415, "false"), (429, null)],
            new[] { stranger, unknown, large, text, second }.Select(response => ((int)response.StatusCode, ShouldRetry(response))));
        Assert.NotNull(second.Headers.RetryAfter);
    }

    private static PlatformRequest Request(string platform, string model = "fake") =>
        PlatformRequests.All.First(request => request.Platform.Equals(platform, StringComparison.OrdinalIgnoreCase)).For(model);

    private static Task<string> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal(200, (int)response.StatusCode);
        return response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static string? ShouldRetry(HttpResponseMessage response) => response.Headers.TryGetValues("x-should-retry", out var values) ? values.Single() : null;

    private static List<JsonElement> Chunks(string body) =>
        [.. body.Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line["data: ".Length..]))];

    private static string Text(JsonElement choice) => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString()! : "";
}
