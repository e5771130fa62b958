using Azure.Core;
using Azure.Identity;

namespace Switchboard.Vault;

/// <summary>Who this app is for the services of Azure.</summary>
internal static class AppIdentity
{
    /// <summary>What the client id of a user-assigned identity looks like.</summary>
    public const string ClientIdPattern = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";

    /// <summary>The longest that one request for a token or a secret may take: short enough for the retries to fit into <see cref="VaultRefresh.Deadline"/>.</summary>
    public static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The longest that getting a token may take, with its retries; who waits for it has a deadline of its own.</summary>
    public static readonly TimeSpan TokenTimeout = TimeSpan.FromSeconds(15);

    /// <param name="clientId">The client id of a user-assigned identity; null for what <c>AZURE_CLIENT_ID</c> says.</param>
    /// <remarks>https://learn.microsoft.com/dotnet/azure/sdk/authentication/credential-chains#defaultazurecredential-overview</remarks>
    public static TokenCredential Credential(string? clientId)
    {
        var options = new DefaultAzureCredentialOptions
        {
            ExcludeInteractiveBrowserCredential = true,
            ExcludeBrokerCredential = true,
            Retry = { NetworkTimeout = NetworkTimeout, MaxRetries = VaultRetry.MaxRetries },
        };
        if (clientId is not null)
        {
            // Not when it is null: that would undo what the options took from AZURE_CLIENT_ID.
            options.ManagedIdentityClientId = clientId;
            options.WorkloadIdentityClientId = clientId;
        }

        return new DefaultAzureCredential(options);
    }
}
