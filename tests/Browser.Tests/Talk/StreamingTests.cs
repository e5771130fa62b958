using System.Text.RegularExpressions;
using Browser.Tests.Browsing;
using Microsoft.Extensions.AI;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Talk;

/// <summary>What is seen and done while an answer comes.</summary>
public sealed partial class StreamingTests(Chromium chromium) : BrowserTest(chromium)
{
    private static readonly Dictionary<string, string?> AsItIs = new()
    {
        ["Models:1:SpokenText"] = "false",
        ["Models:1:Actions:0:Name"] = "transfer",
        ["Models:1:Actions:0:Numbers:0"] = "+49302",
        ["Models:1:Actions:0:Caller"] = "1",
    };

    private readonly GatedChatClient _responder = new();
    private readonly ReceivedTurns _received = new();

    [Fact]
    public async Task Answer_PieceByPiece_IsSeenAsItComes()
    {
        var talk = await ConnectAsync();
        await talk.SayAsync("Hello");

        _responder.Say("One moment, ");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("One moment,");
        await Expect(talk.BargeIn).ToBeEnabledAsync();
        await Expect(talk.TimeLine(1)).ToHaveCountAsync(0);
        await Expect(talk.Status).Not.ToContainTextAsync("One moment");

        _responder.Say("please.");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("One moment, please.");

        _responder.End();
        await Expect(talk.TimeLine(1)).ToHaveCountAsync(1);
        await Expect(talk.BargeIn).ToBeDisabledAsync();
        await Expect(talk.Status).ToHaveTextAsync("Answer: One moment, please.");
    }

    [Theory]
    [InlineData("button")]
    [InlineData("Escape")]
    [InlineData("next turn")]
    public async Task BargeIn_WhileTheAnswerComes_StopsItAndTellsTheNextTurn(string way)
    {
        var talk = await ConnectAsync();
        await talk.SayAsync("Do you have a room?");
        _responder.Say("One moment, ");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("One moment,");

        if (way == "button")
        {
            await talk.BargeIn.ClickAsync();
        }
        else if (way == "Escape")
        {
            await talk.Speech.PressAsync("Escape");
        }
        else
        {
            await talk.SayAsync("Stop");
        }

        await _responder.Cancelled.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        _responder.Say("Yes?");
        _responder.End();
        if (way != "next turn")
        {
            await Expect(talk.BargeIn).ToBeDisabledAsync();
            await talk.SayAsync("Stop");
        }

        await Expect(talk.Spoken(2)).ToHaveTextAsync("Yes?");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("One moment,");
        await Expect(talk.Turn(1)).ToContainTextAsync("interrupted");
        await Expect(talk.Alert).ToHaveCountAsync(0);
        Assert.Equal(["user: Do you have a room?", "assistant: One moment, <ims_agent_interrupted>", "user: Stop"], _received.Turns[1].Messages);
    }

    [Theory]
    [InlineData("Goodbye.", "<imsagent_hangup endword=\"Bye\"/>", "Hang up", "Goodbye. <imsag", "ent_hangup endword=", "\"Bye\"/", ">")]
    [InlineData("One moment.", "<imsagent_transfer_call caller=\"1\", callee=\"+49302\", err_msg=\"\", msg=\"\"/>", "Transfer", "One moment. <imsagent_transfer_call caller=\"1\", callee=\"+49", "302\", err_msg=\"\", msg=\"\"/>")]
    [InlineData("This is important.", "<No Interrupting>", null, "<No Inter", "rupting>This is important.")]
    [InlineData("Welcome!", "{{emotion=happy}}", null, "{", "{emotion=happy}", "}Welcome!")]
    [InlineData("1 < 2 and {x}", null, null, "1 <", " 2 and {", "x}")]
    public async Task Directives_CutOverPieces_AreNotShownAsSpeech(string spoken, string? hidden, string? happened, params string[] pieces)
    {
        var talk = await ConnectAsync();
        await talk.SayAsync("Hello");
        Array.ForEach(pieces, _responder.Say);
        _responder.End();
        await Expect(talk.TimeLine(1)).ToHaveCountAsync(1);

        await Expect(talk.Spoken(1)).ToHaveTextAsync(spoken);
        await Expect(talk.Hidden(1)).ToHaveTextAsync(hidden is null ? [] : [hidden]);
        await Expect(talk.Events(1)).ToHaveTextAsync(happened is null ? [] : [new Regex($"^{happened}")]);
        await Expect(talk.Speech).ToBeEnabledAsync(new() { Enabled = happened is null });
    }

    [Fact]
    public async Task ToolCall_OfTheClientsOwn_IsAnEventThatEndsNothing()
    {
        var talk = await ConnectAsync();
        await talk.SayAsync("Hello");
        _responder.Yield(new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("call-1", "weather", new Dictionary<string, object?> { ["city"] = "Berlin" })]));
        _responder.End();

        await Expect(talk.Events(1)).ToHaveTextAsync(ToolCall());
        await Expect(talk.TimeLine(1)).ToHaveAccessibleNameAsync(NoSpeech());
        await Expect(talk.Speech).ToBeEnabledAsync();
    }

    [Fact]
    public async Task NewCall_WhileTheAnswerComes_LeavesTheOldCall()
    {
        var talk = await ConnectAsync();
        await talk.SayAsync("Hello");
        _responder.Say("One moment, ");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("One moment,");

        await talk.NewCall.ClickAsync();

        await _responder.Cancelled.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await Expect(talk.Turns).ToHaveCountAsync(0);
        _responder.Say("Good evening.");
        _responder.End();
        await talk.SayAsync("Hello again");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("Good evening.");
        Assert.Equal(["user: Hello again"], _received.Turns[1].Messages);
        Assert.NotEqual(_received.Turns[0].ExtendData.GetProperty("instanceId").GetString(), _received.Turns[1].ExtendData.GetProperty("instanceId").GetString());
    }

    private async Task<TalkPane> ConnectAsync()
    {
        var visit = await OpenConsoleAsync(await StartAsync(_responder, AsItIs, _received.Record));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("fake");
        return talk;
    }

    [GeneratedRegex("^Tool call.*weather.*Berlin")]
    private static partial Regex ToolCall();

    [GeneratedRegex(@"^No speech, total \d+ ms$")]
    private static partial Regex NoSpeech();
}
