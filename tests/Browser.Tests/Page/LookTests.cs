using Browser.Tests.Browsing;
using Browser.Tests.Calls;
using Browser.Tests.Talk;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Page;

/// <summary>The page in both lights and on a phone, with all that it can show.</summary>
public sealed class LookTests(Chromium chromium, SharedAzurite azurite) : CallsTest(chromium, azurite)
{
    private const string Accessible = """
        async () => (await axe.run()).violations.map(v => `${v.impact} ${v.id}: ${v.nodes.map(n => n.html).join(' | ')}`)
        """;

    // What sticks out to the side. Skip links wait outside until they are focused.
    private const string Overflow = """
        () => [document.documentElement.scrollWidth > innerWidth ? `page: ${document.documentElement.scrollWidth}` : '',
          ...[...document.querySelectorAll('button, input, select, textarea, summary, article')]
            .filter(e => e.checkVisibility() && (e.getBoundingClientRect().right > innerWidth + 0.5 || e.getBoundingClientRect().left < -0.5))
            .map(e => `${e.tagName} ${e.id}`)].filter(Boolean)
        """;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Page_InEachLight_IsAccessible(ColorScheme light)
    {
        await NodePackages.RequireAsync();
        // The checker makes its own elements, which the page's policy would refuse.
        var (visit, calls) = await OpenCallsAsync(new() { ColorScheme = light, BypassCSP = true });
        await visit.Page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(NodePackages.Folder, "node_modules", "axe-core", "axe.min.js"), TestContext.Current.CancellationToken));
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(Accessible));

        await FillAsync(visit, calls);

        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(Accessible));
    }

    [Theory]
    [InlineData(360, 740)]
    [InlineData(719, 900)]
    [InlineData(720, 900)]
    [InlineData(1280, 800)]
    public async Task Page_OfAnyWidth_HasNothingBesideIt(int width, int height)
    {
        var (visit, calls) = await OpenCallsAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(Overflow));

        await FillAsync(visit, calls);

        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(Overflow));
    }

    private async Task FillAsync(Visit visit, CallsPane calls)
    {
        var word = new string('w', 400);
        await WriteAsync(
            StoreRig.Turn("call-1", "1") with { Heard = word, Spoken = "\u202e" + word, IsCut = true, Outcome = "failed", ErrorCode = "upstream_timeout", FirstSpeechMs = 45, Actions = [new("hangup", "{}")] },
            StoreRig.Turn("call-1", "2", 1) with { Heard = null, Spoken = null },
            StoreRig.Turn(new string('c', 100), "1", 2));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("demo");
        await talk.CallData.ClickAsync();
        await talk.SayAsync(word);
        await Expect(talk.TimeLine(1)).ToHaveCountAsync(1);
        await talk.Frames(1).ClickAsync();
        await talk.Key.FillAsync("a wrong key");
        await talk.SayAsync("Hello");
        await Expect(talk.Alert).ToHaveCountAsync(1);
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call-1").ClickAsync();
        await Expect(calls.Turns).ToHaveCountAsync(2);
    }
}
