using Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Page;

/// <summary>The parts of the page, and the way between them.</summary>
public sealed class PlaceTests(Chromium chromium) : BrowserTest(chromium)
{
    [Theory]
    [InlineData(1280, "", "Talk", "Talk, Calls")]
    [InlineData(1280, "#calls", "Calls", "Talk, Calls")]
    [InlineData(1280, "#overview?model=demo", "Overview", "Overview")]
    [InlineData(375, "", "Talk", "Talk")]
    [InlineData(375, "#calls?outcome=failed", "Calls", "Calls")]
    [InlineData(375, "#overview", "Overview", "Overview")]
    [InlineData(375, "#something", "Talk", "Talk")]
    public async Task Address_NamesAPart_ShowsItAndSaysWhereOneIs(int width, string fragment, string current, string shown)
    {
        var host = await StartAsync();
        var visit = await VisitAsync(host, new() { ViewportSize = new() { Width = width, Height = 800 } });
        await visit.Page.GotoAsync($"{host.Address}console{fragment}");

        await Expect(visit.Page.Locator("nav [aria-current=page]")).ToHaveTextAsync([current]);
        await Expect(visit.Page.Locator("main > section:visible > h2")).ToHaveTextAsync(shown.Split(", "));
        Assert.EndsWith($"console{fragment}", visit.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_AndTheWayBack_LeadFromPartToPart()
    {
        var visit = await OpenConsoleAsync(await StartAsync(), new() { ViewportSize = new() { Width = 375, Height = 667 } });
        foreach (var part in (string[])["Calls", "Overview", "Talk"])
        {
            await visit.Page.GetByRole(AriaRole.Link, new() { Name = part, Exact = true }).ClickAsync();
            await Expect(visit.Page.Locator("main > section:visible > h2")).ToHaveTextAsync([part]);
        }

        await visit.Page.GoBackAsync();
        await Expect(visit.Page.Locator("main > section:visible > h2")).ToHaveTextAsync(["Overview"]);
    }

    [Fact]
    public async Task SkipLink_ToAnotherPart_BringsItToTheFrontWithItsField()
    {
        var visit = await OpenConsoleAsync(await StartAsync(), new() { ViewportSize = new() { Width = 375, Height = 667 } });
        await visit.PressUntilFocusedAsync("Tab", visit.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the calls" }));
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Text" })).ToBeFocusedAsync();
    }
}
