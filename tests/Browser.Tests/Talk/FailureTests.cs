using System.Text;
using Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Talk;

/// <summary>What people are told when a turn fails.</summary>
public sealed class FailureTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Piece = """data: {"choices":[{"delta":{"content":"One moment, "}}]}""" + "\n\n";

    [Theory]
    [InlineData("a-wrong-key", "This key is not accepted")]
    [InlineData("two words", "no spaces")]
    [InlineData("", "Type the key in first")]
    public async Task Connect_WrongKey_SaysWhatIsWrong(string key, string told)
    {
        var visit = await OpenConsoleAsync(await StartAsync());
        visit.Expect("status of 401");
        var talk = new TalkPane(visit.Page);
        await talk.Key.FillAsync(key);
        await talk.Connect.ClickAsync();

        await Expect(talk.Alert).ToContainTextAsync(told);
        await Expect(talk.Key).ToBeFocusedAsync();
        await Expect(talk.Model).ToBeDisabledAsync();

        await talk.ConnectAsync("demo");
        await Expect(talk.Alert).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Send_KeyTakenAwaySinceConnecting_KeepsWhatWasSaidForAnotherTry()
    {
        var received = new ReceivedTurns();
        var visit = await OpenConsoleAsync(await StartAsync(middleware: received.Record));
        visit.Expect("status of 401");
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        await talk.Key.FillAsync("another-key");
        await talk.SayAsync("Hello");
        await Expect(talk.Turn(1).GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync("401 invalid_api_key");
        await Expect(talk.Speech).ToHaveValueAsync("Hello");

        await talk.Key.FillAsync(TestHost.Key);
        await talk.Send.ClickAsync();

        await Expect(talk.Spoken(2)).ToHaveTextAsync("Hello there, caller.");
        Assert.Equal(["user: Hello"], received.Turns[1].Messages);
    }

    [Fact]
    public async Task Send_TooManyTurns_SaysWhenToTryAgain()
    {
        var responder = new GatedChatClient();
        var host = await StartAsync(responder, new Dictionary<string, string?> { ["Limits:MaxConcurrentTurns"] = "1" });
        var other = host.PostAsync(Json.Request("fake"));
        await responder.Asked.WaitAsync(TestContext.Current.CancellationToken);
        var visit = await OpenConsoleAsync(host);
        visit.Expect("status of 429");
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        await talk.SayAsync("Hello");

        await Expect(talk.Alert).ToContainTextAsync("429 rate_limit_exceeded This instance has reached its limit of 1 concurrent turns. Try again in 1 s.");

        responder.End();
        (await other).Dispose();
    }

    [Fact]
    public async Task Send_RefusedField_IsNamed()
    {
        var visit = await OpenConsoleAsync(await StartAsync(settings: new Dictionary<string, string?> { ["Limits:MaxRequestBytes"] = "1024" }));
        visit.Expect("status of 413");
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        await talk.SayAsync(new string('a', 2000));

        await Expect(talk.Alert).ToContainTextAsync("413 request_too_large The body is larger than 1024 bytes.");
    }

    [Fact]
    public async Task Answer_FailsInMidStream_ShowsTheErrorBesideWhatWasSaid()
    {
        var responder = new GatedChatClient();
        var visit = await OpenConsoleAsync(await StartAsync(responder));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("fake");
        await talk.SayAsync("Hello");
        responder.Say("One moment. ");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("One moment.");

        responder.Fail(new InvalidOperationException("The engine is on fire."));

        await Expect(talk.Alert).ToContainTextAsync("upstream_error");
        await Expect(talk.Turn(1)).ToContainTextAsync("failed");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("One moment.");
        await Expect(talk.Speech).ToBeEnabledAsync();
    }

    [Fact]
    public async Task Answer_EndsWithoutDone_IsSaidToBeCut()
    {
        var visit = await OpenConsoleAsync(await StartAsync(middleware: new WrittenStream(Piece).Answer));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        await talk.SayAsync("Hello");

        await Expect(talk.Alert).ToContainTextAsync("Cut off The answer ended before the server said that it was whole");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("One moment,");
    }

    [Fact]
    public async Task Answer_ConnectionBreaks_IsSaidBesideWhatCame()
    {
        var seen = new TaskCompletionSource();
        var visit = await OpenConsoleAsync(await StartAsync(middleware: new WrittenStream(Piece, seen.Task).Answer));
        visit.Expect("net::ERR_");
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        await talk.SayAsync("Hello");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("One moment,");

        seen.SetResult();

        await Expect(talk.Alert).ToContainTextAsync("Broken off The connection broke while the answer came");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("One moment,");
    }

    [Fact]
    public async Task Answer_NotJson_IsSaidAndStandsAmongTheFrames()
    {
        var visit = await OpenConsoleAsync(await StartAsync(middleware: new WrittenStream($"{Piece}data: <b>oops</b>\n\ndata: [DONE]\n\n").Answer));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        await talk.SayAsync("Hello");
        await Expect(talk.Alert).ToContainTextAsync("A piece of the answer cannot be read");

        await talk.Frames(1).ClickAsync();

        await Expect(talk.Turn(1).Locator("pre")).ToContainTextAsync("data: <b>oops</b>");
    }

    [Fact]
    public async Task Answer_OddButGoodStream_IsReadByTheRules()
    {
        var bytes = Encoding.UTF8.GetBytes(": a comment\r\n\r\ndata: {\"choices\":[{\"delta\":\r\ndata:{\"content\":\"Grüße 😀\"}}]}\r\n\r\nevent: x\rdata: [DONE]\r\r");
        var cut = Array.IndexOf(bytes, (byte)0xF0) + 2;
        var visit = await OpenConsoleAsync(await StartAsync(middleware: new WrittenStream([bytes.AsMemory(0, cut), bytes.AsMemory(cut)]).Answer));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        await talk.SayAsync("Hello");

        await Expect(talk.Status).ToHaveTextAsync("Answer: Grüße 😀");
        await Expect(talk.Alert).ToHaveCountAsync(0);
    }
}
