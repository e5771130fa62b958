using Caller.Tests.Commands;
using Caller.Tests.Servers;

namespace Caller.Tests.Talk;

/// <summary>What each platform does with a tool call: ends or moves the call, or runs the tool and asks again.</summary>
public sealed class PlatformTalkTests
{
    private const string Transfer = """{"transfer_number":"+14155550111","agent_message":"A guest","reason":"asked","system__message_to_speak":"I put you through."}""";
    private static readonly Canned Says = Canned.Says("Hi.");

    public static TheoryData<string, Canned, string> Ends => new()
    {
        { "vapi", Canned.Calls("endCall"), "the platform hangs up: tool call endCall({})" },
        { "vapi", Canned.Calls("transferCall", """{"destination":"+14155550111"}"""), "the platform transfers the call: tool call transferCall" },
        { "elevenlabs", Canned.Calls("end_call", """{"reason":"done","system__message_to_speak":"Goodbye."}"""), "agent > Goodbye." },
        { "elevenlabs", Canned.Calls("transfer_to_number", Transfer), "agent > I put you through." },
        { "pipecat", Canned.Calls("end_call", reason: null), "the platform hangs up" },
        { "cartesia", Canned.Calls("end_call"), "the platform hangs up" },
        { "telnyx", Canned.Calls("hangup"), "the platform hangs up" },
        { "fishaudio", Canned.Calls("_hang_up_call"), "the platform hangs up" },
        { "bolna", Canned.Calls("end_call", """{"reason":"done"}"""), "the platform hangs up" },
        { "bolna", Canned.Calls("transfer_call_desk"), "the platform transfers the call" },
        { "deepgram", Canned.Calls("end_call"), "the platform hangs up" },
        { "vocode", Canned.Stream(Canned.Delta("{\"function_call\":{\"name\":\"action_end_conversation\",\"arguments\":\"{}\"}}"), Canned.Delta("{}", "function_call")), "the platform hangs up" },
    };

