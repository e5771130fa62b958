namespace Switchboard.Upstream;

/// <summary>
/// Has a Key Vault secret kept current, and gives what reads its value at each request without asking the vault. To be called while
/// the models are built. A service of this type makes <see cref="UpstreamOptions.ApiKeySecret"/> usable.
/// </summary>
internal delegate BearerSource SecretSource(string name);
