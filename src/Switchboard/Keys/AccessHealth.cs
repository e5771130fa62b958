using Switchboard.Vault;

namespace Switchboard.Keys;

/// <summary>What an operator should know of the keys. Neither keys nor names of secrets are told.</summary>
/// <param name="keys">The keys.</param>
/// <param name="secrets">The secrets for others.</param>
/// <param name="vault">What the key vault brings; null when no vault is configured.</param>
/// <param name="time">The clock.</param>
internal sealed class AccessHealth(KeyRing keys, SecretValues secrets, VaultKeys? vault, TimeProvider time)
{
    /// <summary>
    /// Why the keys are not in order; null when they are. A vault that was never read counts even where configuration holds
    /// a key too: the platforms' keys are then refused.
    /// </summary>
    public string? Reason() => vault switch
    {
        null when keys.IsLoaded => null,
        null => "access: no API key is configured (Access:KeyVault:Uri or Access:ApiKeys), so every request is refused",
        { Status: { Fault: { } fault } status } when keys.HasLapsed =>
            $"access: the keys no longer count, because they are older than Access:KeyVault:LongestOutage, {Loaded(status)}: {fault.Reason}",
        { Status.Fault: { } fault } when !keys.IsLoaded => $"access: {fault.Reason}",
        _ when !keys.IsLoaded => "access: the keys are being loaded from the key vault",
        _ when !keys.HasActiveKey => "access: the key vault holds no key that counts, so every request is refused: "
            + "the secret that Access:KeyVault:SecretName names needs an enabled, active, unexpired version with a key in it",
        _ => null,
    };

    /// <summary>Whether anybody can have a key, and so may be asked for one before more than up or down is told.</summary>
    public bool HasKeys => keys.HasKeys;

    /// <summary>What will become a fault unless somebody acts: what was loaded is in force, but could not be refreshed.</summary>
    public IEnumerable<string> Warnings()
    {
        if (vault is { Status: { Fault: { } fault } status } && keys.IsLoaded)
        {
            yield return $"access: the keys are not current, {Loaded(status)}: {fault.Reason}";
        }

        if (vault?.HasUnusableLines is true)
        {
            yield return "access: a secret of the keys has lines that are no keys and do not count: log event 305 has their numbers";
        }

        foreach (var secret in secrets.All)
        {
            if (secret.Status is { Fault: { } cause } state)
            {
                yield return $"access: an upstream's key is not current, {Loaded(state)}: {cause.Reason}";
            }
            else if (secret is { Status.LoadedAt: not null, Value: null })
            {
                yield return "access: the key vault holds no enabled, active, unexpired version of an upstream's key";
            }
        }
    }

    /// <summary>
    /// The time since the keys were last loaded in full, also when it is so long that they no longer count; 0 for keys in configuration, which
    /// are never out of date; null while none were loaded.
    /// </summary>
    public TimeSpan? Age() => vault is not null ? vault.Status.Age(time.GetUtcNow()) : keys.IsLoaded ? TimeSpan.Zero : null;

    private string Loaded(VaultStatus status) => status.Age(time.GetUtcNow()) is { } age ? $"last loaded {age} ago" : "never loaded in full";
}
