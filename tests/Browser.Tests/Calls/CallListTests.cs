using Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Calls;

/// <summary>The list of calls by keyboard, by address, and with a call less.</summary>
public sealed class CallListTests(Chromium chromium, SharedAzurite azurite) : CallsTest(chromium, azurite)
{
    [Fact]
    public async Task Arrows_InTheList_MoveFromCallToCallAndEnterReadsOne()
    {
        await WriteCallsAsync(4);
        var (visit, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);
        await visit.PressUntilFocusedAsync("Tab", calls.Call("call-4"));

        foreach (var (key, call) in new[] { ("ArrowDown", 3), ("ArrowDown", 2), ("ArrowUp", 3), ("End", 1), ("ArrowDown", 1), ("Home", 4), ("ArrowUp", 4), ("PageDown", 1), ("PageUp", 4), ("ArrowDown", 3) })
        {
            await visit.Page.Keyboard.PressAsync(key);
            await Expect(calls.Call($"call-{call}")).ToBeFocusedAsync();
            await Expect(calls.Calls.And(visit.Page.Locator("[aria-selected=true]"))).ToContainTextAsync($"call-{call}");
            await Expect(calls.Calls.And(visit.Page.Locator("[tabindex='0']"))).ToHaveCountAsync(1);
        }

        await Expect(calls.Turns).ToHaveCountAsync(0);
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(calls.Transcript.GetByRole(AriaRole.Heading, new() { Name = "call-3" })).ToBeVisibleAsync();
        await Expect(calls.Call("call-3")).ToBeFocusedAsync();
        await Expect(calls.Call("call-3")).ToHaveAttributeAsync("aria-current", "true");
    }

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(375, 667)]
    public async Task List_OfMoreCallsThanTheWindowHolds_ScrollsByItself(int width, int height)
    {
        await WriteCallsAsync(30);
        var (visit, calls) = await OpenCallsAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        await calls.ShowAsync(OperatorKey);
        await Expect(calls.Calls).ToHaveCountAsync(30);

        // Nothing of the page is below what is seen of it.
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollHeight - Math.max(innerHeight, Math.ceil(document.querySelector('main').getBoundingClientRect().bottom + scrollY))"));
    }

    [Fact]
    public async Task Focus_OnACall_StaysWhenTheListIsLoadedAgain()
    {
        await WriteCallsAsync(3);
        var (visit, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call-2").ClickAsync();
        await calls.Live.CheckAsync();
        await visit.PressUntilFocusedAsync("Tab", calls.Call("call-2"));
        await WriteAsync(StoreRig.Turn("call-9", "1", 900), StoreRig.Turn("call-2", "2", 901));
        await visit.Page.Clock.FastForwardAsync(5_000);

        await Expect(calls.Calls).ToHaveCountAsync(4);
        await Expect(calls.Turns).ToHaveCountAsync(2);
        await Expect(calls.Call("call-2")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Address_OfACall_LeadsToItAndBackAgain()
    {
        await WriteCallsAsync(2);
        await WriteAsync(StoreRig.Turn("call-0", "1", -86400));
        var (visit, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call-1").ClickAsync();
        await calls.Call("call-2").ClickAsync();
        await Expect(calls.Transcript.GetByRole(AriaRole.Heading, new() { Name = "call-2" })).ToBeVisibleAsync();
        await calls.Day.FillAsync("2026-11-23");
        await Expect(calls.Calls).ToContainTextAsync(["call-0"]);
        Assert.EndsWith("#calls?day=2026-11-23", visit.Page.Url, StringComparison.Ordinal);

        await visit.Page.GoBackAsync();
        await Expect(calls.Transcript.GetByRole(AriaRole.Heading, new() { Name = "call-2" })).ToBeVisibleAsync();
        await visit.Page.GoBackAsync();
        await Expect(calls.Transcript.GetByRole(AriaRole.Heading, new() { Name = "call-1" })).ToBeVisibleAsync();
        await Expect(calls.Calls).ToHaveCountAsync(2);

        // Somebody else opens it: with the key all is there.
        var address = visit.Page.Url;
        await visit.Page.GotoAsync("about:blank");
        await visit.Page.GotoAsync(address);
        await calls.Key.FillAsync(OperatorKey);
        await calls.Show.ClickAsync();
        await Expect(calls.Transcript.GetByRole(AriaRole.Heading, new() { Name = "call-1" })).ToBeVisibleAsync();
        Assert.Equal(address, visit.Page.Url);
    }

    [Fact]
    public async Task Delete_Confirmed_TakesTheCallAwayAndSaysSo()
    {
        await WriteCallsAsync(3);
        var (visit, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call-2").ClickAsync();
        await calls.Delete.ClickAsync();
        await Expect(calls.Question).ToContainTextAsync("What is stored of call-2 is deleted: 1 turn");
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(calls.Question).ToHaveCountAsync(0);
        await Expect(calls.Delete).ToBeFocusedAsync();
        await Expect(calls.Calls).ToHaveCountAsync(3);

        await calls.Delete.ClickAsync();
        await calls.Question.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Expect(calls.Calls).ToHaveCountAsync(2);
        await Expect(calls.Transcript).ToHaveTextAsync("Deleted: call call-2, 1 turn.");
        await Expect(calls.Call("call-1")).ToBeFocusedAsync();
        await Expect(calls.Count).ToHaveTextAsync("2 calls");
        Assert.EndsWith("#calls?day=2026-11-24", visit.Page.Url, StringComparison.Ordinal);
        Assert.Empty(await (await StoreAsync()).ReadAsync("call-2"));
    }

    [Fact]
    public async Task Delete_Fails_LeavesTheCallAndSaysWhy()
    {
        await WriteCallsAsync(1);
        var (visit, calls) = await OpenCallsAsync();
        visit.Expect("status of 401");
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call-1").ClickAsync();
        await Expect(calls.Turns).ToHaveCountAsync(1);
        await calls.Key.FillAsync("another-key");
        await calls.Delete.ClickAsync();
        await calls.Question.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Expect(calls.Transcript.GetByRole(AriaRole.Alert)).ToContainTextAsync("This key does not open the calls");
        await Expect(calls.Calls).ToHaveCountAsync(1);
        await Expect(calls.Turns).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Delete_GoneAlready_TakesItOffTheList()
    {
        await WriteCallsAsync(1);
        var (visit, calls) = await OpenCallsAsync();
        visit.Expect("status of 404");
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call-1").ClickAsync();
        await Expect(calls.Turns).ToHaveCountAsync(1);
        await (await StoreAsync()).Eraser.EraseAsync("call-1", TestContext.Current.CancellationToken);
        await calls.Delete.ClickAsync();
        await calls.Question.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Expect(calls.Transcript).ToHaveTextAsync("Call call-1 was gone already.");
        await Expect(calls.Calls).ToHaveCountAsync(0);
    }

    private Task WriteCallsAsync(int calls) => WriteAsync([.. Enumerable.Range(1, calls).Select(call => StoreRig.Turn($"call-{call}", "1", call))]);
}
