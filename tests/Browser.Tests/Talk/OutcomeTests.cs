using System.Text.RegularExpressions;
using Browser.Tests.Browsing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Talk;

/// <summary>How a turn ended that was not answered as it should be.</summary>
public sealed partial class OutcomeTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Apology = "Sorry, I did not get that.";

    private readonly GatedChatClient _responder = new();

    [Fact]
    public async Task Answer_IsAnApology_IsShownAsOne()
    {
        var talk = await ConnectAsync(new Dictionary<string, string?> { ["Models:1:Apology"] = Apology });
        await talk.SayAsync("Hello");
        _responder.Fail(new InvalidOperationException("The engine is on fire."));

        await Expect(talk.Spoken(1)).ToHaveTextAsync(Apology);
        await Expect(talk.Turn(1).Locator(".state")).ToHaveTextAsync("apologised");
        await Expect(talk.Error(1)).ToContainTextAsync("Apologised. The caller heard the apology");
        await Expect(talk.Error(1)).ToContainTextAsync("The model could not answer. upstream_error");
        await Expect(talk.Request(1)).ToHaveTextAsync(Request());
        await Expect(talk.Status).ToHaveTextAsync($"Turn apologised. Answer: {Apology}");
    }

    [Theory]
    [InlineData("stopped", "server_stopping", "Stopped. The server was stopped while it answered")]
    [InlineData("caller_left", null, "Caller left.")]
    [InlineData("something_new", "no_such_code", "Something new.")]
    [InlineData("constructor", "toString", "Constructor.")]
    public async Task Answer_ServerTellsAnotherOutcome_IsShownAsThat(string outcome, string? code, string told)
    {
        var stream = $"data: {{\"choices\":[{{\"delta\":{{\"content\":\"One moment.\"}}}}]}}\n\ndata: [DONE]\n\n: outcome {{\"outcome\":\"{outcome}\",\"error\":{(code is null ? "null" : $"\"{code}\"")}}}\n\n";
        var visit = await OpenConsoleAsync(await StartAsync(middleware: new WrittenStream(stream).Answer));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        await talk.SayAsync("Hello");

        await Expect(talk.Error(1)).ToContainTextAsync(told);
        await Expect(talk.Frames(1)).ToHaveTextAsync("Frames (2)");
    }

    [Theory]
    [InlineData("completed", "12.5", @"^First speech \d+ ms, first answer \d+ ms, longest gap \d+ ms, total \d+ ms$")]
    [InlineData("apologised", "null", @"^First speech \d+ ms, longest gap \d+ ms, total \d+ ms$")]
    [InlineData("completed", "\"soon\"", @"^First speech \d+ ms, longest gap \d+ ms, total \d+ ms$")]
    public async Task Answer_ServerTellsItsTimes_ShowsWhenTheAnswerBegan(string outcome, string firstAnswerMs, string label)
    {
        var visit = await OpenConsoleAsync(await StartAsync(middleware: new WrittenStream(
            $"data: {{\"choices\":[{{\"delta\":{{\"content\":\"One moment.\"}}}}]}}\n\ndata: [DONE]\n\n: outcome {{\"outcome\":\"{outcome}\",\"error\":null,\"firstSpeechMs\":12.4,\"firstAnswerMs\":{firstAnswerMs}}}\n\n").Answer));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        await talk.SayAsync("Hello");

        await Expect(talk.TimeLine(1)).ToHaveAccessibleNameAsync(new Regex(label));
    }

    [Theory]
    [InlineData("length", "has reached its greatest length")]
    [InlineData("content_filter", "the filter of the service behind the server")]
    public async Task Answer_EndsEarly_SaysWhy(string reason, string told)
    {
        var visit = await OpenConsoleAsync(await StartAsync(middleware: new WrittenStream(
            $"data: {{\"choices\":[{{\"delta\":{{\"content\":\"One moment\"}},\"finish_reason\":\"{reason}\"}}]}}\n\ndata: [DONE]\n\n").Answer));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        await talk.SayAsync("Hello");

        await Expect(talk.Turn(1).Locator("[data-part=note]")).ToContainTextAsync(told);
    }

    [Theory]
    [InlineData(502, null, "The server does not answer", "failed")]
    [InlineData(503, "7", "Try again in 7 s.", "failed")]
    [InlineData(403, null, "You may not come in from here", "refused")]
    [InlineData(429, null, "Too much at once", "refused")]
    [InlineData(418, null, "Something went wrong", "refused")]
    public async Task Send_SomethingBeforeTheServerAnswers_SaysWhatItMeans(int status, string? retryAfter, string told, string state)
    {
        var visit = await OpenConsoleAsync(await StartAsync(middleware: app => app.Use(async (context, next) =>
        {
            if (!HttpMethods.IsPost(context.Request.Method))
            {
                await next(context);
                return;
            }

            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = retryAfter;
            await context.Response.WriteAsync("<html>A gateway.</html>");
        })));
        visit.Expect($"status of {status}");
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        await talk.SayAsync("Hello");

        await Expect(talk.Alert).ToContainTextAsync(told);
        await Expect(talk.Alert).Not.ToContainTextAsync("<html>");
        await Expect(talk.Turn(1).Locator(".state")).ToHaveTextAsync(state);
        await Expect(talk.Speech).ToHaveValueAsync("Hello");
    }

    [Fact]
    public async Task Request_Copied_IsOnTheClipboard()
    {
        var host = await StartAsync();
        var visit = await OpenConsoleAsync(host, new() { Permissions = ["clipboard-read", "clipboard-write"] });
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        await talk.SayAsync("Hello");
        await talk.Request(1).GetByRole(AriaRole.Button).ClickAsync();

        await Expect(talk.Status).ToHaveTextAsync("The request id is copied.");
        var copied = await visit.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.Contains(copied, (await host.WaitForTurnEndAsync("demo")).Message, StringComparison.Ordinal);
        Assert.StartsWith("req_", copied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TimeBars_OfOneCall_HaveOneScale()
    {
        var visit = await OpenConsoleAsync(await StartAsync(_responder));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("fake");
        await talk.Model.SelectOptionAsync("demo");
        await talk.SayAsync("Hello");
        await Expect(talk.Scale).ToHaveTextAsync("Bars from 0 to 1 s");
        await visit.Page.EvaluateAsync("() => { const now = performance.now.bind(performance); window.late = 0; performance.now = () => now() + late; }");
        await talk.Model.SelectOptionAsync("fake");
        await talk.SayAsync("And now?");
        _responder.Say("One moment.");
        await Expect(talk.Spoken(2)).ToHaveTextAsync("One moment.");
        await visit.Page.EvaluateAsync("late = 8000");
        _responder.End();

        await Expect(talk.Scale).ToHaveTextAsync("Bars from 0 to 10 s");
        Assert.Equal(["0 0 10000 10", "0 0 10000 10"], await talk.Log.Locator("svg").EvaluateAllAsync<string[]>("pictures => pictures.map(p => p.getAttribute('viewBox'))"));
        var waits = await talk.Log.Locator("svg").EvaluateAllAsync<double[]>("pictures => pictures.map(p => p.getBoundingClientRect().width)");
        Assert.Equal(waits[0], waits[1]);
    }

    private async Task<TalkPane> ConnectAsync(Dictionary<string, string?> settings)
    {
        var visit = await OpenConsoleAsync(await StartAsync(_responder, settings));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("fake");
        return talk;
    }

    [GeneratedRegex("^Request req_[0-9a-f]{32} Copy$")]
    private static partial Regex Request();
}
