using LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Switchboard.Vault;

namespace Switchboard.Tests.Keys;

/// <summary>What the app says of its keys at start where there is no vault.</summary>
public sealed class ConfiguredAccessTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_NoKeySource_RefusesEveryRequestAndSaysWhy()
    {
        await using var app = await StartAsync(key: null);
        using var client = Client(app);

        using var ready = await client.GetAsync("/health/ready", Cancelled);
        using var refused = await client.GetAsync("/v1/models", Cancelled);
        client.DefaultRequestHeaders.Authorization = new("Bearer", "any-key");
        using var refusedWithKey = await client.GetAsync("/v1/models", Cancelled);

        Assert.Equal(503, (int)ready.StatusCode);
        Assert.Contains("access: no API key is configured (Access:KeyVault:Uri or Access:ApiKeys)", await ready.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal((503, 503), ((int)refused.StatusCode, (int)refusedWithKey.StatusCode));
        Assert.Equal(10, refusedWithKey.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Contains(
            app.Services.GetFakeLogCollector().GetSnapshot(),
            record => record.Level == LogLevel.Error && record.Message.StartsWith("No API key is configured, so every request is refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_KeysInConfiguration_AreCountedInTheLogAndReady()
    {
        await using var app = await StartAsync("key-1-4f8b2d6a9c0e7315");
        using var client = Client(app);

        using var ready = await client.GetAsync("/health/ready", Cancelled);

        Assert.Equal((200, """{"status":"ready"}"""), ((int)ready.StatusCode, await ready.Content.ReadAsStringAsync(Cancelled)));
        Assert.Contains(app.Services.GetFakeLogCollector().GetSnapshot(), record => record.Message == "API keys: 1 in configuration");
        Assert.Null(app.Services.GetService<VaultRefresh>());
    }

    private static async Task<WebApplication> StartAsync(string? key)
    {
        var settings = new Dictionary<string, string?> { ["Models:0:Id"] = "demo" };
        if (key is not null)
        {
            settings["Access:ApiKeys:0"] = key;
        }

        var app = LocalHostApp.Build("http://127.0.0.1:0", settings, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddFakeLogging();
        });
        await app.StartAsync(Cancelled);
        return app;
    }

    private static HttpClient Client(WebApplication app) => new(new SocketsHttpHandler()) { BaseAddress = new Uri(app.Urls.Single()) };
}
