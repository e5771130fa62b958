using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;

namespace Switchboard.Vault;

/// <summary>How the key vault is reached: who asks, and over what.</summary>
/// <param name="Credential">Who asks.</param>
/// <param name="Options">The transport and its retries. That the vault's challenge names the vault's own host is always checked.</param>
internal sealed record VaultConnection(TokenCredential Credential, SecretClientOptions Options)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    public static VaultConnection For(KeyVaultOptions options) => new(AppIdentity.Credential(options.ClientId), ClientOptions(RetryDelay));

    public static SecretClientOptions ClientOptions(TimeSpan retryDelay) => new()
    {
        Retry = { NetworkTimeout = AppIdentity.NetworkTimeout },
        RetryPolicy = new VaultRetry(retryDelay),
    };
}

/// <summary>
/// Retries a request to the vault twice, but never one that was answered with <c>Retry-After</c>:
/// that wait is <see cref="VaultRefresh"/>'s, which has all the time, while this refresh has a deadline.
/// </summary>
/// <param name="delay">The pause before the first retry; it doubles with each, and is randomised by a fifth.</param>
internal sealed class VaultRetry(TimeSpan delay) : RetryPolicy(MaxRetries, DelayStrategy.CreateExponentialDelayStrategy(delay, delay * 4))
{
    public const int MaxRetries = 2;

    // VaultReader asks by the asynchronous methods only, and those come here.
    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        MustWait(message) ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);

    private static bool MustWait(HttpMessage message) => message.HasResponse && message.Response.Headers.Contains("Retry-After");
}
