using System.Collections.Concurrent;
using Browser.Tests.Browsing;
using Microsoft.AspNetCore.Builder;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Talk;

/// <summary>What the server is sent: what the platform would send.</summary>
public sealed class RequestTests(Chromium chromium) : BrowserTest(chromium)
{
    private readonly ReceivedTurns _received = new();

    [Fact]
    public async Task Request_AllCallData_IsWhatThePlatformSends()
    {
        var talk = await ConnectAsync();
        await talk.CallData.ClickAsync();
        foreach (var (field, value) in new[]
        {
            ("instanceId", "68e00b6640e3943332fee7"), ("channelId", "123"), ("sentenceId", "3"), ("callerNumber", "+4930111"), ("calleeNumber", "+4930222"),
            ("task_id", "task 1"), ("room_id", "room&1"), ("userData", """{"name":"Ada"}"""),
        })
        {
            await talk.Field(field).FillAsync(value);
        }

        await TakeTurnAsync(talk, 1, "Hello");
        await TakeTurnAsync(talk, 2, "Thanks");

        Assert.Equal(
            """{"messages":[{"role":"user","content":"Hello"}],"model":"demo","stream":true,"extendData":{"instanceId":"68e00b6640e3943332fee7","channelId":"123","sentenceId":3,"userData":"{\"name\":\"Ada\"}","callerNumber":"+4930111","calleeNumber":"+4930222"}}""",
            _received.Turns[0].Body.GetRawText());
        Assert.Equal("?task_id=task+1&room_id=room%261", _received.Turns[0].Query);
        Assert.Equal($"Bearer {TestHost.Key}", _received.Turns[0].Authorization);
        Assert.Equal(["user: Hello", "assistant: Hello there, caller.", "user: Thanks"], _received.Turns[1].Messages);
        Assert.Equal(4, _received.Turns[1].ExtendData.GetProperty("sentenceId").GetInt32());
        Assert.Equal("68e00b6640e3943332fee7", _received.Turns[1].ExtendData.GetProperty("instanceId").GetString());
    }

    [Fact]
    public async Task UserData_NotJson_IsSaidToBeTextAndSentAsItIs()
    {
        var talk = await ConnectAsync();
        await talk.CallData.ClickAsync();
        await talk.Field("userData").FillAsync("""{"name":""");
        await Expect(talk.Field("userData")).ToHaveAccessibleDescriptionAsync("This is not JSON: it is sent as it stands.");

        await TakeTurnAsync(talk, 1, "Hello");

        Assert.Equal("""{"name":""", _received.Turns[0].ExtendData.GetProperty("userData").GetString());
    }

    [Fact]
    public async Task Request_NothingFilledIn_HasAnInstanceAndCountsTheSentences()
    {
        var talk = await ConnectAsync();

        await TakeTurnAsync(talk, 1, "Hello");

        var sent = _received.Turns[0];
        Assert.Equal(["instanceId", "channelId", "sentenceId"], sent.ExtendData.EnumerateObject().Select(field => field.Name));
        Assert.Matches("^[0-9a-f]{32}$", sent.ExtendData.GetProperty("instanceId").GetString()!);
        Assert.Equal(1, sent.ExtendData.GetProperty("sentenceId").GetInt32());
        Assert.Equal("", sent.Query);
    }

    [Fact]
    public async Task Request_LongCall_HasItsLatestTwentyRecords()
    {
        var talk = await ConnectAsync();
        for (var turn = 1; turn <= 12; turn++)
        {
            await TakeTurnAsync(talk, turn, $"Word {turn}");
        }

        var last = _received.Turns[^1].Messages;
        Assert.Equal(20, last.Count);
        Assert.Equal("assistant: Hello there, caller.", last[0]);
        Assert.Equal("user: Word 12", last[^1]);
    }

    [Fact]
    public async Task Request_BelowAPrefix_StaysBelowIt()
    {
        var host = await StartAsync(middleware: app =>
        {
            app.UsePathBase("/voice");
            app.UseRouting();
            _received.Record(app);
        });
        var visit = await VisitAsync(host);
        var answer = await visit.Page.GotoAsync($"{host.Address}voice/console");
        Assert.Equal(200, answer!.Status);
        var asked = new List<string>();
        visit.Context.Request += (_, request) => asked.Add(new Uri(request.Url).AbsolutePath);
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");

        await TakeTurnAsync(talk, 1, "Hello");

        Assert.Equal(["/voice/v1/models", "/voice/v1/chat/completions"], asked);
    }

    [Fact]
    public async Task Request_PathThatLooksLikeAHost_AsksThisHost()
    {
        var host = await StartAsync(middleware: app =>
        {
            app.Use((context, next) =>
            {
                // Two slashes in a row may have become one by now.
                context.Request.Path = context.Request.Path.Value!.Replace("//elsewhere.example/", "/", StringComparison.Ordinal).Replace("/elsewhere.example/", "/", StringComparison.Ordinal);
                return next(context);
            });
            app.UseRouting();
            _received.Record(app);
        });
        var visit = await VisitAsync(host);
        await visit.Page.GotoAsync($"{host.Address}/elsewhere.example/console");
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");

        await TakeTurnAsync(talk, 1, "Hello");

        Assert.Single(_received.Turns);
    }

    [Fact]
    public async Task Request_PageOpenedWithAFunctionKey_SendsItInAHeader()
    {
        var keys = new ConcurrentQueue<string>();
        var host = await StartAsync(middleware: app => app.Use((context, next) =>
        {
            keys.Enqueue($"{context.Request.Path}{context.Request.QueryString} {context.Request.Headers["x-functions-key"]}");
            return next(context);
        }));
        var visit = await VisitAsync(host);
        await visit.Page.GotoAsync($"{host.Address}console?code=function-key");
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");

        await TakeTurnAsync(talk, 1, "Hello");

        Assert.Equal(["/console?code=function-key ", "/v1/models function-key", "/v1/chat/completions function-key"], keys);
    }

    private static async Task TakeTurnAsync(TalkPane talk, int turn, string speech)
    {
        await talk.SayAsync(speech);
        await Expect(talk.TimeLine(turn)).ToHaveCountAsync(1);
        await Expect(talk.Spoken(turn)).ToHaveTextAsync("Hello there, caller.");
    }

    private async Task<TalkPane> ConnectAsync()
    {
        var visit = await OpenConsoleAsync(await StartAsync(middleware: _received.Record));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        return talk;
    }
}
