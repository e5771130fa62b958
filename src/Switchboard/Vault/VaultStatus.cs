namespace Switchboard.Vault;

/// <summary>How current a secret is.</summary>
/// <param name="LoadedAt">When the vault last answered for it in full; null: never.</param>
/// <param name="Fault">Why the last refresh failed; null when it did not.</param>
internal sealed record VaultStatus(DateTimeOffset? LoadedAt = null, VaultFault? Fault = null)
{
    /// <summary>The time since it was last loaded in full, in whole seconds; null: never.</summary>
    public TimeSpan? Age(DateTimeOffset now) => LoadedAt is { } loadedAt ? TimeSpan.FromSeconds(Math.Max(0, (long)(now - loadedAt).TotalSeconds)) : null;
}
