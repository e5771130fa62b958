using Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Calls;

/// <summary>The calls of a day, as an operator finds them.</summary>
public sealed class RecentCallsTests(Chromium chromium, SharedAzurite azurite) : CallsTest(chromium, azurite)
{
    [Fact]
    public async Task Calls_OfTheDay_AreListedNewestFirst()
    {
        await WriteAsync(
            StoreRig.Turn("call-1", "1"),
            StoreRig.Turn("call-2", "1", 60) with { Model = "reception", Outcome = "caller_left", Actions = [new("hangup", "{}")] },
            StoreRig.Turn("call-0", "1", -86400));
        // It is the next day there already, but the days of the calls are those of UTC.
        var (_, calls) = await OpenCallsAsync(new() { TimezoneId = "Pacific/Kiritimati" });
        await Expect(calls.Day).ToHaveValueAsync("2026-11-24");
        await calls.ShowAsync(OperatorKey);

        await Expect(calls.Calls).ToHaveCountAsync(2);
        await Expect(calls.Calls.Nth(0)).ToContainTextAsync("call-2");
        await Expect(calls.Calls.Nth(0)).ToContainTextAsync("20:01:00");
        await Expect(calls.Calls.Nth(0)).ToContainTextAsync("reception");
        await Expect(calls.Calls.Nth(0)).ToContainTextAsync("caller left");
        await Expect(calls.Calls.Nth(0)).ToContainTextAsync("hang up");
        await Expect(calls.Calls.Nth(1)).ToContainTextAsync("call-1");

        await calls.Day.FillAsync("2026-11-23");
        await Expect(calls.Calls).ToHaveCountAsync(1);
        await Expect(calls.Calls).ToContainTextAsync("call-0");
    }

    [Fact]
    public async Task Calls_AskedWithTwoKeys_AreOneFromTheFirstTurnToTheLast()
    {
        await WriteAsync(
            StoreRig.Turn("call-1", "1") with { Key = "key-one", FirstSpeechMs = 20, FirstAnswerMs = 40 },
            StoreRig.Turn("call-1", "3", 120) with { Key = "key-one" },
            StoreRig.Turn("call-1", "2", 60) with { Key = "key-two", Outcome = "apologised" });
        var (_, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);

        await Expect(calls.Calls).ToHaveCountAsync(1);
        await Expect(calls.Calls).ToContainTextAsync("20:00:00");
        await Expect(calls.Calls).ToContainTextAsync("apologised");
        await Expect(calls.Calls).ToContainTextAsync("3 turns · 2 min 0 s · slowest answer 40 ms");
    }

    [Fact]
    public async Task More_ManyCalls_BringsTheRestOnce()
    {
        await Parallel.ForEachAsync(Enumerable.Range(1, 102), TestContext.Current.CancellationToken, async (call, _) =>
            await WriteAsync(StoreRig.Turn($"call-{call:000}", "1", call)));
        var (_, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);
        await Expect(calls.Calls).ToHaveCountAsync(100);
        await Expect(calls.Calls.Last).ToContainTextAsync("call-003");

        await calls.More.ClickAsync();

        await Expect(calls.Calls).ToHaveCountAsync(102);
        await Expect(calls.Calls.Last).ToContainTextAsync("call-001");
        await Expect(calls.More).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Live_NewTurns_AreShownAfterAWhile()
    {
        await WriteAsync(StoreRig.Turn("call-1", "1"));
        var (visit, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call-1").ClickAsync();
        await Expect(calls.Turns).ToHaveCountAsync(1);
        await WriteAsync(StoreRig.Turn("call-1", "2", 1), StoreRig.Turn("call-2", "1", 2));
        await visit.Page.Clock.FastForwardAsync(60_000);
        await Expect(calls.Calls).ToHaveCountAsync(1);

        await calls.Live.CheckAsync();
        await visit.Page.Clock.FastForwardAsync(5_000);

        await Expect(calls.Calls).ToHaveCountAsync(2);
        await Expect(calls.Turns).ToHaveCountAsync(2);
        await WriteAsync(StoreRig.Turn("call-3", "1", 3));
        await visit.Page.Clock.FastForwardAsync(5_000);
        await Expect(calls.Calls).ToHaveCountAsync(3);
    }

    [Theory]
    [InlineData("a-wrong-key")]
    [InlineData(TestHost.Key)]
    public async Task Show_AnotherKeyThanAnOperators_IsRefused(string key)
    {
        await WriteAsync(StoreRig.Turn("call-1", "1"));
        var (visit, calls) = await OpenCallsAsync();
        visit.Expect("status of 401");
        await calls.ShowAsync(key);

        await Expect(calls.Alert).ToContainTextAsync("This key does not open the calls They need an operator key");
        await Expect(calls.Alert).ToContainTextAsync("401 invalid_api_key");
        await Expect(calls.Calls).ToHaveCountAsync(0);

        await calls.ShowAsync(OperatorKey);
        await Expect(calls.Calls).ToHaveCountAsync(1);
        await Expect(calls.Alert).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Show_TranscriptsOff_SaysWhichSettingTurnsThemOn()
    {
        var visit = await OpenConsoleAsync(await StartAsync(settings: new Dictionary<string, string?> { ["Access:OperatorKeys:0"] = OperatorKey }));
        visit.Expect("status of 404");
        var calls = new CallsPane(visit.Page);
        await calls.ShowAsync(OperatorKey);

        await Expect(calls.Alert).ToContainTextAsync("No calls are kept here");
        await Expect(calls.Alert).ToContainTextAsync("404 transcripts_off");
    }

    [Fact]
    public async Task Calls_ByKeyboardAlone_AreRead()
    {
        await WriteAsync(StoreRig.Turn("call-1", "1"));
        var (visit, calls) = await OpenCallsAsync();
        await visit.PressUntilFocusedAsync("Tab", calls.Key);
        await visit.Page.Keyboard.TypeAsync(OperatorKey);
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(calls.Calls).ToHaveCountAsync(1);

        await visit.PressUntilFocusedAsync("Tab", calls.Call("call-1"));
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(calls.Part(1, "spoken")).ToHaveTextAsync("Good evening.");
    }
}
