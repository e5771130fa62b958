namespace Switchboard.Access;

/// <summary>
/// The keys that open this server: those in configuration, and those in the key vault once they are loaded.
/// An empty ring lets nobody in.
/// </summary>
/// <param name="configured">The keys in configuration.</param>
/// <param name="hasVault">Whether a vault is configured, whose keys are still to come.</param>
/// <param name="time">The clock that a key's time is measured by.</param>
internal sealed class KeyRing(IEnumerable<string> configured, bool hasVault, TimeProvider time)
{
    private readonly AcceptedKey[] _configured = [.. configured.Select(key => new AcceptedKey(KeyDigest.Of(key)))];
    private volatile AcceptedKey[]? _fromVault;

    /// <summary>Whether all keys are known that there are, be they none: a key that isn't among them is wrong.</summary>
    public bool IsLoaded => hasVault ? _fromVault is not null : _configured.Length > 0;

    /// <summary>Whether any key opens this server now.</summary>
    public bool HasActiveKey => _configured.Length > 0 || _fromVault?.Any(key => key.IsActive(time.GetUtcNow())) is true;

    /// <summary>Puts <paramref name="keys"/> in the place of all keys that the vault held before.</summary>
    public void Load(AcceptedKey[] keys) => _fromVault = keys;

    public KeyCheck Check(KeyDigest presented)
    {
        var fromVault = _fromVault ?? [];
        var now = time.GetUtcNow();
        // No early way out: the time must not tell which key matched.
        var isKnown = IsAmong(_configured, presented, now) | IsAmong(fromVault, presented, now);
        return isKnown ? KeyCheck.Accepted : IsLoaded ? KeyCheck.Rejected : KeyCheck.Unavailable;
    }

    private static bool IsAmong(AcceptedKey[] keys, KeyDigest presented, DateTimeOffset now)
    {
        var isAmong = false;
        foreach (var key in keys)
        {
            isAmong |= key.Digest.Equals(presented) & key.IsActive(now);
        }

        return isAmong;
    }
}
