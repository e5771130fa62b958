using Browser.Tests.Browsing;
using Browser.Tests.Calls;
using Browser.Tests.Talk;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Page;

/// <summary>What the page leaves behind: nothing.</summary>
public sealed class PrivacyTests(Chromium chromium, SharedAzurite azurite) : CallsTest(chromium, azurite)
{
    [Fact]
    public async Task Keys_AfterTheirUse_AreInMemoryOnly()
    {
        await WriteAsync(StoreRig.Turn("call-1", "1"));
        var (visit, calls) = await OpenCallsAsync();
        var talk = new TalkPane(visit.Page);
        var asked = new List<string>();
        visit.Context.Request += (_, request) => asked.Add(request.Url);
        await talk.ConnectAsync("demo");
        await talk.SayAsync("Hello");
        await Expect(talk.TimeLine(1)).ToHaveCountAsync(1);
        await talk.Frames(1).ClickAsync();
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call-1").ClickAsync();
        await Expect(calls.Turns).ToHaveCountAsync(1);

        var html = await visit.Page.ContentAsync();
        Assert.All((string[])[html, visit.Page.Url, .. asked], text =>
        {
            Assert.DoesNotContain(TestHost.Key, text, StringComparison.Ordinal);
            Assert.DoesNotContain(OperatorKey, text, StringComparison.Ordinal);
        });
        Assert.NotEmpty(asked);
        Assert.Empty(await visit.Context.CookiesAsync());
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>(
            "async () => localStorage.length + sessionStorage.length + (await indexedDB.databases()).length + (await navigator.serviceWorker.getRegistrations()).length"));

        await visit.Page.ReloadAsync();
        await Expect(talk.Key).ToHaveValueAsync("");
        await Expect(calls.Key).ToHaveValueAsync("");
    }
}
