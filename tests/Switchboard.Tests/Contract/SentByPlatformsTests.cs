using System.Text.Json;

namespace Switchboard.Tests.Contract;

/// <summary>What platforms send beyond the format that a service behind us takes: it reaches an upstream in a form that it takes, or not at all.</summary>
public sealed class SentByPlatformsTests
{
    private const string Functions = """ "functions":[{"name":"action_end_conversation","description":"Ends it.","parameters":{"type":"object","properties":{}}},{"name":"lookup"}]""";

    private const string Tools = """ "tools":[{"type":"function","function":{"name":"lookup"}},{"type":"custom","custom":{"name":"sql","format":{"type":"text"}}},{"type":"web_search"},{"type":"mcp","server_label":"a"}]""";

    private const string File = """{"type":"file","file":{"filename":"offer.pdf","file_data":"data:application/pdf;base64,JVBERi0="}}""";

    // A message each: roles and texts as the upstream gets them; calls by name and id, results by id.
    public static TheoryData<string, string> Histories => new()
    {
        // Vocode's.
        {
            """{"role":"user","content":"Hi"},{"role":"assistant","content":"","function_call":{"name":"lookup","arguments":"{\"a\":1}"}},{"role":"function","name":"lookup","content":"found"},{"role":"user","content":"So?"}""",
            """user:Hi | assistant: lookup#call_0{"a":1} | tool#call_0:found | user:So?"""
        },
        {
            """{"role":"user","content":"Hi"},{"role":"assistant","content":null,"function_call":{"name":"a"}},{"role":"function","name":"a","content":"1"},{"role":"assistant","content":null,"function_call":{"name":"a"}},{"role":"function","name":"a","content":"2"}""",
            "user:Hi | assistant: a#call_0{} | tool#call_0:1 | assistant: a#call_1{} | tool#call_1:2"
        },
        // IMS's LlmHistory: each record has content alone.
        { """{"role":"user","content":"Hi"},{"role":"tool","content":"open until 10"},{"role":"assistant","content":"Until 10."},{"role":"user","content":"And Sunday?"}""", "user:Hi⏎⏎[Result of a tool]⏎open until 10 | assistant:Until 10. | user:And Sunday?" },
        { """{"role":"user","content":"Hi"},{"role":"plugin","content":"p"},{"role":"function","content":"f"},{"role":"assistant","content":"Yes."},{"role":"user","content":"Ok"}""", "user:Hi⏎⏎[Result of a tool]⏎p⏎⏎[Result of a tool]⏎f | assistant:Yes. | user:Ok" },
        { """{"role":"assistant","content":"Hello!"},{"role":"plugin","content":"vip"},{"role":"user","content":"Hi"}""", "assistant:Hello! | user:[Result of a tool]⏎vip⏎⏎Hi" },
        { """{"role":"user","content":"Hi"},{"role":"tool","content":"a"}""", "user:Hi⏎⏎[Result of a tool]⏎a" },
        { """{"role":"tool","content":"a"}""", "user:[Result of a tool]⏎a" },
        { """{"role":"tool","content":""},{"role":"tool","content":null},{"role":"plugin"},{"role":"user","content":"Hi"}""", "user:Hi" },
        // Without ids, after calls that have them: in order, or by name. One more than was asked for is text.
        {
            """{"role":"user","content":"Hi"},{"role":"assistant","tool_calls":[{"id":"x","type":"function","function":{"name":"a"}},{"id":"y","type":"function","function":{"name":"b"}}]},{"role":"function","name":"b","content":"2"},{"role":"tool","content":"1"},{"role":"tool","content":"3"},{"role":"user","content":"So?"}""",
            "user:Hi | assistant: a#x{} b#y{} | tool#y:2 | tool#x:1 | user:[Result of a tool]⏎3⏎⏎So?"
        },
        // Cut off before it said anything.
        { """{"role":"user","content":"Hi"},{"role":"assistant","content":null},{"role":"user","content":"Ok"}""", "user:Hi | user:Ok" },
        { """{"role":"assistant"},{"role":"user","content":"Hi"},{"role":"assistant","content":[],"tool_calls":[]},{"role":"user","content":"Ok"}""", "user:Hi | user:Ok" },
        // With an id that nobody knows it is what is left of a call that the platform has cut off.
        { """{"role":"tool","tool_call_id":"z","content":"old"},{"role":"user","content":"Hi"}""", "user:Hi" },
        // Half an emoji, in what stands in a string once more.
        {
            """{"role":"user","content":"Hi"},{"role":"assistant","tool_calls":[{"id":"x","type":"function","function":{"name":"a","arguments":"{\"say\":\"Hi \\ud83d\"}"}}]},{"role":"tool","tool_call_id":"x","content":"done \ud83d"},{"role":"user","content":"So?"}""",
            """user:Hi | assistant: a#x{"say":"Hi \ufffd"} | tool#x:done � | user:So?"""
        },
        { """{"role":"user","content":[{"type":"input_text","text":"Hi"},{"type":"output_text","text":"!"}]}""", "user:Hi!" },
        { $$"""{"role":"user","content":[{"type":"text","text":"Read."},{{File}}]}""", "user:Read.[Something was sent here that cannot be read.]" },
        { """{"role":"user","content":[{"type":"video_url","video_url":{"url":"https://example.com/a.mp4"}}]}""", "user:[Something was sent here that cannot be read.]" },
        { """{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"Yes."}]},{"role":"user","content":"Ok"}""", "user:Hi | assistant:Yes. | user:Ok" },
    };

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task Post_HistoryOfAPlatform_ReachesAnyUpstreamValid(string messages, string sent)
    {
        await using var upstream = FaultyUpstream.Start();
        await using var rig = await TurnRig.StartAsync([upstream], ("Upstreams:0:Profile", "vllm"));
        using var response = await rig.Host.PostAsync($$"""{"model":"voice","messages":[{{messages}}]}""");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(sent, string.Join(" | ", JsonElement.Parse((await TurnRig.NextTurnAsync(upstream)).Body).GetProperty("messages").EnumerateArray().Select(Shown)));
    }

