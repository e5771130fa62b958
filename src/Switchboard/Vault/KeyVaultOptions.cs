using System.ComponentModel.DataAnnotations;

namespace Switchboard.Vault;

/// <summary>Keys from Azure Key Vault: the section <c>Access:KeyVault</c>.</summary>
public sealed class KeyVaultOptions
{
    /// <summary>The vault, such as <c>https://my-vault.vault.azure.net/</c>. None by default: then no vault is asked.</summary>
    public Uri? Uri { get; set; }

    /// <summary>
    /// The secret whose versions hold the API keys, one key a line. Default <c>chat-completions-api-key</c>.
    /// Every version counts that is enabled, active and not expired.
    /// </summary>
    /// <remarks>https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers</remarks>
    [Required]
    [RegularExpression("[0-9A-Za-z-]{1,127}", ErrorMessage = "Access:KeyVault:SecretName: expected 1 to 127 letters, digits and hyphens.")]
    public string SecretName { get; set; } = "chat-completions-api-key";

    /// <summary>
    /// The secret whose versions hold the keys that open the transcripts. Default <c>operator-api-key</c>. It is read only where
    /// transcripts are kept, and may be missing.
    /// </summary>
    [Required]
    [RegularExpression("[0-9A-Za-z-]{1,127}", ErrorMessage = "Access:KeyVault:OperatorSecretName: expected 1 to 127 letters, digits and hyphens.")]
    public string OperatorSecretName { get; set; } = "operator-api-key";

    /// <summary>
    /// The secret whose versions hold the tokens that IMS sends with its callbacks. Default <c>ims-callback-token</c>. It is read from the
    /// first callback on, and may be missing: then every callback is refused.
    /// </summary>
    [Required]
    [RegularExpression("[0-9A-Za-z-]{1,127}", ErrorMessage = "Access:KeyVault:CallbackSecretName: expected 1 to 127 letters, digits and hyphens.")]
    public string CallbackSecretName { get; set; } = "ims-callback-token";

    /// <summary>The time from one refresh to the next: a disabled key stops working within it. Default 00:05:00.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long the keys of the vault stay in force while it cannot be read. Then they let nobody in until it can: a key that was disabled
    /// meanwhile must not work for ever. Default 12:00:00.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan LongestOutage { get; set; } = TimeSpan.FromHours(12);

    /// <summary>
    /// The client id of the user-assigned managed identity that reads the vault. Default: the environment variable
    /// <c>AZURE_CLIENT_ID</c>, else the system-assigned identity, else whoever is signed in to the Azure tools of this machine.
    /// </summary>
    [RegularExpression(AppIdentity.ClientIdPattern, ErrorMessage = "Access:KeyVault:ClientId: expected a client id, which is a GUID.")]
    public string? ClientId { get; set; }
}
