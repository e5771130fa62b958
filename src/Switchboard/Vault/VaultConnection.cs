using Azure.Core;
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
