namespace Switchboard.Keys;

/// <summary>A key that opens this server, and when.</summary>
/// <param name="Digest">The key.</param>
/// <param name="From">From when on it does; null: always did.</param>
/// <param name="Until">When it ends; null: never.</param>
internal readonly record struct AcceptedKey(KeyDigest Digest, DateTimeOffset? From = null, DateTimeOffset? Until = null)
{
    public bool IsActive(DateTimeOffset now) => !(now < From) && !(now >= Until);
}
