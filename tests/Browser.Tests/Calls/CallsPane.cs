using Microsoft.Playwright;

namespace Browser.Tests.Calls;

/// <summary>The side "Calls" of the console, found by the names that people hear and see.</summary>
internal sealed class CallsPane(IPage page)
{
    private readonly ILocator _region = page.GetByRole(AriaRole.Region, new() { Name = "Calls", Exact = true });

    public ILocator Key => _region.GetByLabel("Operator key", new() { Exact = true });

    public ILocator Show => Button("Show calls");

    public ILocator Day => _region.GetByLabel("Day (UTC)", new() { Exact = true });

    public ILocator Live => _region.GetByLabel("Live", new() { Exact = true });

    public ILocator Text => _region.GetByRole(AriaRole.Searchbox, new() { Name = "Text", Exact = true });

    public ILocator Search => Button("Search");

    public ILocator Stop => Button("Stop");

    public ILocator LookFurther => Button("Look further");

    /// <summary>How many calls there are, or whether more are looked for.</summary>
    public ILocator Count => _region.Locator("#count");

    public ILocator Delete => Transcript.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true });

    public ILocator Question => page.GetByRole(AriaRole.Dialog, new() { Name = "Delete this call?", Exact = true });

    public ILocator More => Button("More");

    public ILocator Alert => _region.GetByRole(AriaRole.Alert);

    public ILocator Calls => _region.GetByRole(AriaRole.Listbox, new() { Name = "Recent calls", Exact = true }).GetByRole(AriaRole.Option);

    public ILocator Transcript => page.GetByRole(AriaRole.Region, new() { Name = "Transcript", Exact = true });

    public ILocator Turns => Transcript.GetByRole(AriaRole.Article);

    public ILocator Turn(int number) => Transcript.GetByRole(AriaRole.Article, new() { Name = $"Turn {number}", Exact = true });

    public ILocator Part(int turn, string name) => Turn(turn).Locator($"[data-part={name}]");

    /// <summary>A field of the search.</summary>
    public ILocator Field(string name) => _region.GetByRole(AriaRole.Group, new() { Name = "Which calls" }).GetByLabel(name, new() { Exact = true });

    public ILocator Call(string instanceId) => Calls.Filter(new() { HasText = instanceId });

    public async Task ShowAsync(string key)
    {
        // On a narrow page the parts stand behind each other.
        await page.GetByRole(AriaRole.Link, new() { Name = "Calls", Exact = true }).ClickAsync();
        await Key.FillAsync(key);
        await Show.ClickAsync();
    }

    private ILocator Button(string name) => _region.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
