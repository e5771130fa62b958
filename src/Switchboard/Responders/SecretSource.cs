namespace Switchboard.Responders;

/// <summary>Gives the value of a Key Vault secret; asked at every request, so it keeps what it has read. A service of this type makes <see cref="UpstreamOptions.ApiKeySecret"/> usable.</summary>
internal delegate ValueTask<string> SecretSource(string name, CancellationToken cancellationToken);
