namespace Switchboard.Access;

/// <summary>The keys that open this server. It starts empty, and an empty ring lets nobody in.</summary>
internal sealed class KeyRing
{
    private volatile KeyDigest[] _keys = [];

    public bool IsLoaded => _keys.Length > 0;

    /// <summary>Puts <paramref name="keys"/> in the place of all keys before.</summary>
    public void Load(IEnumerable<string> keys) => _keys = [.. keys.Select(KeyDigest.Of)];

    public KeyCheck Check(string presented)
    {
        var keys = _keys;
        var digest = KeyDigest.Of(presented);
        var isKnown = false;
        foreach (var key in keys)
        {
            // No early way out: the time must not tell which key matched.
            isKnown |= key.Matches(digest);
        }

        return isKnown ? KeyCheck.Accepted : keys.Length == 0 ? KeyCheck.Unavailable : KeyCheck.Rejected;
    }
}
