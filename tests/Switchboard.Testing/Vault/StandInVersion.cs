namespace Switchboard.Testing;

/// <summary>One version of a secret in <see cref="StandInVault"/>.</summary>
internal sealed record StandInVersion(string Secret, string Id, string Value)
{
    public bool Enabled { get; init; } = true;

    public DateTimeOffset Created { get; init; } = DateTimeOffset.UnixEpoch;

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? Expires { get; init; }
}
