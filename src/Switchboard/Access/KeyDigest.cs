using System.Security.Cryptography;
using System.Text;

namespace Switchboard.Access;

/// <summary>
/// A key as it is kept: its SHA-256 digest. The key itself is never stored, and digests have one length,
/// so that comparing them in constant time tells nothing about the length of a key either.
/// </summary>
internal readonly struct KeyDigest
{
    private readonly byte[] _digest;

    private KeyDigest(byte[] digest) => _digest = digest;

    /// <summary>What a log may call the key: the first 8 hex digits of its digest.</summary>
    public string Name => Convert.ToHexStringLower(_digest.AsSpan(0, 4));

    public static KeyDigest Of(string key) => new(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public bool Matches(KeyDigest other) => CryptographicOperations.FixedTimeEquals(_digest, other._digest);
}
