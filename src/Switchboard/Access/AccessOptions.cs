using Microsoft.Extensions.Options;

namespace Switchboard.Access;

/// <summary>
/// Who may ask: the section <c>Access</c>. Keys in configuration and in the key vault both count.
/// With neither source every request is refused.
/// </summary>
public sealed class AccessOptions
{
    /// <summary>API keys in configuration, for local runs. None by default.</summary>
    public IList<string> ApiKeys { get; } = [];

    /// <summary>The key vault that holds the API keys. None by default.</summary>
    [ValidateObjectMembers]
    public KeyVaultOptions KeyVault { get; set; } = new();
}
