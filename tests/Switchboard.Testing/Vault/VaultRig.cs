using Azure.Security.KeyVault.Secrets;
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

    private readonly ILoggerFactory _loggers;

    private VaultRig(StandInVault vault, IEnumerable<string> configured)
    {
        Vault = vault;
        _loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(Log)));
        Ring = new KeyRing(configured, hasVault: true, Time, new KeyVaultOptions().LongestOutage);
        Keys = new VaultKeys(Secret, Ring, isRequired: true, Time, _loggers.CreateLogger<VaultKeys>());
        Secrets = new SecretValues(Time);
        var client = new SecretClient(StandInVault.Uri, new FixedToken(), Options(vault));
        Refresh = new VaultRefresh(new VaultReader(client, Time), [Keys], Secrets, new KeyVaultOptions { Uri = StandInVault.Uri }, Time, _loggers.CreateLogger<VaultRefresh>());
        Health = new AccessHealth(Ring, Secrets, Keys, Time);
        Check = new BearerCheck(Ring, "API key", Refresh);
    }

    public StandInVault Vault { get; }

    public WatchedTime Time { get; } = new();

    public FakeLogCollector Log { get; } = new();

    public KeyRing Ring { get; }

    public VaultKeys Keys { get; }

    public SecretValues Secrets { get; }

    public VaultRefresh Refresh { get; }

    public AccessHealth Health { get; }

    public BearerCheck Check { get; }

    /// <summary>All that was logged, as one text.</summary>
    public string LogText => string.Join('\n', Log.GetSnapshot().Select(record => $"{record.Level} {record.Message} {record.Exception}"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<VaultRig> CreateAsync(params string[] configured) => new(await StandInVault.StartAsync(), configured);

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
        return await PausedAsync();
    }

    /// <summary>Lets the time of the next refresh come and waits for its end.</summary>
    /// <returns>The pause that follows.</returns>
    public async Task<TimeSpan> NextAsync(TimeSpan pause)
    {
        Time.Advance(pause);
        return await PausedAsync();
    }

    /// <summary>Waits for the end of a refresh.</summary>
    public Task<TimeSpan> PausedAsync() =>
        Time.WaitForTimerAsync(wait => wait != VaultRefresh.Deadline && wait != VaultRefresh.MaxWait, Cancelled);

    public KeyCheck Says(string key) => Ring.Check(KeyDigest.Of(key));

    public async ValueTask DisposeAsync()
    {
        await Refresh.StopAsync(CancellationToken.None);
        Refresh.Dispose();
        await Vault.DisposeAsync();
        _loggers.Dispose();
    }
}