    /// <summary>Platform, what is answered, the last message of the second request.</summary>
    public static TheoryData<string, Canned, string> Results => new()
    {
        { "vapi", Canned.Calls("lookup_room", """{"room":"7"}"""), """{"role":"tool","tool_call_id":"call_7","content":"{\"status\":\"done\"}"}""" },
        { "livekit", Canned.Calls("lookup_room", """{"room":"7"}"""), """{"role":"tool","tool_call_id":"call_7","content":"{\"status\":\"done\"}"}""" },
        { "pipecat", Canned.Calls("lookup_room", """{"room":"7"}"""), """{"role":"tool","tool_call_id":"call_7","content":"{\"status\":\"done\"}"}""" },
        { "vocode", Canned.Stream(Canned.Delta("{\"function_call\":{\"name\":\"lookup\",\"arguments\":\"{\\\"room\\\":\\\"7\\\"}\"}}"), Canned.Delta("{}", "function_call")), """{"role":"function","name":"lookup","content":"{\"status\":\"done\"}"}""" },
        { "vapi", Canned.Calls("transferCall", """{"destination":"+666"}"""), """{"role":"tool","tool_call_id":"call_7","content":"Error: destination is \u002B666, which is not one of \u002B14155550111"}""" },
        { "elevenlabs", Canned.Calls("transfer_to_number", """{"reason":"asked"}"""), """{"role":"tool","tool_call_id":"call_7","content":"Error: transfer_number is missing"}""" },
        { "livekit", Canned.Calls("end_call", """{"why":1}"""), """{"role":"tool","tool_call_id":"call_7","content":"Error: there is no argument why"}""" },
        { "deepgram", Canned.Calls("no_such"), """{"role":"tool","tool_call_id":"call_7","content":"Error: there is no tool no_such"}""" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task RunAsync_EndOrTransfer_EndsTheCall(string platform, Canned answer, string shown)
    {
        await using var server = await CannedServer.StartAsync(Says, answer);
        using var host = new TestHost { Input = new StringReader("Hello\nbye\nnever said\n") };

        Assert.Equal(0, await host.RunAsync("talk", $"{server.Address}/v1/chat/completions", "--platform", platform, "--model", "front-desk"));

        Assert.Contains(shown, host.Console, StringComparison.Ordinal);
        Assert.Contains("The call is over.", host.Console, StringComparison.Ordinal);
        Assert.Equal(2, server.Seen.Count);
    }

    [Theory]
    [MemberData(nameof(Results))]
    public async Task RunAsync_OtherTool_IsRunAndTheModelAskedAgain(string platform, Canned answer, string result)
    {
        await using var server = await CannedServer.StartAsync(answer, Says);
        using var host = new TestHost { Input = new StringReader("Which room?\n") };

        Assert.Equal(0, await host.RunAsync("talk", $"{server.Address}/v1/chat/completions", "--platform", platform, "--model", "front-desk"));

        Assert.Equal(2, server.Seen.Count);
        var messages = server.Seen[1].Messages;
        Assert.Equal(result, messages[^1]!.ToJsonString().Replace("\\u0022", "\\\"", StringComparison.Ordinal));
        Assert.Equal("assistant", messages[^2]!["role"]!.GetValue<string>());
        Assert.Contains("agent > Hi.", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_LiveKitEndCall_AsksOnceMoreForTheGoodbye()
    {
        await using var server = await CannedServer.StartAsync(Canned.Calls("end_call"), Canned.Says("Goodbye!"));
        using var host = new TestHost { Input = new StringReader("bye\nnever said\n") };

        Assert.Equal(0, await host.RunAsync("talk", server.Address, "--platform", "livekit", "--model", "front-desk"));

        Assert.Equal("say goodbye to the user", server.Seen[1].Messages[^1]!["content"]!.GetValue<string>());
        Assert.Contains("agent > Goodbye!", host.Console, StringComparison.Ordinal);
        Assert.Contains("The call is over.", host.Console, StringComparison.Ordinal);
        Assert.Equal(2, server.Seen.Count);
    }

    [Fact]
    public async Task RunAsync_TurnAfterATool_HasTheToolInItsHistory()
    {
        await using var server = await CannedServer.StartAsync(Canned.Calls("lookup_room", """{"room":"7"}"""), Says);
        using var host = new TestHost { Input = new StringReader("Which room?\nThank you\n") };

        await host.RunAsync("talk", server.Address, "--platform", "vapi", "--model", "front-desk");

        Assert.Equal("system assistant user assistant tool assistant user", string.Join(' ', server.Seen[2].Messages.Select(message => message!["role"])));
        Assert.Equal(["0", "1", "0"], server.Seen.Select(seen => seen.Body["metadata"]!["numModelRequestInTurn"]!.ToJsonString()));
    }

    [Fact]
    public async Task RunAsync_TrtcWithoutHistory_SendsOnlyWhatWasSaid()
    {
        await using var server = await CannedServer.StartAsync(Says);
        using var host = new TestHost { Input = new StringReader("Hello\nAgain\n") };

        await host.RunAsync("talk", $"{server.Address}/chat/completions", "--platform", "trtc", "--model", "front-desk");

        Assert.Equal("system user", string.Join(' ', server.Seen[1].Messages.Select(message => message!["role"])));
    }

    [Theory]
    [InlineData("vapi", "stop", "vapi reads it otherwise: the call of endCall is not made: no finish_reason \"tool_calls\" came")]
    [InlineData("livekit", null, "livekit reads it otherwise: the call of endCall is not made")]
    public async Task RunAsync_CallThatTheClientDoesNotMake_FailsTheTurnAndTheCallGoesOn(string platform, string? reason, string shown)
    {
        await using var server = await CannedServer.StartAsync(Canned.Calls("endCall", reason: reason), Says);
        using var host = new TestHost { Input = new StringReader("bye\nHello?\n") };

        Assert.Equal(1, await host.RunAsync("talk", server.Address, "--platform", platform, "--model", "front-desk"));

        Assert.Contains($"!! {shown}", host.Console, StringComparison.Ordinal);
        Assert.Contains("The caller hangs up.", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_EmptyAnswerToElevenLabs_IsAskedForAgain()
    {
        await using var server = await CannedServer.StartAsync(Canned.Stream(Canned.Delta("{}", "stop")), Says);
        using var host = new TestHost { Input = new StringReader("Hello\n") };

        Assert.Equal(0, await host.RunAsync("talk", server.Address, "--platform", "elevenlabs", "--model", "front-desk"));

        Assert.Contains("-> the answer is empty; elevenlabs asks again", host.Console, StringComparison.Ordinal);
        Assert.Contains("agent > Hi.", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Speculate_AsksOnHalfASentenceAndThenOnTheWhole()
    {
        await using var server = await CannedServer.StartAsync(Says);
        using var host = new TestHost { Input = new StringReader("Is room seven free?\n") };

        Assert.Equal(0, await host.RunAsync("talk", server.Address, "--platform", "vapi", "--model", "front-desk", "--speculate"));

        Assert.Equal(["Is room seven", "Is room seven free?"], server.Seen.Select(seen => seen.Messages[^1]!["content"]!.GetValue<string>()));
        Assert.Equal(["1 0", "1 1"], server.Seen.Select(seen => $"{seen.Body["metadata"]!["numUserTurns"]} {seen.Body["metadata"]!["numModelRequestInTurn"]}"));
        Assert.Equal(server.Seen[0].Messages.Count, server.Seen[1].Messages.Count);
    }

    [Fact]
    public async Task RunAsync_SlowToolsOfPipecat_StandInTheNextRequestAsInProgress()
    {
        await using var server = await CannedServer.StartAsync(Canned.Calls("lookup_room", """{"room":"7"}"""), Says);
        using var host = new TestHost { Input = new StringReader("Which room?\nHello?\nThank you\n") };

        Assert.Equal(0, await host.RunAsync("talk", server.Address, "--platform", "pipecat", "--model", "front-desk", "--slow-tools"));

        Assert.Equal(["IN_PROGRESS", """{"status":"done"}"""], server.Seen.Skip(1).Select(seen => seen.Messages.Single(message => message!["role"]!.GetValue<string>() == "tool")!["content"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("openai", "--speculate")]
    [InlineData("vapi", "--slow-tools")]
    [InlineData("vapi", "--history-sync")]
    public async Task RunAsync_SwitchThatMeansNothingThere_IsSaidSo(string platform, string option)
    {
        await using var server = await CannedServer.StartAsync(Says);
        using var host = new TestHost { Input = new StringReader("Hello there\n") };

        Assert.Equal(0, await host.RunAsync("talk", server.Address, "--platform", platform, "--model", "front-desk", option));

        Assert.Contains($"Warning: {platform} has no place for {option}: it is not used", host.Error, StringComparison.Ordinal);
        Assert.Single(server.Seen);
    }

    [Theory]
    [InlineData("vapi", "--channel-id")]
    [InlineData("cartesia", "--caller-number")]
    [InlineData("deepgram", "--user-data")]
    [InlineData("pipecat", "--instance-id")]
    [InlineData("livekit", "--callee-number")]
    [InlineData("agora", "--transfer-number")]
    public async Task RunAsync_ValueWithoutAPlace_IsSaidSo(string platform, string option)
    {
        await using var server = await CannedServer.StartAsync(Says);
        using var host = new TestHost { Input = new StringReader("Hello\n") };

        Assert.Equal(0, await host.RunAsync("talk", $"{server.Address}/chat/completions", "--platform", platform, "--model", "front-desk", option, "7"));

        Assert.Contains($"Warning: {platform} has no place for {option}: it is not used", host.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fishaudio", "/v1", "Warning: fishaudio takes no URL with a query")]
    [InlineData("trtc", "/v1", "Warning: This platform appends nothing to the URL, and it does not end in /chat/completions.")]
    [InlineData("vapi", "/v1/chat/completions", "Warning: The URL already ends in /chat/completions.")]
    public async Task RunAsync_UrlThatThePlatformWouldNotTake_IsWarnedOf(string platform, string path, string warning)
    {
        await using var server = await CannedServer.StartAsync(Says);
        using var host = new TestHost { Input = new StringReader("Hello\n") };

        Assert.Equal(0, await host.RunAsync("talk", server.Address + path, "--platform", platform, "--model", "front-desk", "--query", "a=1"));

        Assert.Contains(warning, host.Error, StringComparison.Ordinal);
        Assert.Equal(platform == "trtc" ? "/v1?a=1" : "/v1/chat/completions?a=1", server.Seen[0].Target);
    }

    [Fact]
    public async Task RunAsync_EveryValueOfVapi_HasAPlace()
    {
        await using var server = await CannedServer.StartAsync(Says);
        using var host = new TestHost { Input = new StringReader("Hello\n") };

        await host.RunAsync("talk", server.Address, "--platform", "VAPI", "--model", "front-desk", "--instance-id", "c", "--user-data", "{}", "--caller-number", "+1", "--callee-number", "+2", "--transfer-number", "+3");

        Assert.Empty(host.Error);
        Assert.Contains("\"enum\":[\"+3\"]", server.Seen[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_DidWithoutAModel_SendsNone()
    {
        await using var server = await CannedServer.StartAsync(Says);
        using var host = new TestHost { Input = new StringReader("Hello\n"), KeyVariable = "key-1234" };

        Assert.Equal(0, await host.RunAsync("talk", $"{server.Address}/chat/completions", "--platform", "d-id"));

        Assert.False(server.Seen[0].Body.ContainsKey("model"));
        Assert.Equal("key-1234", server.Seen[0].Header("x-api-key"));
        Assert.Equal("br", server.Seen[0].Header("content-encoding"));
    }
}
