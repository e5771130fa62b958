using Microsoft.Extensions.Options;
using Switchboard.Settings;

namespace Switchboard.Keys;

/// <summary>Checks that a configured key cannot be guessed and can arrive in a header, and that a vault is asked over TLS.</summary>
internal sealed class AccessRules : IValidateOptions<SwitchboardOptions>
{
    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        var access = options.Access;
        List<string> faults = [.. Faults(access.ApiKeys, "Access:ApiKeys"), .. Faults(access.OperatorKeys, "Access:OperatorKeys")];
        faults.AddRange(access.OperatorKeys
            .Select((key, index) => (key, index))
            .Where(entry => access.ApiKeys.Contains(entry.key))
            .Select(entry => $"Access:OperatorKeys:{entry.index}: this key is one of Access:ApiKeys too, and the platform's key must not open the transcripts."));
        // A vault's names know no case.
        if (string.Equals(access.KeyVault.OperatorSecretName, access.KeyVault.SecretName, StringComparison.OrdinalIgnoreCase))
        {
            faults.Add("Access:KeyVault:OperatorSecretName: this is Access:KeyVault:SecretName too, and the platform's key must not open the transcripts.");
        }

        if (access.KeyVault.Uri is { } vault && !(vault.IsAbsoluteUri && vault.Scheme == Uri.UriSchemeHttps && vault.PathAndQuery == "/"))
        {
            faults.Add("Access:KeyVault:Uri: expected an https URI without a path, such as https://my-vault.vault.azure.net/.");
        }

        if (access.KeyVault.LongestOutage < access.KeyVault.RefreshInterval)
        {
            faults.Add("Access:KeyVault:LongestOutage: this is less than Access:KeyVault:RefreshInterval, so the keys would count for a while only.");
        }

        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Faults(IEnumerable<string> keys, string setting) => keys
        .Select((key, index) => (key, index))
        .Where(entry => !KeyText.IsKey(entry.key))
        .Select(entry => $"{setting}:{entry.index}: {KeyText.Rule}.");
}