    [Theory]
    [InlineData("openai", """[{"type":"text","text":"Read."},{"type":"file","file":{"filename":"offer.pdf","file_data":"data:application/pdf;base64,JVBERi0="}}]""")]
    [InlineData("openrouter", """[{"type":"text","text":"Read."},{"type":"file","file":{"filename":"offer.pdf","file_data":"data:application/pdf;base64,JVBERi0="}}]""")]
    [InlineData("unknown", """[{"type":"text","text":"Read."},{"type":"text","text":"[Something was sent here that cannot be read.]"}]""")]
    public async Task Post_File_GoesToWhoTakesFiles(string profile, string sent)
    {
        await using var upstream = FaultyUpstream.Start();
        await using var rig = await TurnRig.StartAsync([upstream], ("Upstreams:0:Profile", profile));
        using var response = await rig.Host.PostAsync($$"""{"model":"voice","messages":[{"role":"user","content":[{"type":"text","text":"Read."},{{File}}]}]}""");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(sent, JsonElement.Parse((await TurnRig.NextTurnAsync(upstream)).Body).GetProperty("messages")[0].GetProperty("content").GetRawText());
    }

    [Theory]
    [InlineData("\"max_tokens\":-1", null)]
    [InlineData("\"max_tokens\":1024", 1024)]
    [InlineData("\"max_tokens\":-1,\"max_completion_tokens\":7", 7)]
    public async Task Post_MostTokens_GoOnWhereThereAreSuch(string fields, int? sent)
    {
        await using var upstream = FaultyUpstream.Start();
        await using var rig = await TurnRig.StartAsync([upstream], ("Upstreams:0:Profile", "vllm"));
        using var response = await rig.Host.PostAsync($$"""{"model":"voice","messages":[{"role":"user","content":"Hi"}],{{fields}}}""");

        Assert.Equal(200, (int)response.StatusCode);
        var asked = JsonElement.Parse((await TurnRig.NextTurnAsync(upstream)).Body);
        Assert.Equal(sent, asked.TryGetProperty("max_tokens", out var most) ? most.GetInt32() : null);
    }

