using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Switchboard.Keys;
using Switchboard.Vault;

namespace Switchboard.Testing;

/// <summary>The refreshing of keys from a stand-in vault by the real <see cref="SecretClient"/>, without an app around it.</summary>
internal sealed class VaultRig : IAsyncDisposable
{
    public const string Secret = "chat-completions-api-key";
    public const string UpstreamSecret = "upstream-key";

    private readonly ServiceProvider _services;

    private VaultRig(StandInVault vault, Func<VaultConnection, VaultConnection> change, string[] configured, KeyPolicy? policy = null)
    {
        Vault = vault;
        var options = new AccessOptions { KeyVault = { Uri = StandInVault.Uri } };
        foreach (var key in configured)
        {
            options.ApiKeys.Add(key);
        }

        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(Log)))
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(options)
            .AddSingleton(options.KeyVault)
            .AddSingleton(policy ?? new KeyPolicy())
            .AddSingleton(change(new VaultConnection(new FixedToken(), Options(vault))))
            .AddVault()
            .AddKeys()
            .BuildServiceProvider();
        Access = _services.GetRequiredService<AccessControl>();
    }

    public StandInVault Vault { get; }

    public WatchedTime Time { get; } = new();

    public FakeLogCollector Log { get; } = new();

    public AccessControl Access { get; }

    public VaultLoads Loads => _services.GetRequiredService<VaultLoads>();

    public VaultRefresh Refresh => _services.GetRequiredService<VaultRefresh>();

    public AccessHealth Health => _services.GetRequiredService<AccessHealth>();

    public BearerCheck Check => Access.Platforms;

    /// <summary>All that was logged, as one text.</summary>
    public string LogText => string.Join('\n', Log.GetSnapshot().Select(record => $"{record.Level} {record.Message} {record.Exception}"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static Task<VaultRig> CreateAsync(params string[] configured) => CreateAsync(connection => connection, configured);

    public static async Task<VaultRig> CreateAsync(KeyPolicy policy) => new(await StandInVault.StartAsync(), connection => connection, [], policy);

    /// <param name="change">Puts something else in the place of the credential or the transport.</param>
    /// <param name="configured">The keys in configuration.</param>
    public static async Task<VaultRig> CreateAsync(Func<VaultConnection, VaultConnection> change, params string[] configured) =>
        new(await StandInVault.StartAsync(), change, configured);

    /// <summary>As in the app, but with retries that don't wait.</summary>
    public static SecretClientOptions Options(StandInVault vault)
    {
        var options = VaultConnection.ClientOptions(TimeSpan.FromMilliseconds(1));
        options.Transport = vault.Transport();
        return options;
    }

    /// <summary>Starts the refreshing and waits for the end of its first load.</summary>
    /// <returns>The pause that follows.</returns>
    public async Task<TimeSpan> StartAsync()
    {
        await Refresh.StartAsync(Cancelled);
        return await WaitForPauseAsync();
    }

    /// <summary>Lets the time of the next refresh come and waits for its end.</summary>
    /// <returns>The pause that follows.</returns>
    public async Task<TimeSpan> NextAsync(TimeSpan pause)
    {
        Time.Advance(pause);
        return await WaitForPauseAsync();
    }

    /// <summary>Waits for the end of a refresh.</summary>
    public Task<TimeSpan> WaitForPauseAsync() =>
        Time.WaitForTimerAsync(wait => wait != VaultRefresh.Deadline && wait != VaultRefresh.MaxWait, Cancelled);

    public KeyCheck CheckOf(string key) => Access.PlatformKeys.Check(KeyDigest.Of(key));

    public async ValueTask DisposeAsync()
    {
        await Refresh.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        await Vault.DisposeAsync();
    }
}
