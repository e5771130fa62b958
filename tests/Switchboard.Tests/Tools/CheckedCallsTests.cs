using System.Text;
using System.Text.Json;
using static Switchboard.Testing.ScriptedCall;

namespace Switchboard.Tests.Tools;

/// <summary>Tool calls that cannot be made, from a scripted upstream to the bytes that the platform gets.</summary>
public sealed class CheckedCallsTests
{
    private const string Tools = ""","tools":[{"type":"function","function":{"name":"get_hours","parameters":{"type":"object","properties":{"day":{"type":"string"}}}}},{"type":"function","function":{"name":"list_all"}}]""";
    private const string Cut = """{"day":"mon""";

    private static readonly string Unknown = Encoding.UTF8.GetString(RecordedInputs.Read("F08-"));
    private static readonly (string, string)[] WithApology = [("Apology", TurnRig.Apology)];

    public static TheoryData<string, string> Names => new()
    {
        { "functions.get_hours:0", "get_hours" },
        { "functions.get_hours", "get_hours" },
        { "default_api.get_hours", "get_hours" },
        { "Get Hours", "get_hours" },
        { "getHours", "get_hours" },
        { "get-hours", "get_hours" },
        { " get_hours", "get_hours" },
        { "get_hours<|channel|>commentary", "get_hours" },
        { "get_hours", "get_hours" },
    };

