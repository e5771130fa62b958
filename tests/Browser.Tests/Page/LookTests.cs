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
            .map(e => `${e.tagName} ${e.id}`),
          ...[...document.querySelectorAll('.scroll, .list')].filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth).map(e => `${e.id} ${e.scrollWidth} of ${e.clientWidth}`)].filter(Boolean)
        """;

    // Choices that are wider than the place that they are shown in, though there is room beside it.
    private const string CutChoices = """
        () => [...document.querySelectorAll('#calls select')].filter(e => {
          const whole = e.cloneNode(true);
          Object.assign(whole.style, { position: 'fixed', width: 'max-content' });
          e.after(whole);
          const width = whole.getBoundingClientRect().width;
          whole.remove();
          return e.getBoundingClientRect().width < Math.min(width, e.closest('fieldset, form').clientWidth) - 0.5;
        }).map(e => `${e.id} ${e.getBoundingClientRect().width}`)
        """;

    // What of an element is out of sight or below another: "" for nothing.
    private const string Uncovered = """
        (selector) => {
          const element = document.querySelector(selector);
          const { left, top, right, bottom } = element.getBoundingClientRect();
          if (top < 0 || bottom > innerHeight || bottom - top < 10) { return `at ${top} to ${bottom}`; }
          const points = [[left + 2, top + 2], [right - 2, top + 2], [left + 2, bottom - 2], [right - 2, bottom - 2], [(left + right) / 2, (top + bottom) / 2]];
          const over = points.map(([x, y]) => document.elementFromPoint(x, y)).find((other) => !other || !(element.contains(other) || other.contains(element)));
          return over === undefined ? '' : `below ${over?.outerHTML.slice(0, 80)}`;
        }
        """;

    // Targets that a finger misses (https://www.w3.org/WAI/WCAG22/Understanding/target-size-enhanced), and fields that a phone would zoom into.
    private const string TooSmall = """
        () => [...document.querySelectorAll('button, input, select, textarea, summary, nav a, [role=option], label.check')].filter(e => e.checkVisibility())
          .filter(e => (!e.matches('label.check input') && e.getBoundingClientRect().height < 44) || (e.matches('input:not([type=checkbox]), select, textarea') && parseFloat(getComputedStyle(e).fontSize) < 16))
          .map(e => `${e.tagName} ${e.id} ${e.getBoundingClientRect().height}`)
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
    [InlineData(1400, 900)]
    public async Task Page_OfAnyWidth_HasNothingBesideIt(int width, int height)
    {
        var (visit, calls) = await OpenCallsAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(Overflow));

        await FillAsync(visit, calls);

        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(Overflow));
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(CutChoices));
        await calls.Field("Upstreams").SelectOptionAsync([new SelectOptionValue { Index = 2 }]);
        await Expect(calls.Count).ToContainTextAsync("found");
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(Overflow));
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(CutChoices));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Phone_CallDataOpen_ShowsHelpAndConversationUncovered(bool hasTouch)
    {
        var (visit, calls) = await OpenCallsAsync(new() { ViewportSize = new() { Width = 375, Height = 667 }, HasTouch = hasTouch, IsMobile = hasTouch });
        var talk = new TalkPane(visit.Page);
        await talk.CallData.ClickAsync();
        Assert.Equal("", await visit.Page.EvaluateAsync<string>(Uncovered, "#talk-empty ol"));
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(TooSmall));

        await talk.ConnectAsync("demo");
        await talk.SayAsync("Hello");
        await Expect(talk.TimeLine(1)).ToHaveCountAsync(1);
        Assert.Equal("", await visit.Page.EvaluateAsync<string>(Uncovered, "#log .spoken"));
        Assert.Equal("", await visit.Page.EvaluateAsync<string>(Uncovered, "#send"));
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(Overflow));
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(TooSmall));

        await WriteAsync(StoreRig.Turn("call-1", "1") with { ErrorCode = "upstream_timeout", Outcome = "apologised" });
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call-1").ClickAsync();
        await Expect(calls.Turns).ToHaveCountAsync(1);
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(Overflow));
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(TooSmall));
    }

    [Fact]
    public async Task Motion_NotWanted_StandsStill()
    {
        var responder = new GatedChatClient();
        var visit = await OpenConsoleAsync(await StartAsync(responder), new() { ReducedMotion = ReducedMotion.Reduce });
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("fake");
        await talk.SayAsync("Hello");
        await Expect(talk.Turn(1)).ToContainTextAsync("answering");

        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("document.getAnimations().length"));
        responder.Say("Yes.");
        responder.End();
        await Expect(talk.TimeLine(1)).ToHaveCountAsync(1);
    }

    private async Task FillAsync(Visit visit, CallsPane calls)
    {
        var word = new string('w', 400);
        await WriteAsync(
            StoreRig.Turn("call-1", "1") with { Heard = word, Spoken = "\u202e" + word, IsCut = true, Outcome = "failed", ErrorCode = "upstream_timeout", FirstSpeechMs = 45, Actions = [new("hangup", "{}")], UpstreamFailures = [new($"{word[..60]}:8080", "status 500"), new(word[..60], "silent")] },
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
