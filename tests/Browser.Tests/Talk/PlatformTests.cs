using Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Talk;

/// <summary>What a platform does beside the turns: it greets, orders, and tells that the caller has hung up.</summary>
public sealed class PlatformTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Token = "callback-token-2f7d-a0c1";

    private readonly GatedChatClient _responder = new();
    private readonly ReceivedTurns _received = new();

    [Fact]
    public async Task GreetingAndSystemMessage_Filled_StandBeforeTheCallersWords()
    {
        var (_, talk) = await ConnectAsync();
        await talk.CallData.ClickAsync();
        await talk.Field("Greeting").FillAsync("Good evening, how can I help?");
        await talk.Field("System message").FillAsync("You answer the hotel phone.");
        await talk.SayAsync("A room, please");
        _responder.Say("Yes.");
        _responder.End();
        await Expect(talk.Spoken(1)).ToHaveTextAsync("Yes.");
        await Expect(talk.Opening.Locator("[data-part=greeting]")).ToHaveTextAsync("Good evening, how can I help?");
        await Expect(talk.Opening.Locator("[data-part=system]")).ToHaveTextAsync("You answer the hotel phone.");
        Assert.Equal(["system: You answer the hotel phone.", "assistant: Good evening, how can I help?", "user: A room, please"], _received.Turns[0].Messages);

        await talk.NewCall.ClickAsync();
        await Expect(talk.Opening).ToBeVisibleAsync();
        await talk.Field("Greeting").FillAsync("");
        await talk.Field("System message").FillAsync("");
        await talk.Field("System message").BlurAsync();
        await Expect(talk.Opening).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HangUp_WhileTheAnswerComes_EndsTheTurnAndTheCall(bool tells)
    {
        var (host, talk) = await ConnectAsync();
        if (tells)
        {
            await talk.CallData.ClickAsync();
            await talk.Field("Callback token").FillAsync(Token);
        }

        await Expect(talk.HangUp).ToBeDisabledAsync();
        await talk.SayAsync("Do you have a room?");
        _responder.Say("One moment, ");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("One moment,");
        await talk.HangUp.ClickAsync();

        await _responder.Cancelled.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await Expect(talk.Turn(1)).ToContainTextAsync("caller left");
        await Expect(talk.Turn(1)).ToContainTextAsync("The caller hung up here");
        await Expect(talk.Log).ToContainTextAsync("The call is over: the caller hung up.");
        await Expect(talk.Speech).ToBeDisabledAsync();
        await Expect(talk.HangUp).ToBeDisabledAsync();
        await Expect(talk.NewCall).ToBeFocusedAsync();
        await Expect(talk.Log.GetByText("The server was told so")).ToHaveCountAsync(tells ? 1 : 0);
        Assert.Contains("caller_left", (await host.WaitForTurnEndAsync("fake")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HangUp_BetweenTurns_EndsTheCall()
    {
        var (_, talk) = await ConnectAsync();
        await talk.SayAsync("Hello");
        _responder.Say("Yes.");
        _responder.End();
        await Expect(talk.TimeLine(1)).ToHaveCountAsync(1);
        await talk.HangUp.ClickAsync();

        await Expect(talk.Log).ToContainTextAsync("The call is over: the caller hung up.");
        await Expect(talk.Turn(1)).ToContainTextAsync("completed");
        await talk.NewCall.ClickAsync();
        await Expect(talk.HangUp).ToBeDisabledAsync();
    }

    [Fact]
    public async Task HangUp_WrongCallbackToken_SaysSoAndIsOverAllTheSame()
    {
        var (_, talk) = await ConnectAsync(expect: "status of 401");
        await talk.CallData.ClickAsync();
        await talk.Field("Callback token").FillAsync("another-token");
        await talk.SayAsync("Hello");
        _responder.Say("Yes.");
        _responder.End();
        await Expect(talk.TimeLine(1)).ToHaveCountAsync(1);
        await talk.HangUp.ClickAsync();

        await Expect(talk.Alert).ToContainTextAsync("This callback token is not accepted");
        await Expect(talk.Speech).ToBeDisabledAsync();
    }

    private async Task<(TestHost Host, TalkPane Talk)> ConnectAsync(string? expect = null)
    {
        var settings = new Dictionary<string, string?> { ["Access:CallbackTokens:0"] = Token, ["Models:1:SpokenText"] = "false" };
        var host = await StartAsync(_responder, settings, _received.Record);
        var visit = await OpenConsoleAsync(host);
        if (expect is not null)
        {
            visit.Expect(expect);
        }

        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("fake");
        return (host, talk);
    }
}
