using Microsoft.Playwright;

namespace Browser.Tests.Overview;

/// <summary>The part "Overview" of the console, found by the names that people hear and see.</summary>
internal sealed class OverviewPane(IPage page)
{
    private readonly ILocator _region = page.GetByRole(AriaRole.Region, new() { Name = "Overview", Exact = true });

    public ILocator Key => _region.GetByLabel("Operator key", new() { Exact = true });

    public ILocator Day => _region.GetByLabel("Day (UTC)", new() { Exact = true });

    public ILocator Model => _region.GetByLabel("Model", new() { Exact = true });

    public ILocator Alert => _region.GetByRole(AriaRole.Alert);

    public ILocator Partial => _region.Locator("[data-part=partial]");

    public ILocator Plots => _region.Locator("[data-plot]");

    public ILocator Region => _region;

    public ILocator Button(string name) => _region.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The tile with this name: its figure and what stands below it.</summary>
    public ILocator Tile(string name) => _region.Locator(".tile").Filter(new() { Has = page.GetByText(name, new() { Exact = true }) }).Locator("dd");

    public ILocator Plot(string title) => page.GetByRole(AriaRole.Region, new() { Name = title, Exact = true });

    /// <summary>The picture, as those who listen and those without a mouse find it.</summary>
    public ILocator Slider(string title) => Plot(title).GetByRole(AriaRole.Slider, new() { Name = $"{title}, by the hour", Exact = true });

    public ILocator Table(string title) => Plot(title).GetByRole(AriaRole.Table);

    public ILocator Upstreams => page.GetByRole(AriaRole.Region, new() { Name = "Upstreams", Exact = true }).GetByRole(AriaRole.Table);

    public async Task ShowAsync(string key)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Overview", Exact = true }).ClickAsync();
        await Key.FillAsync(key);
        await Button("Show overview").ClickAsync();
    }

    /// <summary>Opens the table of a plot, and reads it row by row.</summary>
    public async Task<IReadOnlyList<string>> ReadTableAsync(string title)
    {
        await Plot(title).GetByText("Table", new() { Exact = true }).ClickAsync();
        return [.. (await Table(title).GetByRole(AriaRole.Row).AllInnerTextsAsync()).Select(row => string.Join(' ', row.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];
    }
}
