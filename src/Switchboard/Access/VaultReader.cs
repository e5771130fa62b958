using Azure;
using Azure.Security.KeyVault.Secrets;

namespace Switchboard.Access;

/// <summary>Reads secrets from the key vault.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/keyvault/secrets/operation-groups</remarks>
internal sealed class VaultReader(SecretClient vault, TimeProvider time)
{
    /// <summary>The versions of the secret that are enabled and not expired, newest first; none when there is no such secret.</summary>
    public async Task<IReadOnlyList<SecretVersion>> ListAsync(string secret, CancellationToken cancellationToken)
    {
        var versions = new List<SecretVersion>();
        try
        {
            await foreach (var version in vault.GetPropertiesOfSecretVersionsAsync(secret, cancellationToken))
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

        return [.. versions.OrderByDescending(version => version.Created)];
    }

    /// <summary>The value of one version.</summary>
    public async Task<string> ReadAsync(string secret, SecretVersion version, CancellationToken cancellationToken)
    {
        var answer = await vault.GetSecretAsync(secret, version.Id, cancellationToken);
        return answer.Value.Value ?? throw new InvalidDataException("A secret without a value.");
    }

    // Asked for no version, the vault would answer with the newest.
    private static string Id(SecretProperties version) =>
        version.Version is { Length: > 0 } id ? id : throw new InvalidDataException("A version without an id.");
}
