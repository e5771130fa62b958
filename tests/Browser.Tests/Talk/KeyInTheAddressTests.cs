using Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Talk;

/// <summary>The link that LocalHost prints has the sample's key behind a #: the page connects with it and takes it out of the address.</summary>
public sealed class KeyInTheAddressTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task Console_OpenedWithAKey_IsConnectedAndForgetsTheAddress()
    {
        var host = await StartAsync();
        var visit = await VisitAsync(host);
        var asked = new List<string>();
        visit.Context.Request += (_, request) => asked.Add(request.Url);
        var talk = new TalkPane(visit.Page);

        await visit.Page.GotoAsync($"{host.Address}console#key={TestHost.Key}");

        await Expect(talk.Model).ToHaveValueAsync("demo");
        Assert.DoesNotContain(TestHost.Key, visit.Page.Url, StringComparison.Ordinal);
        Assert.All(asked.Skip(1), url => Assert.DoesNotContain(TestHost.Key, url, StringComparison.Ordinal));
        // One step back leads to where the reader came from, and no address with the key.
        Assert.Equal(2, await visit.Page.EvaluateAsync<int>("() => history.length"));
        await talk.SayAsync("Hello");
        await Expect(talk.TimeLine(1)).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Console_ThatIsOpenAlready_TakesTheKeyOfALinkToo()
    {
        var host = await StartAsync();
        var visit = await OpenConsoleAsync(host);
        var talk = new TalkPane(visit.Page);

        await visit.Page.EvaluateAsync("key => location.hash = `#key=${key}`", TestHost.Key);

        await Expect(talk.Model).ToHaveValueAsync("demo");
        Assert.DoesNotContain(TestHost.Key, visit.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Console_OpenedWithAWrongKey_SaysSo()
    {
        var host = await StartAsync();
        var visit = await VisitAsync(host);
        visit.Expect("401");
        var talk = new TalkPane(visit.Page);

        await visit.Page.GotoAsync($"{host.Address}console#key=a-key-of-another-server-entirely");

        await Expect(talk.Alert).ToContainTextAsync("401");
        Assert.DoesNotContain("#key", visit.Page.Url, StringComparison.Ordinal);
    }

    // The rest of a key that is being typed would stand in a field that shows it, and go to the model.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Focus_OfWhoTypesAKeyWhileThePageConnects_StaysThere(bool works)
    {
        var host = await StartAsync();
        var visit = await VisitAsync(host);
        visit.Expect("401");
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await visit.Page.RouteAsync("**/v1/models", async route =>
        {
            await release.Task;
            await route.ContinueAsync();
        });
        var talk = new TalkPane(visit.Page);
        var operatorKey = visit.Page.GetByLabel("Operator key").First;
        await visit.Page.GotoAsync($"{host.Address}console#key={(works ? TestHost.Key : "a-key-of-another-server-entirely")}");

        await operatorKey.ClickAsync();
        await visit.Page.Keyboard.TypeAsync("operator-");
        release.SetResult();
        await Expect(works ? talk.Status : talk.Alert).ToContainTextAsync(works ? "Connected" : "401");
        await visit.Page.Keyboard.TypeAsync("key-in-full");

        await Expect(operatorKey).ToHaveValueAsync("operator-key-in-full");
        await Expect(talk.Speech).ToHaveValueAsync("");
    }
}
