using System.Text.Json;
using System.Text.Json.Nodes;
using static Switchboard.Testing.ScriptedCall;

namespace Switchboard.Tests.Actions;

/// <summary>A hang-up and a transfer, from a script or an upstream to the platform's own tool, with the request that the platform sends.</summary>
public sealed class PlatformActionsTests
{
    private const string Allowed = "+14155550111";

    private static readonly (string, string)[] Actions =
    [
        ("Actions:0:Name", "hangup"),
        ("Actions:1:Name", "transfer"),
        ("Actions:1:Numbers:0", Allowed),
        ("Actions:1:Numbers:1", "+14155550222"),
    ];

    /// <summary>The platform, what ends its calls and what moves them: the tool, and its arguments.</summary>
    public static TheoryData<string, string, string, string, string> Forms { get; } = new()
    {
        { "Vapi", "endCall", "{}", "transferCall", """{"destination":"+14155550111"}""" },
        { "Cartesia", "end_call", "{}", "transfer_to_number", """{"number":"+14155550111"}""" },
        { "Telnyx", "hangup", "{}", "transfer", """{"to":"+14155550111"}""" },
        { "FishAudio", "hang_up_call", "{}", "_transfer_call", """{"number":"+14155550111"}""" },
        { "Bolna", "end_call", """{"reason":"The conversation is over."}""", "transfer_call_desk", """{"call_transfer_number":"+14155550111"}""" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Post_Script_LeavesAsThePlatformsTool(string platform, string hangUp, string hangUpArguments, string transfer, string transferArguments)
    {
        await using var host = await ScriptAsync();

        Assert.Equal(("Goodbye.", (hangUp, hangUpArguments), "tool_calls"), await AskAsync(host, Of(platform), "bye"));
        Assert.Equal(("One moment.", (transfer, transferArguments), "tool_calls"), await AskAsync(host, Of(platform), "a person, please"));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Post_Upstream_LeavesAsThePlatformsToolAndIsOfferedItOnce(string platform, string hangUp, string hangUpArguments, string transfer, string transferArguments)
    {
        await using var call = await StartAsync(
            [Sse.Text("Bye.") + Call("hangup") + End("tool_calls"), Sse.Text("Wait.") + Call("transfer", """{"number":"+1 (415) 555-0111"}""") + End("tool_calls")], Actions);

        Assert.Equal(("Bye.", (hangUp, hangUpArguments), "tool_calls"), await AskAsync(call.Rig.Host, Of(platform), "bye"));
        Assert.Equal(("Wait.", (transfer, transferArguments), "tool_calls"), await AskAsync(call.Rig.Host, Of(platform), "a person"));

        Assert.Equal(["hangup", "transfer"], call.Asked[0].GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Post_UpstreamCallsThePlatformsTool_IsJudgedLikeTheAction(string platform, string hangUp, string hangUpArguments, string transfer, string transferArguments)
    {
        var forbidden = transferArguments.Replace(Allowed, "+900555", StringComparison.Ordinal);
        await using var call = await StartAsync(
            [
                Call(hangUp) + End("tool_calls"), Call(transfer, transferArguments) + End("tool_calls"),
                Call(transfer, forbidden) + End("tool_calls"), Sse.Text("That is not possible.") + End(),
            ],
            Actions);

        Assert.Equal(("", (hangUp, hangUpArguments), "tool_calls"), await AskAsync(call.Rig.Host, Of(platform), "bye"));
        Assert.Equal(("", (transfer, transferArguments), "tool_calls"), await AskAsync(call.Rig.Host, Of(platform), "a person"));
        Assert.Equal(("That is not possible.", null, "stop"), await AskAsync(call.Rig.Host, Of(platform), "call +900555"));
    }

    [Theory]
    [InlineData("Vapi", "transferCall", """{"destination":"+14155550111"}""", true)]
    [InlineData("Cartesia", "transfer_to_number", """{"number":"+14155550111"}""", true)]
    [InlineData("Telnyx", "transfer", """{"to":"+14155550111"}""", true)]
    [InlineData("FishAudio", "_transfer_call", """{"number":"+14155550111"}""", true)]
    [InlineData("Bolna", "transfer_call_desk", """{"call_transfer_number":"+14155550111"}""", false)]
    [InlineData("ElevenLabs", "transfer_to_number", """{"transfer_number":"+14155550111","agent_message":"x"}""", false)]
    public async Task Post_WithoutAnActionTransfer_OnlyListedNumbersGoOut(string platform, string transfer, string transferArguments, bool isListed)
    {
        var request = Of(platform);
        var forbidden = transferArguments.Replace(Allowed, "+900555", StringComparison.Ordinal);
        await using var call = await StartAsync(
            [
                Sse.Text("Wait.") + Call(transfer, transferArguments) + End("tool_calls"), .. isListed ? Array.Empty<string>() : [Sse.Text("No.") + End()],
                Sse.Text("Wait.") + Call(transfer, forbidden) + End("tool_calls"), Sse.Text("No.") + End(),
            ],
            ("Actions:0:Name", "hangup"));

        Assert.Equal((isListed ? "Wait." : "Wait. No.", isListed ? (transfer, transferArguments) : null, isListed ? "tool_calls" : "stop"), await AskAsync(call.Rig.Host, request, "a person"));
        Assert.Equal(("Wait. No.", null, "stop"), await AskAsync(call.Rig.Host, request, "call +900555"));
        Assert.Contains("Numbers", call.Rig.Logged(406)[^1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Post_PlatformSaysThatItIsDone_IsNotDoneAgain(string platform, string hangUp, string hangUpArguments, string transfer, string transferArguments)
    {
        await using var host = await ScriptAsync();

        Assert.Equal(("", null, "stop"), await AskAsync(host, After(Of(platform), "bye", "Goodbye.", hangUp, hangUpArguments), null));
        Assert.Equal(("Goodbye.", null, "stop"), await AskAsync(host, After(Of(platform), "bye", null, hangUp, hangUpArguments), null));
        Assert.Equal(("", null, "stop"), await AskAsync(host, After(Of(platform), "a person", "One moment.", transfer, transferArguments), null));
    }

    [Fact]
    public async Task Post_UpstreamHangsUpAgainAfterItIsDone_IsToldAndSaysGoodbye()
    {
        await using var call = await StartAsync([Call("hangup") + End("tool_calls"), Sse.Text("Have a good day.") + End()], Actions);

        Assert.Equal(("Have a good day.", null, "stop"), await AskAsync(call.Rig.Host, After(PlatformRequests.Vapi, "bye", null, "endCall", "{}"), null));
    }

    [Fact]
    public async Task Post_UpstreamHangsUpAgainAndAgainAfterItIsDone_EndsWithTheEndWord()
    {
        await using var call = await StartAsync([Call("hangup") + End("tool_calls")], [.. Actions, ("Actions:0:EndWord", "So long."), ("Apology", TurnRig.Apology)]);

        Assert.Equal(("So long.", null, "stop"), await AskAsync(call.Rig.Host, After(PlatformRequests.Vapi, "bye", null, "endCall", "{}"), null));
        Assert.Equal(("", null, "stop"), await AskAsync(call.Rig.Host, After(PlatformRequests.Vapi, "bye", "Bye.", "endCall", "{}"), null));
    }

    [Fact]
    public async Task Post_PlatformWithoutAForm_GoodbyeIsSaidAndOneWarningACall()
    {
        await using var host = await ScriptAsync(("Actions:1:ErrorMessage", "Nobody can be reached."));
        var request = PlatformRequests.Trtc;

        Assert.Equal(("Goodbye.", null, "stop"), await AskAsync(host, request, "bye"));
        Assert.Equal(("Goodbye.", null, "stop"), await AskAsync(host, request.With(("X-Request-Id", "req-92")), "bye"));
        Assert.Equal(("One moment. Nobody can be reached.", null, "stop"), await AskAsync(host, request.With(("X-Request-Id", "req-93")), "a person"));
        Assert.Equal(("Goodbye.", null, "stop"), await AskAsync(host, request.With(("X-Task-Id", "task-60")), "bye"));

        Assert.Equal(3, host.Logs.GetSnapshot().Count(line => line.Id.Id == 405));
    }

    [Theory]
    [InlineData("Good-<imsagent_hangup endword=\"Bye now.\"/>", "Good-Bye now.", "endCall", "{}")]
    [InlineData("Wait. <imsagent_transfer_call callee=\"+14155550111\"/>", "Wait. ", "transferCall", """{"destination":"+14155550111"}""")]
    [InlineData("Wait. <imsagent_transfer_call callee=\"+900555\"/>", "Wait. ", null, null)]
    [InlineData("<No Interrupting>{{emotion=happy}}Hello.", "Hello.", null, null)]
    public async Task Post_UpstreamWritesAsImsHasIt_NothingOfItIsReadAloud(string written, string heard, string? tool, string? arguments)
    {
        await using var call = await StartAsync(
            [string.Concat(written.Chunk(5).Select(piece => Sse.Text(new string(piece)))) + End()],
            [.. Actions, ("Directives:NoInterrupting", "true"), ("Directives:Emotion", "sad")]);

        Assert.Equal((heard, tool is null ? null : (tool, arguments!), tool is null ? "stop" : "tool_calls"), await AskAsync(call.Rig.Host, PlatformRequests.Vapi, "hello"));
    }

    private const string Farewell = """{"reason":"The conversation is over.","system__message_to_speak":"@"}""";
    private const string Handover = """{"transfer_number":"+14155550111","agent_message":"A call is transferred to you.","system__message_to_speak":"@"}""";

    [Fact]
    public async Task Post_ElevenLabsAndAScript_TheLastWordsAreInTheCall()
    {
        await using var host = await ScriptAsync();
        var request = PlatformRequests.ElevenLabs;

        Assert.Equal(("", ("end_call", Farewell.Replace("@", "Goodbye.", StringComparison.Ordinal)), "tool_calls"), await AskAsync(host, request, "bye"));
        Assert.Equal(("", ("transfer_to_number", Handover.Replace("@", "One moment.", StringComparison.Ordinal)), "tool_calls"), await AskAsync(host, request, "a person"));
        Assert.Equal(("", null, "stop"), await AskAsync(host, After(request, "bye", null, "end_call", Farewell.Replace("@", "Goodbye.", StringComparison.Ordinal)), null));
    }

    /// <summary>What an upstream streams, what the caller hears as text, and as the line of the call.</summary>
    public static TheoryData<string, string, string> LastLines { get; } = new()
    {
        { Sse.Text("Thank you. ") + Sse.Text("Good") + Sse.Text("bye!") + Call("hangup") + End("tool_calls"), "", "Thank you. Goodbye!" },
        { Call("hangup", """{"system__message_to_speak":"So long!","reason":"done"}""") + End("tool_calls"), "", "So long!" },
        { Sse.Text("So long!") + Call("end_call", """{"system__message_to_speak":"So long!"}""") + End("tool_calls"), "", "So long!" },
        { Call("hangup") + End("tool_calls"), "", "Have a good day." },
        { Sse.Text(new string('a', 700)) + Sse.Text(" Bye.") + Call("hangup") + End("tool_calls"), new string('a', 700) + " Bye.", "" },
    };

    [Theory]
    [MemberData(nameof(LastLines))]
    public async Task Post_ElevenLabsAndAnUpstream_TheLastWordsAreSaidOnce(string answer, string text, string line)
    {
        await using var call = await StartAsync([answer], [.. Actions, ("Actions:0:EndWord", "Have a good day.")]);

        var (heard, done, reason) = await AskAsync(call.Rig.Host, PlatformRequests.ElevenLabs, "bye");

        Assert.Equal((text, "end_call", "tool_calls"), (heard, done?.Name, reason));
        var arguments = JsonElement.Parse(done!.Value.Arguments);
        Assert.NotEqual("", arguments.GetProperty("reason").GetString());
        Assert.Equal(line, arguments.TryGetProperty("system__message_to_speak", out var said) ? said.GetString() : "");
        var offered = call.Asked[0].GetProperty("tools")[0].GetProperty("function").GetProperty("parameters").GetProperty("properties");
        Assert.Equal(["reason", "system__message_to_speak"], offered.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task Post_ElevenLabsAndAnAnswerThatGoesOn_WaitsNoLongerThanItsTime()
    {
        var model = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(model, Actions);
        var posting = PlatformRequests.ElevenLabs.For("voice").SendAsync(rig.Host);
        model.Say("Break");
        model.Say("fast");
        await rig.Time.WaitForTimerAsync(due => due == TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);

        rig.Advance(TimeSpan.FromMilliseconds(300), () => Assert.False(posting.IsCompleted));

        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync("Breakfast");
        model.Say(" is");
        await reader.ReadTextAsync("Breakfast is");
        model.End();
        (await reader.ReadToEndAsync()).AssertSays("Breakfast is");
    }

    [Fact]
    public async Task Post_LiveKit_TheGoodbyeIsTheNextAnswer()
    {
        await using var host = await ScriptAsync();
        var request = PlatformRequests.LiveKit;
        var toolkit = request.With(body => body["tools"]![1]!["function"]!["description"] = "Ends the call.\nDon't generate any other text or response when the tool is called.");

        Assert.Equal(("Goodbye.", ("end_call", "{}"), "tool_calls"), await AskAsync(host, request, "bye"));
        Assert.Equal(("", ("end_call", "{}"), "tool_calls"), await AskAsync(host, toolkit, "bye"));
        Assert.Equal(("Goodbye.", null, "stop"), await AskAsync(host, After(toolkit, "bye", null, "end_call", "{}"), null));
        // A tool of the app's own that wants no goodbye afterwards has let it be heard before.
        Assert.Equal(("", null, "stop"), await AskAsync(host, After(request, "bye", "Goodbye.", "end_call", "{}"), null));
        var bare = request.With(body => body["tools"]![1]!["function"]!.AsObject().Remove("description"));
        Assert.Equal(("", ("end_call", "{}"), "tool_calls"), await AskAsync(host, bare, "bye"));
    }

    /// <summary>A tool that may ring somebody up, what the model gives it, and whether that goes out.</summary>
    public static TheoryData<string, string, bool> Diallings { get; } = new()
    {
        { """{"name":"refer","parameters":{"type":"object","properties":{"target":{"type":"string"}}}}""", """{"target":"+19005551234"}""", false },
        { """{"name":"refer","parameters":{"type":"object","properties":{"target":{"type":"string"}}}}""", """{"target":"sip:+19005551234@example.com"}""", false },
        { """{"name":"refer","parameters":{"type":"object","properties":{"target":{"type":"string"}}}}""", """{"target":"+1 415 555 0111"}""", true },
        { """{"name":"refer","parameters":{"type":"object","properties":{"target":{"type":"string","enum":["sip:desk@example.com"]}}}}""", """{"target":"sip:desk@example.com"}""", true },
        { """{"name":"invite","parameters":{"type":"object","properties":{"party":{"type":"object","properties":{"to":{"type":"array","items":{"type":"string"}}}}}}}""", """{"party":{"to":["1 900 555 1234"]}}""", false },
        { """{"name":"makeCall","parameters":{"type":"object","properties":{"phone":{"type":"integer"}}}}""", """{"phone":19005551234}""", false },
        { """{"name":"transfer_to_department","parameters":{"type":"object","required":["department"],"properties":{"department":{"type":"string"}}}}""", """{"department":"+19005551234"}""", false },
        { """{"name":"transfer_to_department","parameters":{"type":"object","required":["department"],"properties":{"department":{"type":"string"}}}}""", """{"department":"sales"}""", true },
    };

    [Theory]
    [MemberData(nameof(Diallings))]
    public async Task Post_UpstreamCallsAToolThatDials_OnlyAllowedNumbersGoOut(string function, string arguments, bool goesOut)
    {
        var name = (string)JsonNode.Parse(function)!["name"]!;
        var request = PlatformRequests.Telnyx.With(body => body["tools"]!.AsArray().Add((JsonNode)new JsonObject { ["type"] = "function", ["function"] = JsonNode.Parse(function) }));
        await using var call = await StartAsync([Call(name, arguments) + End("tool_calls"), Sse.Text("That is not possible.") + End()], Actions);

        var (text, done, _) = await AskAsync(call.Rig.Host, request, "call +19005551234");

        Assert.Equal(goesOut ? ("", name) : ("That is not possible.", null), (text, done?.Name));
    }

    [Fact]
    public async Task Post_UpstreamCallsACustomToolThatTransfers_NoNumberGoesOut()
    {
        var request = PlatformRequests.Vapi.With(body => body["tools"]![1] = JsonNode.Parse("""{"type":"custom","custom":{"name":"transferCall"}}"""));
        await using var call = await StartAsync([Call("transferCall", "+19005551234") + End("tool_calls"), Sse.Text("That is not possible.") + End()], Actions);

        Assert.Equal(("That is not possible.", null, "stop"), await AskAsync(call.Rig.Host, request, "call +19005551234"));
    }

    /// <summary>bolna-ai/bolna, bolna/llms/openai_llm.py: a call at another index than 0 was an error, and is passed over by newer versions.</summary>
    [Theory]
    [InlineData("look_up", "look_up_too", "look_up")]
    [InlineData("look_up", "hangup", "look_up")]
    [InlineData("hangup", "look_up", "end_call")]
    public async Task Post_BolnaAndSeveralCalls_OnlyTheFirstGoesOut(string first, string second, string goesOut)
    {
        var request = PlatformRequests.Bolna.With(body =>
        {
            body["tools"]!.AsArray().Add(JsonNode.Parse("""{"type":"function","function":{"name":"look_up","parameters":{"type":"object","properties":{}}}}"""));
            body["tools"]!.AsArray().Add(JsonNode.Parse("""{"type":"function","function":{"name":"look_up_too","parameters":{"type":"object","properties":{}}}}"""));
        });
        await using var call = await StartAsync([Call(first) + Call(second, index: 1) + End("tool_calls")], Actions);

        var (_, done, reason) = await AskAsync(call.Rig.Host, request, "a room");

        Assert.Equal((goesOut, "tool_calls"), (done?.Name, reason));
    }

    /// <summary>What an upstream writes, what of it the caller hears, and the call that goes out.</summary>
    public static TheoryData<string, string, string?> WrittenCalls { get; } = new()
    {
        { """Wait. functions.transfer_call_desk({"call_transfer_number":"+1 415 555 0111"})""", "Wait. ", "+14155550111" },
        { """Wait. functions.transfer_call_desk {"call_transfer_number":"+19005551234"}""", "Wait. No.", null },
        { """Wait. functions.transfer_call_desk({call_transfer_number:"+19005551234"}); ok""", "Wait. ; ok", null },
        { """Wait. functions.transfer_call_desk({"call_transfer_number":"+19005551234" """, "Wait. ", null },
        { """Wait. {type:transfer_call_desk, number:"+19005551234"} ok""", "Wait.  ok", null },
        { """Wait. functions.transfer_call_desk""", "Wait. transfer_call_desk", null },
        { """func{transfer_call_desk}tions.transfer_call_desk({"call_transfer_number":"+19005551234"})""", "func tions.transfer_call_desk( )", null },
        { """It has many functions. Some {braces} too, for f""", "It has many functions. Some {braces} too, for f", null },
    };

    /// <summary>bolna-ai/bolna, bolna/llms/openai_base.py, runs them.</summary>
    [Theory]
    [MemberData(nameof(WrittenCalls))]
    public async Task Post_BolnaAndACallInTheText_IsJudgedLikeACall(string written, string heard, string? number)
    {
        foreach (var size in (int[])[1, 7, 500])
        {
            await using var call = await StartAsync(
                [string.Concat(written.Chunk(size).Select(piece => Sse.Text(new string(piece)))) + End(), Sse.Text("No.") + End()], [.. Actions, ("SpokenText", "false")]);

            var (text, done, _) = await AskAsync(call.Rig.Host, PlatformRequests.Bolna, "a person");

            Assert.Equal((heard, number is null ? null : $$"""{"call_transfer_number":"{{number}}"}"""), (text, done?.Arguments));
        }
    }

    [Theory]
    [InlineData("Trtc")]
    [InlineData("Volcengine")]
    [InlineData("Agora")]
    [InlineData("Zego")]
    [InlineData("Did")]
    public async Task Post_PlatformThatHasNoForm_SaysTheGoodbye(string platform)
    {
        await using var host = await ScriptAsync();

        Assert.Equal(("Goodbye.", null, "stop"), await AskAsync(host, Of(platform), "bye"));
        Assert.Equal(("Goodbye.", null, "stop"), await AskAsync(host, PlatformRequests.LiveAvatar, "bye"));
        Assert.Equal(2, host.Logs.GetSnapshot().Count(line => line.Id.Id == 405));
    }

    [Fact]
    public async Task Post_UnknownClientOffersATool_ItIsTaken()
    {
        await using var call = await StartAsync([Sse.Text("Bye.") + Call("hangup") + End("tool_calls")], Actions);

        Assert.Equal(
            Body("tool_calls", Content("Bye."), ToolCall("terminateCall", """{"cause":"The conversation is over."}""")),
            await call.SayAsync("bye", ""","tools":[{"type":"function","function":{"name":"terminateCall","parameters":{"type":"object","required":["cause"],"properties":{"cause":{"type":"string"}}}}}]"""));
    }

    [Fact]
    public async Task Post_UnknownClientsOwnTransferWithoutAnAction_IsTheClients()
    {
        const string Tool = """{"type":"function","function":{"name":"transfer_call","parameters":{"type":"object","properties":{"number":{"type":"string"}}}}}""";
        await using var call = await StartAsync([Call("transfer_call", """{"number":"+900555"}""") + End("tool_calls")], ("Actions:0:Name", "hangup"));

        Assert.Equal(Body("tool_calls", ToolCall("transfer_call", """{"number":"+900555"}""")), await call.SayAsync("hello", $$""","tools":[{{Tool}}]"""));
        Assert.Equal(["transfer_call", "hangup"], call.Asked[0].GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Post_TransferToAnotherAgent_StaysThePlatforms()
    {
        await using var call = await StartAsync([Call("transfer_to_agent", """{"agent_number":2}""") + End("tool_calls")], Actions);
        var request = PlatformRequests.ElevenLabs.With(body => body["tools"]!.AsArray().Add(JsonNode.Parse(
            """{"type":"function","function":{"name":"transfer_to_agent","parameters":{"type":"object","properties":{"agent_number":{"type":"integer"}},"required":["agent_number"]}}}""")));

        Assert.Equal(("", ("transfer_to_agent", """{"agent_number":2}"""), "tool_calls"), await AskAsync(call.Rig.Host, request, "the other one"));
        Assert.Equal(["transfer_to_agent", "hangup", "transfer"], call.Asked[0].GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("""{"destination":"+14155550111","fallback":"+900555"}""")]
    [InlineData("""{"destination":"+14155550111","endpoint":"premium"}""")]
    [InlineData("""{"destination":"+14155550111","note":{"number":"+900555"}}""")]
    public async Task Post_UpstreamSmugglesAnotherNumber_OnlyThatOfTheSettingsGoesOut(string arguments)
    {
        await using var call = await StartAsync([Call("transferCall", arguments) + End("tool_calls")], Actions);
        var request = PlatformRequests.Vapi.With(body => body["tools"]![1]!["function"]!["parameters"] = JsonNode.Parse(
            """{"type":"object","properties":{"destination":{"type":"string"},"fallback":{"type":"string"},"endpoint":{"type":"string"},"note":{"type":"object"}},"required":["destination"]}"""));

        Assert.Equal(("", ("transferCall", """{"destination":"+14155550111"}"""), "tool_calls"), await AskAsync(call.Rig.Host, request, "a person"));
    }

    [Fact]
    public async Task Post_WithToolsOfAServer_TheActionIsThePlatformsTool()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await StartAsync(
            [Call("weather", """{"city":"Berlin"}""") + End("tool_calls"), Sse.Text("Sunny. Bye!") + Call("end_call") + End("tool_calls")],
            [.. Actions, ("Tools:Mcp:0:Url", server.Url.AbsoluteUri)]);
        await call.Rig.Host.WaitForLogAsync(410);

        var (text, done, _) = await AskAsync(call.Rig.Host, PlatformRequests.ElevenLabs, "the weather, then bye");

        Assert.Equal(("", "end_call"), (text, done?.Name));
        Assert.Contains("\"system__message_to_speak\":\"Sunny. Bye!\"", done!.Value.Arguments, StringComparison.Ordinal);
    }

    /// <summary>The parameters of a transfer, and what it is told; null where it cannot be told.</summary>
    public static TheoryData<string, string?> Schemas { get; } = new()
    {
        { """{"type":"object","properties":{"destination":{"type":"string","enum":["+1 415 555 0111"]}},"required":["destination"]}""", """{"destination":"+1 415 555 0111"}""" },
        { """{"type":"object","properties":{"to":{"type":"string","enum":["+14155550999"]}},"required":["to"]}""", null },
        { """{"type":"object","properties":{"target":{"enum":[{"name":"Desk","to":"+14155550111"},{"name":"Bar","to":"+14155550999"}]}},"required":["target"]}""", """{"target":{"name":"Desk","to":"+14155550111"}}""" },
        { """{"type":"object","properties":{"to":{"oneOf":[{"const":"bar","description":"+14155550999"},{"const":"desk","description":"+14155550111"}]}},"required":["to"]}""", """{"to":"desk"}""" },
        { """{"type":"object","properties":{"destination":{"type":"object","properties":{"type":{"const":"number"},"number":{"type":"string"},"extension":{"type":"string"}},"required":["type","number"],"additionalProperties":false}},"required":["destination"]}""", """{"destination":{"type":"number","number":"+14155550111"}}""" },
        { """{"type":"object","properties":{"destination":{"$ref":"#/$defs/target"}},"required":["destination"],"$defs":{"target":{"type":"object","properties":{"phoneNumber":{"type":"string","pattern":"^\\+[0-9]+$"}},"required":["phoneNumber"]}}}""", """{"destination":{"phoneNumber":"+14155550111"}}""" },
        { """{"type":"object","properties":{"number":{"type":"string"},"department":{"type":"string"}},"required":["number","department"]}""", null },
        { """{"type":"object","properties":{"number":{"type":"string"},"department":{"type":["string","null"]}},"required":["number","department"]}""", """{"number":"+14155550111","department":null}""" },
        { """{"type":"object","properties":{"number":{"type":"string"},"mode":{"type":"string","default":"warm"}},"required":["number","mode"]}""", """{"number":"+14155550111","mode":"warm"}""" },
        { """{"type":"object","properties":{"number":{"type":"string"},"record":{"type":"boolean"}},"required":["number"],"additionalProperties":false}""", """{"number":"+14155550111"}""" },
        { """{"type":"object","properties":{"number":{"type":"string","maxLength":5}},"required":["number"]}""", null },
        { """{"type":"object","properties":{"from":{"type":"string"},"to":{"type":"string"}},"required":["from","to"]}""", """{"from":"+14155550199","to":"+14155550111"}""" },
        { """{"type":"object","properties":{}}""", null },
    };

    [Fact]
    public async Task Post_HangUpMustHaveAReasonOfAList_HangsUp()
    {
        await using var host = await ScriptAsync();
        var request = PlatformRequests.LiveKit.With(body => body["tools"]![1]!["function"]!["parameters"] =
            JsonNode.Parse("""{"type":"object","properties":{"reason":{"type":"string","enum":["done","abuse"]}},"required":["reason"],"additionalProperties":false}"""));

        Assert.Equal(("Goodbye.", ("end_call", """{"reason":"done"}"""), "tool_calls"), await AskAsync(host, request, "bye"));
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task Post_Transfer_IsToldWhatTheSchemaAsksFor(string schema, string? arguments)
    {
        await using var host = await ScriptAsync();
        var request = PlatformRequests.Vapi.With(body => body["tools"]![1]!["function"]!["parameters"] = JsonNode.Parse(schema));

        Assert.Equal(("One moment.", arguments is null ? null : ("transferCall", arguments), arguments is null ? "stop" : "tool_calls"), await AskAsync(host, request, "a person"));
        Assert.Equal(arguments is null ? 1 : 0, host.Logs.GetSnapshot().Count(line => line.Id.Id == 405));
    }

    private static PlatformRequest Of(string platform) => PlatformRequests.All.First(request => request.Platform.Replace("-", "", StringComparison.Ordinal).Equals(platform, StringComparison.OrdinalIgnoreCase));

    private static Task<TestHost> ScriptAsync(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Models:1:Id"] = "voice",
            ["Models:1:Responder"] = "scripted",
            ["Models:1:Script:0:When"] = "bye",
            ["Models:1:Script:0:Say"] = "Goodbye.",
            ["Models:1:Script:0:Do"] = "hangup",
            ["Models:1:Script:1:Say"] = "One moment.",
            ["Models:1:Script:1:Do"] = "transfer",
        };
        foreach (var (name, value) in Actions.Concat(more))
        {
            settings[$"Models:1:{name}"] = value;
        }

        return TestHost.StartAsync(settings: settings);
    }

    // The platform has run the tool, and asks what to say.
    private static PlatformRequest After(PlatformRequest request, string said, string? answer, string tool, string arguments) => request.With(body =>
    {
        Say(body, said);
        var messages = body["messages"]!.AsArray();
        var call = new JsonObject { ["id"] = "call_1", ["type"] = "function", ["function"] = new JsonObject { ["name"] = tool, ["arguments"] = arguments } };
        messages.Add((JsonNode)new JsonObject { ["role"] = "assistant", ["content"] = answer, ["tool_calls"] = new JsonArray(call) });
        messages.Add((JsonNode)new JsonObject { ["role"] = "tool", ["tool_call_id"] = "call_1", ["content"] = "done" });
    });

    private static void Say(JsonObject body, string said) => body["messages"]!.AsArray().Last(message => (string?)message!["role"] == "user")!["content"] = said;

    private static async Task<(string Text, (string Name, string Arguments)? Call, string? FinishReason)> AskAsync(TestHost host, PlatformRequest request, string? said)
    {
        request = request.For("voice");
        request = said is null ? request : request.With(body => Say(body, said));
        using var reader = await AnswerReader.OpenAsync(request.With(body => body.Remove("stream_options")).SendAsync(host));
        var answer = await reader.ReadToEndAsync();
        Assert.True(answer is { Status: 200, IsDone: true }, reader.Raw);
        Assert.True(answer.Calls.Count <= 1, reader.Raw);
        foreach (var (_, arguments) in answer.Calls)
        {
            Assert.Equal(JsonValueKind.Object, JsonElement.Parse(arguments).ValueKind);
        }

        return (answer.Text, answer.Calls.Count == 0 ? null : answer.Calls[0], answer.FinishReason);
    }
}
