using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Playwright;

namespace Browser.Tests.Browsing;

/// <summary>A test with an app and visits of its own. At its end each page must have behaved.</summary>
[Collection(BrowserTestGroup.Name)]
public abstract class BrowserTest(Chromium chromium) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _hosts = [];
    private readonly List<Visit> _visits = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The pages are left before the apps stop, so that none can see its app go.</summary>
    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result is TestResult.Failed)
        {
            await TellAsync();
        }

        foreach (var visit in _visits)
        {
            await visit.Context.CloseAsync();
        }

        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
        Assert.Empty(_visits.SelectMany(visit => visit.Failures()));
    }

    private protected async Task<TestHost> StartAsync(
        IChatClient? responder = null, IReadOnlyDictionary<string, string?>? settings = null, Action<WebApplication>? middleware = null)
    {
        var host = await TestHost.StartAsync(responder, settings, middleware: middleware);
        _hosts.Add(host);
        return host;
    }

    // What a failure on another machine leaves nobody to look at.
    private async Task TellAsync()
    {
        var output = TestContext.Current.TestOutputHelper!;
        foreach (var visit in _visits)
        {
            output.WriteLine(await visit.ReadAsync());
        }

        foreach (var record in _hosts.OfType<TestHost>().SelectMany(host => host.Logs.GetSnapshot()))
        {
            output.WriteLine($"{record.Level}: {record.Message}{(record.Exception is { } failure ? $" {failure.Message}" : "")}");
        }
    }

    private protected T Keep<T>(T host)
        where T : IAsyncDisposable
    {
        _hosts.Add(host);
        return host;
    }

    /// <summary>A visit that has gone nowhere yet.</summary>
    private protected async Task<Visit> VisitAsync(TestHost host, BrowserNewContextOptions? options = null)
    {
        var visit = await Visit.StartAsync(await chromium.NewContextAsync(options), host.Address);
        _visits.Add(visit);
        return visit;
    }

    /// <summary>A visit to the console.</summary>
    private protected async Task<Visit> OpenConsoleAsync(TestHost host, BrowserNewContextOptions? options = null)
    {
        var visit = await VisitAsync(host, options);
        await visit.OpenConsoleAsync();
        return visit;
    }
}
