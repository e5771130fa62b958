using System.Text;
using System.Text.Json;
using LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Switchboard.Vault;

namespace Switchboard.Testing;

/// <summary>LocalHost's app with its keys in a stand-in vault; nothing is replaced but the clock, the credential and the transport.</summary>
internal sealed class VaultApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private VaultApp(StandInVault vault, WatchedTime time, WebApplication app)
    {
        Vault = vault;
        Time = time;
        _app = app;
        _client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public StandInVault Vault { get; }

    public WatchedTime Time { get; }

    public FakeLogCollector Log => _app.Services.GetFakeLogCollector();

    public IServiceProvider Services => _app.Services;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Starts the app; the first load is then under way.</summary>
    public static async Task<VaultApp> StartAsync(StandInVault vault, IReadOnlyDictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? configure = null)
    {
        var time = new WatchedTime();
        var values = new Dictionary<string, string?> { ["Access:KeyVault:Uri"] = StandInVault.Uri.AbsoluteUri, ["Models:0:Id"] = "demo" };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
        {
            values[name] = value;
        }

        var app = LocalHostApp.Build("http://127.0.0.1:0", values, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddFakeLogging();
            builder.Services.AddSingleton<TimeProvider>(time);
            configure?.Invoke(builder);
            builder.Services.AddSingleton(new VaultConnection(new FixedToken(), VaultRig.Options(vault)));
        });
        await app.StartAsync(Cancelled);
        return new VaultApp(vault, time, app);
    }

    /// <summary>Waits for the end of a refresh.</summary>
    public Task<TimeSpan> PausedAsync() =>
        Time.WaitForTimerAsync(wait => wait == VaultRefresh.EarlyInterval || wait == TimeSpan.FromMinutes(5), Cancelled);

    public async Task<HttpResponseMessage> AskAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"demo","messages":[{"role":"user","content":"Hello"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", key);
        return await _client.SendAsync(request, Cancelled);
    }

    public async Task<int> StatusAsync(string key)
    {
        using var response = await AskAsync(key);
        return (int)response.StatusCode;
    }

    public async Task<int> GetStatusAsync(string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", key);
        using var response = await _client.SendAsync(request, Cancelled);
        return (int)response.StatusCode;
    }

    /// <summary>Asks <c>health/ready</c>.</summary>
    /// <param name="key">The key to ask with; null for a stranger.</param>
    public async Task<(int Status, JsonElement Report)> ReadyAsync(string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/ready");
        request.Headers.Authorization = key is null ? null : new("Bearer", key);
        using var response = await _client.SendAsync(request, Cancelled);
        using var report = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        return ((int)response.StatusCode, report.RootElement.Clone());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }
}
