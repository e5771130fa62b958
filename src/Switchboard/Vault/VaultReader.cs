using Azure;
using Azure.Security.KeyVault.Secrets;

namespace Switchboard.Vault;

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
        catch (Exception fault) when (VaultFault.IsOfThisApp(fault))
        {
            throw NoVault(fault);
        }

        return [.. versions.OrderByDescending(version => version.Created)];
    }

    /// <summary>The value of one version.</summary>
    public async Task<string> ReadAsync(string secret, SecretVersion version, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await vault.GetSecretAsync(secret, version.Id, cancellationToken);
            return answer.Value.Value ?? throw new InvalidDataException("A secret without a value.");
        }
        catch (Exception fault) when (VaultFault.IsOfThisApp(fault))
        {
            throw NoVault(fault);
        }
    }

    // Whatever the SDK makes of an answer that is none of a vault's: only here does it read what others wrote.
    private static InvalidDataException NoVault(Exception fault) => new("No answer of a key vault.", fault);

    // Asked for no version, the vault would answer with the newest.
    private static string Id(SecretProperties version) =>
        version.Version is { Length: > 0 } id ? id : throw new InvalidDataException("A version without an id.");
}
