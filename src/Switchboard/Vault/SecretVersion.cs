namespace Switchboard.Vault;

/// <summary>A version of a secret that is enabled and not expired.</summary>
/// <param name="Id">Its id; a version's value never changes.</param>
/// <param name="Created">When it was added.</param>
/// <param name="From">From when on it counts; null: at once.</param>
/// <param name="Until">When it expires; null: never.</param>
internal sealed record SecretVersion(string Id, DateTimeOffset Created, DateTimeOffset? From, DateTimeOffset? Until);
