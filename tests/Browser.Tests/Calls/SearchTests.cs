using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Browser.Tests.Browsing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Calls;

/// <summary>How the page searches: what it asks for, and that it goes on looking.</summary>
public sealed class SearchTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Day = "2026-11-24";

    private readonly ConcurrentQueue<string> _asked = [];
    private readonly SemaphoreSlim _gate = new(0);

    [Fact]
    public async Task Search_Filled_AsksTheServerAndStandsInTheAddress()
    {
        var (visit, calls) = await OpenAsync(_ => Page(["call-1"], null));
        _gate.Release(10);
        await calls.ShowAsync(TestHost.Key);
        await Expect(calls.Calls).ToHaveCountAsync(1);
        await calls.Field("Outcome").SelectOptionAsync("apologised");
        await calls.Field("Model").FillAsync("reception");
        await calls.Field("Action").FillAsync("transfer");
        await calls.Text.FillAsync("garden & room");
        await calls.Text.PressAsync("Enter");

        await Expect(visit.Page).ToHaveURLAsync(new Regex($@"#calls\?day={Day}&outcome=apologised&model=reception&action=transfer&q=garden\+%26\+room$"));
        await Expect(calls.Count).ToHaveTextAsync("1 call found, 7 looked at");
        Assert.Equal($"?day={Day}&outcome=apologised&model=reception&action=transfer&q=garden+%26+room", _asked.Last());

        await visit.Page.GoBackAsync();
        await Expect(calls.Text).ToHaveValueAsync("");
        await Expect(calls.Field("Outcome")).ToHaveValueAsync("apologised");
        await visit.Page.GoBackAsync();
        await Expect(calls.Field("Outcome")).ToHaveValueAsync("");
        await Expect(calls.Count).ToHaveTextAsync("1 call");
    }

    [Fact]
    public async Task Search_PagesWithoutAnyCall_GoesOnLookingAndSaysSo()
    {
        var (_, calls) = await OpenAsync(query => query.Contains("continue=b", StringComparison.Ordinal) ? Page(["call-2"], null) : query.Contains("continue=a", StringComparison.Ordinal) ? Page([], "b") : Page(["call-1"], "a"));
        await calls.Text.FillAsync("room");
        await calls.ShowAsync(TestHost.Key);
        _gate.Release();
        await Expect(calls.Count).ToHaveTextAsync("Looking further: 1 call so far, 7 looked at …");
        _gate.Release();
        await Expect(calls.Count).ToHaveTextAsync("Looking further: 1 call so far, 14 looked at …");
        await Expect(calls.Stop).ToBeVisibleAsync();
        _gate.Release();

        await Expect(calls.Count).ToHaveTextAsync("2 calls found, 21 looked at");
        await Expect(calls.Stop).ToBeHiddenAsync();
        await Expect(calls.LookFurther).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Search_Stopped_GoesOnFromThereWhenAsked()
    {
        var (_, calls) = await OpenAsync(query => query.Contains("continue=a", StringComparison.Ordinal) ? Page(["call-2"], null) : Page(["call-1"], "a"));
        await calls.Text.FillAsync("room");
        await calls.ShowAsync(TestHost.Key);
        _gate.Release();
        await Expect(calls.Count).ToHaveTextAsync("Looking further: 1 call so far, 7 looked at …");
        await calls.Stop.ClickAsync();
        await Expect(calls.Count).ToHaveTextAsync("1 call found so far, 7 looked at");
        _gate.Release(5);
        await calls.LookFurther.ClickAsync();

        await Expect(calls.Count).ToHaveTextAsync("2 calls found, 14 looked at");
        await Expect(calls.Call("call-2")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Row_OfACall_TellsWhoSaidWhatHowLongAndHowSlow()
    {
        var (_, calls) = await OpenAsync(_ => Page(["call-1"], null));
        _gate.Release();
        await calls.ShowAsync(TestHost.Key);

        await Expect(calls.Call("call-1")).ToHaveTextAsync("20:00:00*******0000failedDo you have a room?Upstream failed: a.example.comreception · 3 turns · 1 min 23 s · slowest answer 2540 ms · hang upcall-1");
    }

    [Fact]
    public async Task Search_ForFailedUpstreams_AsksTheServerAndOffersTheirNames()
    {
        var (visit, calls) = await OpenAsync(_ => Page(["call-1"], null));
        _gate.Release(10);
        await calls.ShowAsync(TestHost.Key);
        await calls.Field("Upstreams").SelectOptionAsync("one failed");
        await Expect(visit.Page).ToHaveURLAsync(new Regex($@"#calls\?day={Day}&failed=\*$"));
        Assert.Equal($"?day={Day}&failed=*", _asked.Last());

        await calls.Field("Upstreams").SelectOptionAsync("a.example.com failed");
        await Expect(visit.Page).ToHaveURLAsync(new Regex($@"#calls\?day={Day}&failed=a\.example\.com$"));
        Assert.Equal($"?day={Day}&failed=a.example.com", _asked.Last());

        await visit.Page.EvaluateAsync($"location.hash = '#calls?day={Day}&failed=10.0.0.1:8080'");
        await Expect(calls.Field("Upstreams")).ToHaveValueAsync("10.0.0.1:8080");
        await Expect(calls.Count).ToHaveTextAsync("1 call found, 7 looked at");
        Assert.Equal($"?day={Day}&failed=10.0.0.1%3A8080", _asked.Last());
    }

    [Fact]
    public async Task Link_OfAnHour_ShowsItsCallsUntilItIsTakenAway()
    {
        var (visit, calls) = await OpenAsync(_ => Page(["call-1", "call-19:59:59"], null));
        _gate.Release(10);
        await calls.ShowAsync(TestHost.Key);
        await Expect(calls.Calls).ToHaveCountAsync(2);
        await visit.Page.EvaluateAsync($"location.hash = '#calls?day={Day}&hour=20'");
        await Expect(calls.Calls).ToHaveCountAsync(1);
        await Expect(calls.Calls).ToContainTextAsync("call-1");
        Assert.DoesNotContain("hour", _asked.Last(), StringComparison.Ordinal);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "No longer only: 20:00 to 21:00" }).ClickAsync();
        await Expect(calls.Calls).ToHaveCountAsync(2);
        await Expect(visit.Page).ToHaveURLAsync(new Regex($@"#calls\?day={Day}$"));
    }

    private static string Page(string[] ids, string? next)
    {
        var calls = ids.Select(id => $$"""
            {"instanceId":"{{id}}","channelId":null,"key":null,"startedAt":"{{Day}}T{{(id.Contains(':', StringComparison.Ordinal) ? id[5..] : "20:00:00")}}.000Z","lastTurnAt":"{{Day}}T{{(id.Contains(':', StringComparison.Ordinal) ? id[5..] : "20:01:00")}}.000Z","turns":3,"model":"reception",
            "outcome":"failed","lengthMs":83000,"caller":"*******0000","firstWords":"Do you have a room?","slowestAnswerMs":2540,"actions":["hangup"],"failedUpstreams":["a.example.com"]}
            """);
        return $$"""{"day":"{{Day}}","calls":[{{string.Join(',', calls)}}],"continue":{{(next is null ? "null" : $"\"{next}\"")}},"searched":7}""";
    }

    private async Task<(Visit Visit, CallsPane Calls)> OpenAsync(Func<string, string> answer)
    {
        var host = await StartAsync(middleware: app => app.Use(async (context, next) =>
        {
            if (context.Request.Path != "/calls")
            {
                await next(context);
                return;
            }

            _asked.Enqueue(context.Request.QueryString.Value!);
            try
            {
                await _gate.WaitAsync(context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer(context.Request.QueryString.Value!));
        }));
        var visit = await VisitAsync(host);
        await visit.Page.Clock.InstallAsync(new() { TimeDate = StoreRig.Start.UtcDateTime });
        await visit.OpenConsoleAsync();
        return (visit, new CallsPane(visit.Page));
    }
}
