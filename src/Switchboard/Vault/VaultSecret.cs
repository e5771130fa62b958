using Switchboard.Common;
using Switchboard.Keys;

namespace Switchboard.Vault;

/// <summary>The value of a secret that we present to others, such as an upstream's key: that of its newest version that is enabled and active.</summary>
internal sealed class VaultSecret(string secret, TimeProvider time) : VaultLoad(secret)
{
    private SecretVersion? _version;
    private volatile string? _value;

    /// <summary>The value, without spaces and line breaks around it; null while none is loaded, or when the vault holds no usable version.</summary>
    public string? Value => _value;

    protected override async Task LoadAsync(VaultReader vault, CancellationToken cancellationToken)
    {
        var versions = await vault.ListAsync(Secret, cancellationToken);
        var newest = versions.FirstOrDefault(version => !(time.GetUtcNow() < version.From));
        if (newest is null)
        {
            _value = null;
        }
        else if (_value is null || newest.Id != _version?.Id)
        {
            var value = (await vault.ReadAsync(Secret, newest, cancellationToken)).Trim();
            // Whoever asked for it sends it in a header: https://datatracker.ietf.org/doc/html/rfc9110#section-5.5
            if (!AsciiText.IsPrintable(value))
            {
                throw new UnusableSecretException();
            }

            _value = value.Length > 0 ? value : null;
        }

        _version = newest;
    }
}

/// <summary>A secret's value cannot be sent in a header, such as JSON of several lines.</summary>
internal sealed class UnusableSecretException : Exception;
