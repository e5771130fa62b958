using System.Security.Cryptography;
using System.Text;

namespace Switchboard.Keys;

/// <summary>
/// A key as it is kept: its SHA-256 digest. The key itself is never stored, and digests have one length,
/// so that comparing them in constant time tells nothing about the length of a key either.
/// </summary>
internal readonly struct KeyDigest : IEquatable<KeyDigest>
{
    private const int MaxStackBytes = 512;

    private readonly byte[] _digest;

    private KeyDigest(byte[] digest) => _digest = digest;

    /// <summary>What a log may call the key: the first 8 hex digits of its digest.</summary>
    public string Name => Convert.ToHexStringLower(_digest.AsSpan(0, 4));

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
