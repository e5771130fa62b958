using System.Collections.Concurrent;
using Switchboard.Upstream;

namespace Switchboard.Vault;

/// <summary>The secrets that others need by name, kept current by <see cref="VaultRefresh"/>.</summary>
internal sealed class SecretValues(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, VaultSecret> _secrets = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<VaultSecret> All => _secrets.Values;

    /// <summary>
    /// Has the secret loaded with each refresh. To be called while the app is put together: the models are built before
    /// the first load, and a secret that is named later comes with the next one.
    /// </summary>
    /// <param name="secret">The secret's name in the key vault.</param>
    /// <returns>What gives its value.</returns>
    public BearerSource Source(string secret)
    {
        var tracked = Track(secret);
        return _ => tracked.Value is { } value
            ? ValueTask.FromResult<string?>(value)
            : ValueTask.FromException<string?>(new InvalidOperationException("The secret is not loaded."));
    }

    /// <inheritdoc cref="Source"/>
    public VaultSecret Track(string secret) => _secrets.GetOrAdd(secret, static (name, clock) => new VaultSecret(name, clock), time);
}
