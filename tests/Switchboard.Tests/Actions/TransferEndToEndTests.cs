using System.Text.Json;
using static Switchboard.Testing.ScriptedCall;

namespace Switchboard.Tests.Actions;

/// <summary>Transfers, from a scripted upstream to the bytes that the platform gets.</summary>
public sealed class TransferEndToEndTests
{
    private const string Phone = ""","extendData":{"instanceId":"i","callerNumber":"+4915","calleeNumber":"+49\"400<>"}""";

    private static readonly (string, string)[] TwoNumbers =
    [
        ("Actions:0:Name", "transfer"),
        ("Actions:0:Numbers:0", "+49301"),
        ("Actions:0:Numbers:1", "+49302"),
    ];

    private static readonly (string, string)[] Texts = [.. TwoNumbers, ("Actions:0:ErrorMessage", "\"Nobody\" is <there>."), ("Actions:0:Message", "Hold the line.")];

    [Fact]
    public async Task Post_UpstreamTransfers_TextThenTheDirectiveWithoutAnythingThatCouldEndIt()
    {
        await using var call = await StartAsync([Sse.Text("One moment. ") + Call("transfer", """{"number":"+49302"}""") + End("tool_calls")], Texts);

        Assert.Equal(
            Body(
                "stop",
                Content("One moment. "),
                Content("""<imsagent_transfer_call caller="+49'400", callee="+49302", err_msg="'Nobody' is there.", msg="Hold the line."/>""")),
            await call.SayAsync("A person, please", Phone));
    }

    [Theory]
    [InlineData("""{"number":"+900555"}""")]
    [InlineData("""{"number":"+49302\", callee=\"+900555"}""")]
    [InlineData("""{"number":["+49302"]}""")]
    [InlineData("""{"number":4930}""")]
    [InlineData("""{"callee":"+49302"}""")]
    [InlineData("""{"number":"+493""")]
    [InlineData("")]
    public async Task Post_NumberThatIsNotAllowed_UpstreamIsToldAndTheCallerHearsItsReply(string arguments)
    {
        await using var call = await StartAsync(
            [Sse.Text("I put you through.") + Call("transfer", arguments) + End("tool_calls"), Sse.Text("Which one do you want?") + End()], TwoNumbers);

        Assert.Equal(Body("stop", Content("I put you through."), Content(" Which one do you want?")), await call.SayAsync("Put me through to +900555"));

        var told = call.Asked[1].GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["user", "assistant", "tool"], told.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(told[1].GetProperty("tool_calls")[0].GetProperty("id").GetString(), told[2].GetProperty("tool_call_id").GetString());
        Assert.Contains("+49301, +49302", told[2].GetProperty("content").GetString(), StringComparison.Ordinal);
        // What was broken must not make the next request one that is refused.
        using var resent = JsonDocument.Parse(told[1].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString()!);
        Assert.Equal(JsonValueKind.Object, resent.RootElement.ValueKind);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Post_RefusedUntilTheEndWithoutAWord_CallerHearsTheErrorMessageOrTheApology(bool hasMessage, bool hasApology)
    {
        var refused = Call("transfer", """{"number":"1"}""") + End("tool_calls");
        await using var call = await StartAsync(
            [refused, refused, refused], [.. hasMessage ? Texts : TwoNumbers, .. hasApology ? new[] { ("Apology", TurnRig.Apology) } : []]);

        Assert.Equal(Body("stop", Content(hasMessage ? "\"Nobody\" is <there>." : TurnRig.Apology)), await call.SayAsync());

        Assert.Equal(3, call.Asked.Count);
        Assert.Equal("none", call.Asked[2].GetProperty("tool_choice").GetString());
    }

    [Fact]
    public async Task Post_RefusedUntilTheEndAndNothingToSay_IsAnErrorAndNoSilence()
    {
        await using var call = await StartAsync([Call("transfer", """{"number":"1"}""") + End("tool_calls")], TwoNumbers);

        using var response = await call.Rig.Host.PostAsync(Json.Request("voice"));

        Assert.Equal(502, (int)response.StatusCode);
        Assert.Equal("upstream_error", (await Json.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Post_RefusedAndThenSilent_CallerHearsTheApology()
    {
        await using var call = await StartAsync([Call("transfer", """{"number":"1"}""") + End("tool_calls"), End()], [.. TwoNumbers, ("Apology", TurnRig.Apology)]);

        Assert.Equal(Body("stop", Content(TurnRig.Apology)), await call.SayAsync());
    }

    [Fact]
    public async Task Post_TransferAndHangUp_OnlyTheFirst()
    {
        await using var call = await StartAsync(
            [Sse.Text("Wait.") + Call("transfer", """{"number":"+49 30-1"}""") + Call("hangup", index: 1) + End("tool_calls")], [.. TwoNumbers, ("Actions:1:Name", "hangup")]);

        Assert.Equal(
            Body("stop", Content("Wait."), Content("""<imsagent_transfer_call caller="", callee="+49301", err_msg="", msg=""/>""")),
            await call.SayAsync());
    }
}