    [Theory]
    [InlineData("")]
    [InlineData(Tools)]
    public async Task Post_ToolThatNobodyDeclared_UpstreamIsToldAndSpeaks(string tools)
    {
        await using var call = await StartAsync([Unknown, Sse.Text("We open at nine.") + End()], WithApology);

        Assert.Equal(Body("stop", Content("We open at nine.")), await call.SayAsync(more: tools));

        var told = Told(call.Asked[1]);
        Assert.StartsWith("There is no tool 'lookup_booking'.", told, StringComparison.Ordinal);
        Assert.Contains(tools.Length > 0 ? "get_hours, list_all" : "There are no tools", told, StringComparison.Ordinal);
        Assert.Contains("lookup_booking", Assert.Single(call.Rig.Logged(420)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_OnlyToolsThatNobodyDeclared_EndsInTheApology(bool hasApology)
    {
        await using var call = await StartAsync([Unknown], hasApology ? WithApology : []);

        var body = await call.SayAsync(more: Tools);

        Assert.Equal(hasApology ? Body("stop", Content(TurnRig.Apology)) : "upstream_error", hasApology ? body : JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(3, call.Asked.Count);
        Assert.Equal("none", call.Asked[2].GetProperty("tool_choice").GetString());
        Assert.Contains("only called tools that do not exist", Assert.Single(call.Rig.Logged(101)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WordsBeforeACallThatCannotBeMade_AreHeardOnce()
    {
        var round = Sse.Text("One ") + Sse.Text("moment.") + Call("lookup") + End("tool_calls");
        await using var call = await StartAsync([round, round, Sse.Text("One") + Sse.Text(" moment. We open at nine.") + End()], WithApology);

        Assert.Equal(Body("stop", Content("One "), Content("moment."), Content(" We open at nine.")), await call.SayAsync());
        Assert.Contains("One moment.", call.Asked[1].GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Wait.", "Sorry.")]
    [InlineData("Wait. ", "Sorry.")]
    [InlineData("Wait.\n\n", "Sorry.")]
    public async Task Post_SameWordsAndCallEachTime_AreHeardOnceThenTheApology(string words, string apology)
    {
        await using var call = await StartAsync([Sse.Text(words) + Call("get_hours", Cut) + End("length")], ("Apology", apology));

        Assert.Equal(Body("stop", Content(words), Content(char.IsWhiteSpace(words[^1]) ? apology : $" {apology}")), await call.SayAsync(more: Tools));
        Assert.Equal(3, call.Asked.Count);
    }

    [Fact]
    public async Task Post_AnswerThatBeginsLikeTheWordsBefore_IsHeard()
    {
        await using var call = await StartAsync([Sse.Text("One moment.") + Call("lookup") + End("tool_calls"), Sse.Text("One") + End()], WithApology);

        Assert.Equal(Body("stop", Content("One moment."), Content(" One")), await call.SayAsync());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Post_NameInOtherWords_IsTheDeclaredTool(string written, string name)
    {
        await using var call = await StartAsync([Call(written, """{"day":"monday"}""") + End("tool_calls")], WithApology);

        Assert.Equal(Body("tool_calls", ToolCall(name, """{"day":"monday"}""")), await call.SayAsync(more: Tools));
        Assert.Single(call.Asked);
    }

    [Theory]
    [InlineData(Cut, "length")]
    [InlineData("", "length")]
    [InlineData(Cut, "tool_calls")]
    [InlineData("monday", "tool_calls")]
    [InlineData("[1]", "tool_calls")]
    public async Task Post_ArgumentsOfAClientsToolAreNoObject_UpstreamIsTold(string arguments, string reason)
    {
        await using var call = await StartAsync(
            [Call("get_hours", arguments) + End(reason), Call("get_hours", """{"day":"monday"}""") + End("tool_calls")], WithApology);

        Assert.Equal(Body("tool_calls", ToolCall("get_hours", """{"day":"monday"}""")), await call.SayAsync(more: Tools));
        Assert.StartsWith("The tool was not run: its arguments are no JSON object", Told(call.Asked[1]), StringComparison.Ordinal);
        // An upstream that reads the conversation must not fail on it.
        Assert.Contains("\"arguments\":\"{}\"", call.Asked[1].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_InputWithCutArguments_NoToolGetsIt()
    {
        await using var call = await StartAsync([Encoding.UTF8.GetString(RecordedInputs.Read("F11-")), Sse.Text("For how many?") + End()], WithApology);

        Assert.Equal(Body("stop", Content("For how many?")), await call.SayAsync(
            more: ""","tools":[{"type":"function","function":{"name":"book_table","parameters":{"type":"object","properties":{"guests":{"type":"integer"}}}}}]"""));
    }

    [Fact]
    public async Task Post_CutArgumentsOfAToolThatTakesNone_IsMade()
    {
        await using var call = await StartAsync([Call("list_all", """{"x":""") + End("length")], WithApology);

        Assert.Equal(Body("tool_calls", ToolCall("list_all")), await call.SayAsync(more: Tools));
    }

    [Fact]
    public async Task Post_CutArgumentsOfAnMcpTool_UpstreamIsToldAndTheToolIsRunOnce()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await StartAsync(
            [Call("weather", """{"city":"Ber""") + End("length"), Call("weather", """{"city":"Berlin"}""") + End("tool_calls"), Sse.Text("Sunny.") + End()],
            [.. WithApology, ("Tools:Mcp:0:Url", server.Url.AbsoluteUri)]);
        await call.Rig.Host.WaitForLogAsync(410);

        Assert.Equal(Body("stop", Content("Sunny.")), await call.SayAsync());
        Assert.Equal(("weather", """{"city":"Berlin"}"""), Assert.Single(server.Calls));
    }

    [Fact]
    public async Task Post_UnknownToolBesideAnMcpTool_ThatOneRunsAndTheUpstreamIsToldOfBoth()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var call = await StartAsync(
            [Call("weather", """{"city":"Berlin"}""") + Call("lookup", index: 1) + End("tool_calls"), Sse.Text("Sunny.") + End()],
            [.. WithApology, ("Tools:Mcp:0:Url", server.Url.AbsoluteUri)]);
        await call.Rig.Host.WaitForLogAsync(410);

        Assert.Equal(Body("stop", Content("Sunny.")), await call.SayAsync());
        Assert.Single(server.Calls);
        Assert.Contains("lookup", Told(call.Asked[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_UnknownToolBesideAHangUp_TheCallEnds()
    {
        await using var call = await StartAsync(
            [Sse.Text("Bye.") + Call("save_notes") + Call("hangup", index: 1) + End("tool_calls")], [.. WithApology, ("Actions:0:Name", "hangup")]);

        Assert.Equal(Body("tool_calls", Content("Bye."), ToolCall("hangup", id: "call_1")), await call.SayAsync());
        Assert.Single(call.Asked);
    }

    [Theory]
    [InlineData("hangup")]
    [InlineData("functions.End_Call:0")]
    public async Task Post_CallActionByAnotherName_IsPerformed(string name)
    {
        await using var call = await StartAsync(
            [Sse.Text("Bye.") + Call(name) + End("tool_calls")], [.. WithApology, ("Actions:0:Name", "hangup"), ("Actions:0:Function", "end_call")]);

        Assert.Equal(Body("tool_calls", Content("Bye."), ToolCall("end_call")), await call.SayAsync());
    }

    // What the last result says.
    private static string Told(JsonElement asked) => asked.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;
}
