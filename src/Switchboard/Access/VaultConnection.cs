using Azure.Core;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;

namespace Switchboard.Access;

/// <summary>How the key vault is reached: who asks, and over what.</summary>
/// <param name="Credential">Who asks.</param>
/// <param name="Options">The transport and its retries. That the vault's challenge names the vault's own host is always checked.</param>
internal sealed record VaultConnection(TokenCredential Credential, SecretClientOptions Options)
{
    /// <summary>The longest that one request may take: short enough for the retries to fit into <see cref="VaultRefresh.Deadline"/>.</summary>
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    public static VaultConnection For(KeyVaultOptions options) => new(CredentialFor(options), ClientOptions(RetryDelay));

    public static SecretClientOptions ClientOptions(TimeSpan retryDelay) => new()
    {
        Retry = { NetworkTimeout = NetworkTimeout },
        RetryPolicy = new VaultRetry(retryDelay),
    };

    /// <remarks>https://learn.microsoft.com/dotnet/azure/sdk/authentication/credential-chains#defaultazurecredential-overview</remarks>
    private static DefaultAzureCredential CredentialFor(KeyVaultOptions options)
    {
        var credential = new DefaultAzureCredentialOptions
        {
            ExcludeInteractiveBrowserCredential = true,
            ExcludeBrokerCredential = true,
            Retry = { NetworkTimeout = NetworkTimeout, MaxRetries = VaultRetry.MaxRetries },
        };
        if (options.ClientId is { } clientId)
        {
            // Not when it is null: that would undo what the options took from AZURE_CLIENT_ID.
            credential.ManagedIdentityClientId = clientId;
            credential.WorkloadIdentityClientId = clientId;
        }

        return new DefaultAzureCredential(credential);
    }
}
