using System.Text.Json;
using static Switchboard.Testing.ScriptedCall;

namespace Switchboard.Tests.Actions;

/// <summary>Tools of a real MCP server and call actions in one turn, with a scripted upstream.</summary>
public sealed class ToolsAndActionsTests
{
    private static readonly string Weather = Call("weather", """{"city":"Berlin"}""");

    private static readonly (string, string)[] Actions =
    [
        ("Actions:0:Name", "hangup"),
        ("Actions:0:EndWord", "Goodbye, caller."),
        ("Actions:1:Name", "transfer"),
        ("Actions:1:Numbers:0", "+49301"),
        ("Actions:1:Numbers:1", "+49302"),
        ("Apology", TurnRig.Apology),
    ];

    [Fact]
    public async Task Post_ToolBesideHangUpAfterAGoodbye_ToolRunsAndTheCallEnds()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await JoinedAsync(server, [Sse.Text("Goodbye.") + Weather + Call("hangup", index: 1) + End("tool_calls")]);

        Assert.Equal(Body("tool_calls", Content("Goodbye."), ToolCall("hangup", id: "call_1")), await call.SayAsync("bye"));

        Assert.Equal(("weather", """{"city":"Berlin"}"""), Assert.Single(server.Calls));
        Assert.Single(call.Asked);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Post_ToolBesideHangUpInSilence_CallerHearsTheResultBeforeTheCallEnds(bool hasPhrase, bool callsAgain)
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await JoinedAsync(
            server,
            [Call("hangup") + Call("weather", index: 1) + End("tool_calls"), Sse.Text("Sunny. Bye!") + (callsAgain ? Call("hangup") : "") + End(callsAgain ? "tool_calls" : "stop")],
            hasPhrase ? [("Tools:Mcp:0:PreToolPhrase:0", "One moment.")] : []);

        var body = await call.SayAsync("How is the weather? Then bye");

        Assert.Equal(Body("tool_calls", [.. hasPhrase ? new[] { Content("One moment."), Content(" Sunny. Bye!") } : [Content("Sunny. Bye!")], ToolCall("hangup")]), body);
        Assert.Single(server.Calls);
        Assert.Equal(2, call.Asked.Count);
        var results = Results(call.Asked[1]);
        Assert.Contains("after your next answer", results["call_0"], StringComparison.Ordinal);
        Assert.StartsWith("Sunny in", results["call_1"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ToolBesideHangUpAndThenNothing_CallerHearsTheEndWordAndTheCallEnds()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await JoinedAsync(server, [Weather + Call("hangup", index: 1) + End("tool_calls"), End()]);

        Assert.Equal(Body("tool_calls", Content("Goodbye, caller."), ToolCall("hangup", id: "call_1")), await call.SayAsync("bye"));
    }

    [Fact]
    public async Task Post_HangUpAfterAPhraseOnly_CallerHearsTheEndWord()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await JoinedAsync(
            server, [Weather + End("tool_calls"), Call("hangup") + End("tool_calls")], ("Tools:Mcp:0:PreToolPhrase:0", "One moment."));

        Assert.Equal(Body("tool_calls", Content("One moment."), Content("Goodbye, caller."), ToolCall("hangup")), await call.SayAsync("bye"));
    }

    [Fact]
    public async Task Post_ToolThenARefusedTransfer_ToolIsNotRunAgainAndItsResultIsRemembered()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await JoinedAsync(
            server,
            [
                Weather + End("tool_calls"),
                Sse.Text("It is sunny.") + Call("transfer", """{"number":"+900"}""") + End("tool_calls"),
                Sse.Text("I cannot do that.") + End(),
            ]);

        Assert.Equal(Body("stop", Content("It is sunny."), Content(" I cannot do that.")), await call.SayAsync("Weather, then +900"));

        Assert.Single(server.Calls);
        Assert.Equal(
            ["user", "assistant", "tool", "assistant", "tool"],
            call.Asked[2].GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()));
    }

    [Fact]
    public async Task Post_TransferRefusedThenCorrected_IsPerformed()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await JoinedAsync(
            server, [Call("transfer", """{"number":"1"}""") + End("tool_calls"), Sse.Text("Wait. ") + Call("transfer", """{"number":"+49302"}""") + End("tool_calls")]);

        Assert.Equal(
            Body("stop", Content("Wait. "), Content("""<imsagent_transfer_call caller="", callee="+49302", err_msg="", msg=""/>""")),
            await call.SayAsync());
    }

    [Fact]
    public async Task Post_TransferRefusedAgainAndAgain_LastRoundOnlyTalksAndThereIsNoSilence()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await JoinedAsync(server, [Call("transfer", """{"number":"1"}""") + End("tool_calls")]);

        var body = await call.SayAsync();

        Assert.Equal(Body("stop", Content(TurnRig.Apology)), body);
        Assert.Equal("none", call.Asked[2].GetProperty("tool_choice").GetString());
        Assert.InRange(call.Asked.Count, 3, 6);
    }

    [Fact]
    public async Task Post_ToolCalledPastTheLastRound_CallerHearsTheApology()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await JoinedAsync(server, [Weather + End("tool_calls")], ("Tools:MaxRounds", "2"));

        Assert.Equal(Body("stop", Content(TurnRig.Apology)), await call.SayAsync());
        Assert.Equal((2, 3), (server.Calls.Count, call.Asked.Count));
    }

    [Fact]
    public async Task Post_ToolArgumentsThatAreNoJson_ModelIsToldAndTheToolIsNotRun()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await JoinedAsync(server, [Call("weather", "{\"city\":") + End("tool_calls"), Sse.Text("Which city?") + End()]);

        Assert.Equal(Body("stop", Content("Which city?")), await call.SayAsync());
        Assert.Empty(server.Calls);
        Assert.Contains("no JSON object", Results(call.Asked[1])["call_0"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_TwoToolsAtOnce_BothRunAndTheirResultsReturnTogether()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await JoinedAsync(
            server, [Weather + Call("weather", """{"city":"Rome"}""", 1) + End("tool_calls"), Sse.Text("Sunny in both.") + End()]);

        Assert.Equal(Body("stop", Content("Sunny in both.")), await call.SayAsync());
        Assert.Equal(["Sunny in Berlin [mark]", "Sunny in Rome [mark]"], Results(call.Asked[1]).OrderBy(result => result.Key, StringComparer.Ordinal).Select(result => result.Value));
    }

    private static async Task<ScriptedCall> JoinedAsync(LoopbackMcpServer server, string[] rounds, params (string, string)[] settings)
    {
        var call = await StartAsync(rounds, [.. Actions, ("Tools:Mcp:0:Url", server.Url.AbsoluteUri), .. settings]);
        await call.Rig.Host.WaitForLogAsync(410);
        return call;
    }

    private static Dictionary<string, string> Results(JsonElement request) => request.GetProperty("messages").EnumerateArray()
        .Where(message => message.GetProperty("role").GetString() == "tool")
        .ToDictionary(message => message.GetProperty("tool_call_id").GetString()!, message => message.GetProperty("content").GetString()!);
}
