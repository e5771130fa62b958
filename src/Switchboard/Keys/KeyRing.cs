using System.Security.Cryptography;
using System.Text;

namespace Switchboard.Keys;

/// <summary>
/// The keys that open this server: those in configuration, and those in the key vault once they are loaded and while they are not too old.
/// An empty ring lets nobody in.
/// </summary>
/// <param name="configured">The keys in configuration, with or without a name: see <see cref="KeyText.Split"/>.</param>
/// <param name="hasVault">Whether a vault is configured, whose keys are still to come.</param>
/// <param name="time">The clock that a key's time is measured by.</param>
/// <param name="longestOutage">How long the vault's keys count after they were loaded; null: for ever.</param>
internal sealed class KeyRing(IEnumerable<string> configured, bool hasVault, TimeProvider time, TimeSpan? longestOutage = null)
{
    private readonly AcceptedKey[] _configured = [.. configured.Select(Read)];
    private volatile Loaded? _fromVault;

    /// <summary>Whether all keys are known that there are, be they none: a key that isn't among them is wrong.</summary>
    public bool IsLoaded => hasVault ? _fromVault is { } loaded && !IsTooOld(loaded) : _configured.Length > 0;

    /// <summary>Whether keys are still to come from the vault, for the first time or after an outage.</summary>
    public bool IsWaiting => hasVault && !IsLoaded;

    /// <summary>Whether the vault's keys were loaded once, but so long ago that they no longer count.</summary>
    public bool HasLapsed => _fromVault is { } loaded && IsTooOld(loaded);

    /// <summary>Whether any key opens this server now.</summary>
    public bool HasActiveKey => _configured.Length > 0 || Counting().Any(key => key.IsActive(time.GetUtcNow()));

    /// <summary>Whether anybody can have a key at all, even if it does not count now.</summary>
    public bool HasKeys => _configured.Length > 0 || _fromVault is { Keys.Length: > 0 };

    /// <summary>Puts <paramref name="keys"/> in the place of all keys that the vault held before.</summary>
    public void Load(AcceptedKey[] keys) => _fromVault = new Loaded(keys, time.GetTimestamp());

    public KeyCheck Check(KeyDigest presented)
    {
        var now = time.GetUtcNow();
        // No early way out: the time must not tell which key matched.
        var isKnown = IsAmong(_configured, presented, now) | IsAmong(Counting(), presented, now);
        return isKnown ? KeyCheck.Accepted : IsLoaded ? KeyCheck.Rejected : KeyCheck.Unavailable;
    }

    /// <summary>Whether the key is here, whatever its time and however old the keys are.</summary>
    public bool Contains(KeyDigest presented) => IsAmong(_configured, presented, null) | IsAmong(_fromVault?.Keys ?? [], presented, null);

    /// <summary>The name of a key, whatever its time and however old the keys are; null where it has none or is not here. The newest of several.</summary>
    public string? NameOf(KeyDigest key) => NamedIn(_configured, key) ?? NamedIn(_fromVault?.Keys ?? [], key);

    /// <summary>The names of all keys.</summary>
    public IEnumerable<string> Names => _configured.Concat(_fromVault?.Keys ?? []).Select(key => key.Name).OfType<string>();

    private static AcceptedKey Read(string entry)
    {
        var name = KeyText.Split(entry, out var key);
        return new AcceptedKey(KeyDigest.Of(key), Name: name);
    }

    private static string? NamedIn(AcceptedKey[] keys, KeyDigest key)
    {
        foreach (var known in keys)
        {
            if (known.Name is { } name && known.Digest.Equals(key))
            {
                return name;
            }
        }

        return null;
    }

    private AcceptedKey[] Counting() => _fromVault is { } loaded && !IsTooOld(loaded) ? loaded.Keys : [];

    private bool IsTooOld(Loaded loaded) => time.GetElapsedTime(loaded.At) >= longestOutage;

    private static bool IsAmong(AcceptedKey[] keys, KeyDigest presented, DateTimeOffset? now)
    {
        var isAmong = false;
        foreach (var key in keys)
        {
            isAmong |= key.Digest.Equals(presented) & (now is null || key.IsActive(now.Value));
        }

        return isAmong;
    }

    private sealed record Loaded(AcceptedKey[] Keys, long At);
}

/// <summary>What the key ring says of a key.</summary>
internal enum KeyCheck
{
    /// <summary>The keys are not loaded yet, or there are none to load, so nobody can say whether this one is good.</summary>
    Unavailable,

    Rejected,

    Accepted,
}

/// <summary>A key that opens this server, and when.</summary>
/// <param name="Digest">The key.</param>
/// <param name="From">From when on it does; null: always did.</param>
/// <param name="Until">When it ends; null: never.</param>
/// <param name="Name">What the operator calls it; null: nothing.</param>
internal readonly record struct AcceptedKey(KeyDigest Digest, DateTimeOffset? From = null, DateTimeOffset? Until = null, string? Name = null)
{
    public bool IsActive(DateTimeOffset now) => !(now < From) && !(now >= Until);
}

/// <summary>A key, and what the operator calls it.</summary>
/// <param name="Digest">The key.</param>
/// <param name="Name">Its name; null where it has none. Several keys may have one, as while they are rotated.</param>
internal readonly record struct KnownKey(KeyDigest Digest, string? Name)
{
    /// <summary>What logs call it: by its name, else by its digits.</summary>
    public string Label => Name ?? Digest.Name;

    /// <summary>The same where keys of one name must be told apart.</summary>
    public string FullLabel => Name is null ? Digest.Name : $"{Name} ({Digest.Name})";
}

/// <summary>
/// A key as it is kept: its SHA-256 digest. The key itself is never stored, and digests have one length,
/// so that comparing them in constant time tells nothing about the length of a key either.
/// </summary>
internal readonly struct KeyDigest : IEquatable<KeyDigest>
{
    /// <summary>The length of <see cref="Name"/>.</summary>
    public const int NameLength = 8;

    private const int MaxStackBytes = 512;

    private readonly byte[] _digest;

    private KeyDigest(byte[] digest) => _digest = digest;

    /// <summary>What a log may call the key: the first 8 hex digits of its digest.</summary>
    public string Name => Convert.ToHexStringLower(_digest.AsSpan(0, NameLength / 2));

    /// <summary>All of it.</summary>
    public string Text => Convert.ToHexStringLower(_digest);

    public static KeyDigest Of(ReadOnlySpan<char> key)
    {
        var length = Encoding.UTF8.GetMaxByteCount(key.Length);
        var bytes = length <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[length];
        return new KeyDigest(SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(key, bytes)]));
    }

    public bool Equals(KeyDigest other) => CryptographicOperations.FixedTimeEquals(_digest, other._digest);

    public override bool Equals(object? obj) => obj is KeyDigest other && Equals(other);

    public override int GetHashCode() => BitConverter.ToInt32(_digest);
}
