using System.Collections.Concurrent;
using Switchboard.Common;

namespace Switchboard.Vault;

/// <summary>
/// Has a secret of the key vault kept current, and gives what reads its value at each request without asking the vault. To be called while
/// the app is put together. A service of this type makes settings usable that name a secret; without a vault there is none.
/// </summary>
internal delegate BearerSource SecretSource(string name);

/// <summary>Tells that one who has asked a <see cref="SecretSource"/> for a secret needs it no more. Without a vault there is none.</summary>
internal delegate void SecretEnd(string name);

/// <summary>Gives the bearer token of one request; null sends none.</summary>
internal delegate ValueTask<string?> BearerSource(CancellationToken cancellationToken);

/// <summary>Makes a <see cref="BearerSource"/> of the settings of a service that is asked with a key.</summary>
internal static class SecretBearer
{
    /// <param name="key">The key itself; null or empty for none.</param>
    /// <param name="secret">The name of the secret that holds it; null or empty for none.</param>
    /// <param name="secrets">Where secrets are; null without a vault.</param>
    public static BearerSource Of(string? key, string? secret, SecretSource? secrets) =>
        secret is not { Length: > 0 } ? _ => ValueTask.FromResult(key is { Length: > 0 } ? key : null)
        : secrets is null ? throw new InvalidOperationException($"'{secret}' is the name of a secret, and there is no Key Vault.")
        : secrets(secret);

    /// <summary>What was made of a secret is used no more.</summary>
    /// <param name="secret">Its name; null or empty for none.</param>
    /// <param name="ended">Told of it; null without a vault.</param>
    public static void End(string? secret, SecretEnd? ended)
    {
        if (secret is { Length: > 0 })
        {
            ended?.Invoke(secret);
        }
    }
}

/// <summary>
/// What is loaded from the key vault and kept current by <see cref="VaultRefresh"/>. It is filled while the app is put together, which is
/// before anything starts, so that the first refresh brings it all; what is added later comes with the next one.
/// </summary>
internal sealed class VaultLoads(TimeProvider time)
{
    private readonly ConcurrentQueue<VaultLoad> _loads = new();
    private readonly Lock _gate = new();

    // Each with the number of those who need it.
    private readonly Dictionary<string, (VaultSecret Secret, int Uses)> _secrets = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<VaultLoad> All => _loads.Concat(Secrets);

    /// <summary>The secrets that others need by name.</summary>
    public IReadOnlyList<VaultSecret> Secrets
    {
        get
        {
            lock (_gate)
            {
                return [.. _secrets.Values.Select(known => known.Secret)];
            }
        }
    }

    public void Add(VaultLoad load) => _loads.Enqueue(load);

    /// <summary>
    /// Has a secret loaded with each refresh, until <see cref="Remove"/> was called as often as this, and gives what reads its value. It waits while the
    /// secret is loaded for the first time, but no longer than <see cref="VaultRefresh.MaxWait"/>: the call that wakes the app comes just then.
    /// </summary>
    /// <param name="secret">The secret's name in the key vault.</param>
    public BearerSource AddSecret(string secret)
    {
        var added = Track(secret);
        return cancellationToken => added.Value is { } value ? ValueTask.FromResult<string?>(value) : new(FirstValueAsync(added, cancellationToken));
    }

    /// <summary>One of those who need a secret has gone; with the last one it is loaded no more.</summary>
    public void Remove(string secret)
    {
        lock (_gate)
        {
            if (!_secrets.TryGetValue(secret, out var known))
            {
                return;
            }

            if (known.Uses > 1)
            {
                _secrets[secret] = (known.Secret, known.Uses - 1);
            }
            else
            {
                _secrets.Remove(secret);
            }
        }
    }

    /// <inheritdoc cref="AddSecret"/>
    public VaultSecret Track(string secret)
    {
        lock (_gate)
        {
            var (known, uses) = _secrets.GetValueOrDefault(secret);
            known ??= new VaultSecret(secret, time);
            _secrets[secret] = (known, uses + 1);
            return known;
        }
    }

    private async Task<string?> FirstValueAsync(VaultSecret added, CancellationToken cancellationToken)
    {
        try
        {
            await added.Tried.WaitAsync(VaultRefresh.MaxWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // As if it could not be loaded; it may be there for the next turn.
        }

        return added.Value ?? throw new InvalidOperationException("The secret is not loaded.");
    }
}

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
