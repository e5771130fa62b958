using Switchboard.Vault;

namespace Switchboard.Keys;

/// <summary>What an operator should know of the keys. Neither keys nor names of secrets are told.</summary>
/// <param name="access">The keys.</param>
/// <param name="loads">The secrets for others.</param>
/// <param name="time">The clock.</param>
internal sealed class AccessHealth(AccessControl access, VaultLoads loads, TimeProvider time)
{
    private readonly KeyRing _keys = access.PlatformKeys;
    private readonly VaultKeys? _vault = access.PlatformSecret;

    /// <summary>
    /// Why the keys are not in order; null when they are. A vault that was never read counts even where configuration holds
    /// a key too: the platforms' keys are then refused.
    /// </summary>
    public string? Reason() => _vault switch
    {
        null when _keys.IsLoaded => null,
        null => "access: no API key is configured (Access:KeyVault:Uri or Access:ApiKeys), so every request is refused",
        { Status: { Failure: { } failure } status } when _keys.HasLapsed =>
            $"access: the keys are no longer accepted, because they are older than Access:KeyVault:LongestOutage, {Loaded(status)}: {failure.Reason}",
        { Status.Failure: { } failure } when !_keys.IsLoaded => $"access: {failure.Reason}",
        _ when !_keys.IsLoaded => "access: the keys are being loaded from the key vault",
        _ when !_keys.HasActiveKey => "access: the key vault holds no valid key, so every request is refused: "
            + "the secret that Access:KeyVault:SecretName names needs an enabled, active, unexpired version with a key in it",
        _ => null,
    };

    /// <summary>Whether anybody can have a key, and so may be asked for one before more than up or down is told.</summary>
    public bool HasKeys => _keys.HasKeys;

    /// <summary>What will become a failure unless somebody acts: what was loaded is in force, but could not be refreshed.</summary>
    public IEnumerable<string> Warnings()
    {
        if (_vault is { Status: { Failure: { } failure } status } && _keys.IsLoaded)
        {
            yield return $"access: the keys are not current, {Loaded(status)}: {failure.Reason}";
        }

        if (_vault?.HasUnusableLines is true)
        {
            yield return "access: a secret has lines that are not keys and are ignored: log event 305 has their numbers";
        }

        foreach (var secret in loads.Secrets)
        {
            if (secret.Status is { Failure: { } cause } state)
            {
                yield return $"access: the key for an upstream or MCP server is not current, {Loaded(state)}: {cause.Reason}";
            }
            else if (secret is { Status.LoadedAt: not null, Value: null })
            {
                yield return "access: the key vault holds no enabled, active, unexpired version of the key for an upstream or MCP server";
            }
        }
    }

    /// <summary>
    /// The time since the keys were last loaded in full, also when it is so long that they no longer count; 0 for keys in configuration, which
    /// are never out of date; null while none were loaded.
    /// </summary>
    public TimeSpan? Age() => _vault is not null ? _vault.Status.Age(time.GetUtcNow()) : _keys.IsLoaded ? TimeSpan.Zero : null;

    private string Loaded(VaultStatus status) => status.Age(time.GetUtcNow()) is { } age ? $"last loaded {age} ago" : "never loaded in full";
}
