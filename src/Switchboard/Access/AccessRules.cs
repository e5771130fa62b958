using Microsoft.Extensions.Options;
using Switchboard.Settings;

namespace Switchboard.Access;

/// <summary>Checks that a configured key can arrive in a header at all, and that a vault is asked over TLS.</summary>
internal sealed class AccessRules : IValidateOptions<SwitchboardOptions>
{
    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        var faults = options.Access.ApiKeys
            .Select((key, index) => (key, index))
            .Where(entry => !KeyText.IsKey(entry.key))
            .Select(entry => $"Access:ApiKeys:{entry.index}: a key is one or more printable ASCII characters without spaces.")
            .ToList();
        if (options.Access.KeyVault.Uri is { } vault && !(vault.IsAbsoluteUri && vault.Scheme == Uri.UriSchemeHttps && vault.PathAndQuery == "/"))
        {
            faults.Add("Access:KeyVault:Uri: expected an https URI without a path, such as https://my-vault.vault.azure.net/.");
        }

        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
