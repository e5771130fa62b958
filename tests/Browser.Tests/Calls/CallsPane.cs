using Microsoft.Playwright;

namespace Browser.Tests.Calls;

/// <summary>The side "Calls" of the console, found by the names that people hear and see.</summary>
internal sealed class CallsPane(IPage page)
{
    private readonly ILocator _region = page.GetByRole(AriaRole.Region, new() { Name = "Calls", Exact = true });

    public ILocator Key => _region.GetByLabel("Operator key", new() { Exact = true });

    public ILocator Show => Button("Show calls");

    public ILocator Day => _region.GetByLabel("Day (UTC)", new() { Exact = true });

    public ILocator Refresh => Button("Refresh");

    public ILocator Live => _region.GetByLabel("Live", new() { Exact = true });

    public ILocator Filter => _region.GetByRole(AriaRole.Searchbox, new() { Name = "Filter", Exact = true });

    public ILocator More => Button("More");

    public ILocator Alert => _region.GetByRole(AriaRole.Alert);

    /// <summary>The calls that the filter leaves in the list.</summary>
    public ILocator Calls => _region.GetByRole(AriaRole.List, new() { Name = "Recent calls", Exact = true }).GetByRole(AriaRole.Button);

    public ILocator Transcript => page.GetByRole(AriaRole.Region, new() { Name = "Transcript", Exact = true });

    public ILocator Turns => Transcript.GetByRole(AriaRole.Article);

    public ILocator Turn(int number) => Transcript.GetByRole(AriaRole.Article, new() { Name = $"Turn {number}", Exact = true });

    public ILocator Part(int turn, string name) => Turn(turn).Locator($"[data-part={name}]");

    public ILocator Call(string instanceId) => Calls.Filter(new() { HasText = instanceId });

    public async Task ShowAsync(string key)
    {
        await Key.FillAsync(key);
        await Show.ClickAsync();
    }

    private ILocator Button(string name) => _region.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
