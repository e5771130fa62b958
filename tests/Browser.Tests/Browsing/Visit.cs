using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Browser.Tests.Browsing;

/// <summary>A page of a fresh browser, with everything kept that a well-behaved page would not do.</summary>
internal sealed class Visit
{
    // A violation of the policy is an event of the document; said on the console it is kept with everything else.
    private const string TellViolations =
        "addEventListener('securitypolicyviolation', e => console.error(`Content-Security-Policy: ${e.violatedDirective} ${e.blockedURI}`))";

    private readonly ConcurrentQueue<string> _failures = [];
    private readonly List<string> _expected = [];
    private readonly Uri _host;

    private Visit(IPage page, Uri host)
    {
        _host = host;
        Page = page;
        Context.Request += (_, request) => Check(request.Url);
        Context.Console += (_, message) => _failures.Enqueue($"{message.Type}: {message.Text}");
        Context.WebError += (_, error) => _failures.Enqueue($"exception: {error.Error}");
        page.Dialog += async (_, dialog) =>
        {
            _failures.Enqueue($"{dialog.Type}: {dialog.Message}");
            await dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    public IBrowserContext Context => Page.Context;

    /// <summary>Opens a page that may ask nobody but <paramref name="host"/>.</summary>
    public static async Task<Visit> StartAsync(IBrowserContext context, Uri host)
    {
        await context.AddInitScriptAsync(TellViolations);
        return new Visit(await context.NewPageAsync(), host);
    }

    public async Task OpenConsoleAsync()
    {
        var answer = await Page.GotoAsync($"{_host}console");
        Assert.Equal(200, answer!.Status);
    }

    /// <summary>What the page shows, and what it did that it should not: for whoever reads of a test that failed.</summary>
    public async Task<string> ReadAsync()
    {
        try
        {
            return string.Join('\n', [Page.Url, await Page.Locator("body").InnerTextAsync(new() { Timeout = 5000 }), .. _failures]);
        }
        catch (PlaywrightException failure)
        {
            return $"The page cannot be read: {failure.Message}";
        }
    }

    /// <summary>Moves through the page by a key, as those do who have no mouse.</summary>
    public async Task PressUntilFocusedAsync(string key, ILocator target)
    {
        // More stops than the page has.
        for (var stops = 0; stops < 60; stops++)
        {
            await Page.Keyboard.PressAsync(key);
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"{key} never comes to {target}.");
    }

    /// <summary>Lets the page say on its console what holds <paramref name="text"/>: the browser itself reports each refused request there.</summary>
    public void Expect(string text) => _expected.Add(text);

    /// <summary>What the page has done that it should not, but for what is expected of it.</summary>
    public IReadOnlyList<string> Failures() => [.. _failures.Where(failure => !_expected.Any(text => failure.Contains(text, StringComparison.Ordinal)))];

    private void Check(string url)
    {
        var asked = new Uri(url);
        if (asked.Scheme != "data" && asked.Authority != _host.Authority)
        {
            _failures.Enqueue($"asked {url}");
        }
    }
}
