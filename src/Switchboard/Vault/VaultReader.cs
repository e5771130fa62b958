using Azure;
using Azure.Core;
using Azure.Security.KeyVault.Secrets;

namespace Switchboard.Vault;

/// <summary>Reads secrets from the key vault. Every method ends when it is cancelled, whatever the vault's client and the credential do then.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/keyvault/secrets/operation-groups</remarks>
internal sealed class VaultReader(VaultConnection connection, KeyVaultOptions options, TimeProvider time)
{
    private readonly SecretClient _vault = new(options.Uri, Bounded(connection.Credential), connection.Options);

    /// <summary>The versions of the secret that are enabled and not expired, newest first; none when there is no such secret.</summary>
    public Task<IReadOnlyList<SecretVersion>> ListAsync(string secret, CancellationToken cancellationToken) =>
        BoundedAsync(() => ListAllAsync(secret, cancellationToken), cancellationToken);

    /// <summary>The value of one version.</summary>
    public Task<string> ReadAsync(string secret, SecretVersion version, CancellationToken cancellationToken) =>
        BoundedAsync(() => ReadValueAsync(secret, version, cancellationToken), cancellationToken);

    // What does not heed its token is left behind: it can change nothing here, and must end for the next refresh to come.
    private static Task<T> BoundedAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken) =>
        Task.Run(read, cancellationToken).WaitAsync(cancellationToken);

    // The client has all its requests wait for the one that asks for a token: if that hung, so would those of later refreshes.
    private static TokenCredential Bounded(TokenCredential credential) => DelegatedTokenCredential.Create(
        credential.GetToken,
        async (request, cancellationToken) => await credential.GetTokenAsync(request, cancellationToken).AsTask().WaitAsync(cancellationToken));

    private async Task<IReadOnlyList<SecretVersion>> ListAllAsync(string secret, CancellationToken cancellationToken)
    {
        var versions = new List<SecretVersion>();
        try
        {
            await foreach (var version in _vault.GetPropertiesOfSecretVersionsAsync(secret, cancellationToken))
            {
                if (version.Enabled is true && !(version.ExpiresOn <= time.GetUtcNow()))
                {
                    versions.Add(new SecretVersion(Id(version), version.CreatedOn ?? default, version.NotBefore, version.ExpiresOn));
                }
            }
        }
        catch (RequestFailedException answer) when (answer is { Status: 404, ErrorCode: "SecretNotFound" })
        {
            // As clear an answer as an empty list; a 404 without this code comes from something else.
            return [];
        }
        catch (Exception exception) when (VaultFailure.IsOfThisApp(exception))
        {
            throw NoVault(exception);
        }

        return [.. versions.OrderByDescending(version => version.Created)];
    }

    private async Task<string> ReadValueAsync(string secret, SecretVersion version, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _vault.GetSecretAsync(secret, version.Id, cancellationToken);
            return answer.Value.Value ?? throw new InvalidDataException("A secret without a value.");
        }
        catch (Exception exception) when (VaultFailure.IsOfThisApp(exception))
        {
            throw NoVault(exception);
        }
    }

    // Whatever the SDK makes of an answer that is none of a vault's: only here does it read what others wrote.
    private static InvalidDataException NoVault(Exception exception) => new("Not an answer of a key vault.", exception);

    // Asked for no version, the vault would answer with the newest.
    private static string Id(SecretProperties version) =>
        version.Version is { Length: > 0 } id ? id : throw new InvalidDataException("A version without an id.");
}

/// <summary>A version of a secret that is enabled and not expired.</summary>
/// <param name="Id">Its id; a version's value never changes.</param>
/// <param name="Created">When it was added.</param>
/// <param name="From">From when on it counts; null: at once.</param>
/// <param name="Until">When it expires; null: never.</param>
internal sealed record SecretVersion(string Id, DateTimeOffset Created, DateTimeOffset? From, DateTimeOffset? Until);
