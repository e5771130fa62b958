using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Switchboard.Vault;

namespace Switchboard.Testing;

/// <summary>LocalHost's app with its keys in a stand-in vault; nothing is replaced but the clock, the credential and the transport.</summary>
internal sealed class VaultApp : IAsyncDisposable
{
    private readonly TestHost _host;
    private readonly HttpClient _client;

    private VaultApp(StandInVault vault, WatchedTime time, TestHost host)
    {
        Vault = vault;
        Time = time;
        _host = host;
        _client = host.Connect();
    }

    public StandInVault Vault { get; }

    public WatchedTime Time { get; }

    public FakeLogCollector Log => _host.Logs;

    public IServiceProvider Services => _host.Services;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Starts the app; the first load is then under way.</summary>
    public static async Task<VaultApp> StartAsync(StandInVault vault, IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null)
    {
        var time = new WatchedTime();
        var values = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>());
        values.TryAdd("Access:KeyVault:Uri", StandInVault.Uri.AbsoluteUri);
        values.TryAdd("Access:ApiKeys:0", null);
        values.TryAdd("Models:0:Simulated:Text", null);
        return new VaultApp(vault, time, await TestHost.StartAsync(settings: values, time: time, services: collection =>
        {
            services?.Invoke(collection);
            collection.AddSingleton(new VaultConnection(new FixedToken(), VaultRig.Options(vault)));
        }));
    }

    /// <summary>Waits for the end of a refresh. Not for an app with upstreams: what asks them at start waits as long.</summary>
    public Task<TimeSpan> WaitForPauseAsync() =>
        Time.WaitForTimerAsync(wait => wait == VaultRefresh.EarlyInterval || wait == TimeSpan.FromMinutes(5), Cancelled);

    public Task<HttpResponseMessage> AskAsync(string key) =>
        SendAsync(HttpMethod.Post, "/v1/chat/completions", key, Json.Content(Json.Request(stream: false)));

    public async Task<int> StatusAsync(string key)
    {
        using var response = await AskAsync(key);
        return (int)response.StatusCode;
    }

    public async Task<int> GetStatusAsync(string path, string key)
    {
        using var response = await SendAsync(HttpMethod.Get, path, key);
        return (int)response.StatusCode;
    }

    /// <summary>Asks <c>health/ready</c>.</summary>
    /// <param name="key">The key to ask with; null for a stranger.</param>
    public async Task<(int Status, JsonElement Report)> ReadyAsync(string? key = null)
    {
        using var response = await SendAsync(HttpMethod.Get, "/health/ready", key);
        return ((int)response.StatusCode, await Json.ReadAsync(response));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key, HttpContent? content = null) =>
        SendAsync(method, path, key is null ? null : new AuthenticationHeaderValue("Bearer", key), content);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, AuthenticationHeaderValue? authorization, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = authorization;
        return await _client.SendAsync(request, Cancelled);
    }
}