    [Fact]
    public async Task Post_FileToAModelWithoutFiles_Is400()
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Models:0:Accept:Files"] = "false" });
        using var response = await host.PostAsync($$"""{"model":"demo","messages":[{"role":"user","content":[{{File}}]}]}""");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("messages[0].content[0]", (await Json.ReadErrorAsync(response)).GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("openai", """{"type":"custom","custom":{"name":"sql"}}""", """[{"type":"function","function":{"name":"lookup","parameters":{"type":"object","properties":{}}}},{"type":"custom","custom":{"name":"sql","format":{"type":"text"}}}]""", true)]
    [InlineData("azureopenai", """{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"lookup"}},{"type":"custom","custom":{"name":"sql"}}]}}""", """[{"type":"function","function":{"name":"lookup","parameters":{"type":"object","properties":{}}}},{"type":"custom","custom":{"name":"sql","format":{"type":"text"}}}]""", true)]
    [InlineData("unknown", """{"type":"custom","custom":{"name":"sql"}}""", """[{"type":"function","function":{"name":"lookup","parameters":{"type":"object","properties":{}}}}]""", false)]
    [InlineData("gemini", """{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"lookup"}}]}}""", """[{"type":"function","function":{"name":"lookup","parameters":{"type":"object","properties":{}}}}]""", false)]
    [InlineData("openai", """{"type":"web_search"}""", """[{"type":"function","function":{"name":"lookup","parameters":{"type":"object","properties":{}}}},{"type":"custom","custom":{"name":"sql","format":{"type":"text"}}}]""", false)]
    public async Task Post_CustomAndUnknownTools_GoToWhoKnowsThem(string profile, string choice, string tools, bool hasChoice)
    {
        await using var upstream = FaultyUpstream.Start();
        await using var rig = await TurnRig.StartAsync([upstream], ("Upstreams:0:Profile", profile));
        using var response = await rig.Host.PostAsync($$"""{"model":"voice","messages":[{"role":"user","content":"Hi"}],{{Tools}},"tool_choice":{{choice}}}""");

        Assert.Equal(200, (int)response.StatusCode);
        var asked = JsonElement.Parse((await TurnRig.NextTurnAsync(upstream)).Body);
        Assert.Equal(tools, asked.GetProperty("tools").GetRawText());
        Assert.Equal(hasChoice ? choice : null, asked.TryGetProperty("tool_choice", out var sent) ? sent.GetRawText() : null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_CustomToolIsCalled_TheCallReachesTheClientAsText(bool stream)
    {
        const string Delta = """{"tool_calls":[{"index":0,"id":"c1","type":"custom","custom":{"name":"sql","input":"select"}}]}""";
        const string Rest = """{"tool_calls":[{"index":0,"custom":{"input":" < 1"}}]}""";
        await using var upstream = FaultyUpstream.Start(Failures.Stream(Sse.Role + Sse.Delta(Delta) + Sse.Delta(Rest) + Sse.Finish("tool_calls") + Sse.Done));
        await using var rig = await TurnRig.StartAsync([upstream], ("Upstreams:0:Profile", "openai"));
        using var response = await rig.Host.PostAsync($$"""{"model":"voice","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Hi"}],{{Tools}}}""");

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("""{?"id":"c1","type":"custom","custom":{"name":"sql","input":"select < 1"}}]""".Replace("?", stream ? "\"index\":0," : "", StringComparison.Ordinal), body, StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"tool_calls\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", """{"id":"c1","type":"custom","custom":{"name":"sql","input":"select 1"}}""")]
    [InlineData("unknown", """{"id":"c1","type":"function","function":{"name":"sql","arguments":"{\"input\":\"select 1\"}"}}""")]
    public async Task Post_HistoryWithACustomCall_IsSentInAFormThatTheServiceKnows(string profile, string sent)
    {
        await using var upstream = FaultyUpstream.Start();
        await using var rig = await TurnRig.StartAsync([upstream], ("Upstreams:0:Profile", profile));
        using var response = await rig.Host.PostAsync(
            """{"model":"voice","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"custom","custom":{"name":"sql","input":"select 1"}}]},{"role":"tool","tool_call_id":"c1","content":"1"}]}""");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(sent, JsonElement.Parse((await TurnRig.NextTurnAsync(upstream)).Body).GetProperty("messages")[1].GetProperty("tool_calls")[0].GetRawText());
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(""","function_call":"none" """, "\"none\"")]
    [InlineData(""","function_call":{"name":"lookup"}""", """{"type":"function","function":{"name":"lookup"}}""")]
    public async Task Post_Functions_AreToolsForTheUpstream(string more, string? choice)
    {
        await using var upstream = FaultyUpstream.Start();
        await using var rig = await TurnRig.StartAsync([upstream]);
        using var response = await rig.Host.PostAsync($$"""{"model":"voice","messages":[{"role":"user","content":"Hi"}],{{Functions}}{{more}}}""");

        Assert.Equal(200, (int)response.StatusCode);
        var asked = JsonElement.Parse((await TurnRig.NextTurnAsync(upstream)).Body);
        Assert.Equal(["action_end_conversation", "lookup"], asked.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()));
        Assert.Equal(choice, asked.TryGetProperty("tool_choice", out var sent) ? sent.GetRawText() : null);
        Assert.False(asked.TryGetProperty("functions", out _) || asked.TryGetProperty("function_call", out _));
        // An answer in the elder form has room for one call.
        Assert.False(asked.GetProperty("parallel_tool_calls").GetBoolean());
    }

    [Fact]
    public async Task Post_FunctionIsCalled_TheAnswerIsInTheElderForm()
    {
        await using var upstream = FaultyUpstream.Start(Failures.Stream(
            Sse.Role + Sse.Text("Bye. ") + ScriptedCall.Call("lookup", """{"a":1}""") + ScriptedCall.Call("lookup", """{"a":2}""", 1) + ScriptedCall.End("tool_calls")));
        await using var rig = await TurnRig.StartAsync([upstream]);
        using var streamed = await rig.Host.PostAsync($$"""{"model":"voice","stream":true,"messages":[{"role":"user","content":"Hi"}],{{Functions}}}""");
        using var whole = await rig.Host.PostAsync($$"""{"model":"voice","messages":[{"role":"user","content":"Hi"}],{{Functions}}}""");

        var chunks = Chunks(await streamed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            ["""{"role":"assistant","content":""} null""", """{"content":"Bye. "} null""", """{"function_call":{"name":"lookup","arguments":"{\"a\":1}"}} null""", """{} "function_call" """.Trim()],
            chunks);
        var choice = (await Json.ReadAsync(whole)).GetProperty("choices")[0];
        Assert.Equal("function_call", choice.GetProperty("finish_reason").GetString());
        Assert.Equal("""{"name":"lookup","arguments":"{\"a\":1}"}""", choice.GetProperty("message").GetProperty("function_call").GetRawText());
        Assert.False(choice.GetProperty("message").TryGetProperty("tool_calls", out _));
    }

    [Fact]
    public async Task Post_FunctionsAndTools_TheToolsCount()
    {
        await using var upstream = FaultyUpstream.Start(Failures.Stream(Sse.Role + ScriptedCall.Call("lookup", "{}") + ScriptedCall.End("tool_calls")));
        await using var rig = await TurnRig.StartAsync([upstream]);
        using var response = await rig.Host.PostAsync($$"""{"model":"voice","stream":true,"messages":[{"role":"user","content":"Hi"}],{{Functions}},{{Tools}}}""");

        Assert.Contains("\"finish_reason\":\"tool_calls\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"model\":null,")]
    [InlineData("\"model\":\"\",")]
    public async Task Post_NoModel_IsTheDefaultOneOrRefused(string model)
    {
        var body = $$"""{{{model}}"messages":[{"role":"user","content":"Hi"}]}""";
        await using var host = await TestHost.StartAsync();
        using var answer = await host.PostAsync(body);
        await using var without = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Models:0:Default"] = "false" });
        using var refusal = await without.PostAsync(body);

        Assert.Equal("demo", (await Json.ReadAsync(answer)).GetProperty("model").GetString());
        Assert.Equal(400, (int)refusal.StatusCode);
        var error = await Json.ReadErrorAsync(refusal);
        Assert.Equal(("model", model.EndsWith("\"\",", StringComparison.Ordinal) ? "invalid_value" : "missing_required_parameter"), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData(TestHost.Key, "wrong", 200)]
    [InlineData("wrong", TestHost.Key, 401)]
    [InlineData("wrong", "wrong", 401)]
    public async Task Post_TwoKeys_TheBearerCountsAlone(string bearer, string other, int status)
    {
        await using var host = await TestHost.StartAsync();
        using var client = host.Connect();
        foreach (var name in new[] { "api-key", "x-api-key" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json.Content(Json.Request()), Headers = { Authorization = new("Bearer", bearer) } };
            request.Headers.TryAddWithoutValidation(name, other);
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(status, (int)response.StatusCode);
        }
    }

    private static IEnumerable<string> Chunks(string body) => body.Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
        .Select(line => JsonElement.Parse(line["data: ".Length..]).GetProperty("choices")[0])
        .Select(choice => $"{choice.GetProperty("delta").GetRawText()} {choice.GetProperty("finish_reason").GetRawText()}");

    private static string Shown(JsonElement message)
    {
        var role = message.GetProperty("role").GetString();
        var text = !message.TryGetProperty("content", out var content) ? ""
            : content.ValueKind is JsonValueKind.Array ? string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()))
            : content.GetString();
        var calls = message.TryGetProperty("tool_calls", out var made)
            ? string.Concat(made.EnumerateArray().Select(call => $" {call.GetProperty("function").GetProperty("name").GetString()}#{call.GetProperty("id").GetString()}{call.GetProperty("function").GetProperty("arguments").GetString()}"))
            : "";
        var id = message.TryGetProperty("tool_call_id", out var of) ? $"#{of.GetString()}" : "";
        return $"{role}{id}:{text}{calls}".Replace("\n", "⏎", StringComparison.Ordinal).Replace(": ", calls.Length > 0 ? ": " : ":", StringComparison.Ordinal);
    }
}
