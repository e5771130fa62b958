using Microsoft.Extensions.Options;
using Switchboard.Vault;

namespace Switchboard.Keys;

/// <summary>
/// Who may ask: the section <c>Access</c>. Keys in configuration and in the key vault both count.
/// With neither source every request is refused.
/// </summary>
public sealed class AccessOptions
{
    /// <summary>API keys in configuration, for local runs. None by default.</summary>
    public IList<string> ApiKeys { get; } = [];

    /// <summary>
    /// Keys that open the transcripts, for local runs. None by default. A key of <see cref="ApiKeys"/> does not open them, and one of
    /// these opens nothing else.
    /// </summary>
    public IList<string> OperatorKeys { get; } = [];

    /// <summary>
    /// Whether the Functions host demands a function key too (<c>code</c> in the address, or the header <c>x-functions-key</c>) before it reads a request.
    /// Default false. Heeded by the Functions app alone, on all routes but those of health.
    /// </summary>
    public bool RequireFunctionKey { get; set; }

    /// <summary>The key vault that holds the API keys. None by default.</summary>
    [ValidateObjectMembers]
    public KeyVaultOptions KeyVault { get; set; } = new();
}
