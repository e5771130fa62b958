using Microsoft.Playwright;

namespace Browser.Tests.Browsing;

/// <summary>One headless Chromium of this machine for all tests; nothing is downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // How long a page may take to come to what a test waits for: much, because the machine may be busy.
    private const float Timeout = 60_000;

    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "chromium")).Append("/usr/bin/chromium").FirstOrDefault(File.Exists);
        Assert.True(program is not null, "The console is tested in Chromium, which is not on the PATH: apt-get install chromium");
        Assertions.SetDefaultExpectTimeout(Timeout);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = Arguments });
    }

    /// <summary>A browser that has never been anywhere.</summary>
    internal async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options)
    {
        var context = await _browser!.NewContextAsync(options);
        context.SetDefaultTimeout(Timeout);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
