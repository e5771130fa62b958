using Microsoft.Extensions.Options;
using Switchboard.Common;
using Switchboard.Hosting;
using Switchboard.Upstream;

namespace Switchboard.Models;

/// <summary>Checks the upstreams of the models that are answered by them.</summary>
internal sealed class UpstreamRules : IValidateOptions<SwitchboardOptions>
{
    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        var faults = options.Models.SelectMany((model, index) => Faults(model, options.HasVault, $"Models:{index}:Upstreams")).ToList();
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Faults(ModelOptions model, bool hasVault, string path)
    {
        if (model.Responder == UpstreamChatClient.Name && model.Upstreams.Count == 0)
        {
            yield return $"{path}: the responder 'upstream' needs at least one upstream ({path}:0:BaseUrl).";
        }

        for (var index = 0; index < model.Upstreams.Count; index++)
        {
            foreach (var fault in AddressFaults(model.Upstreams[index]).Concat(CredentialFaults(model.Upstreams[index], hasVault)))
            {
                yield return $"{path}:{index}:{fault}";
            }
        }
    }

    private static IEnumerable<string> AddressFaults(UpstreamOptions upstream)
    {
        if (upstream.BaseUrl is not { } url)
        {
            yield break;
        }

        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https"))
        {
            yield return "BaseUrl: expected an absolute http or https URL.";
        }
        else if (url.AbsolutePath.TrimEnd('/').EndsWith("/chat/completions", StringComparison.OrdinalIgnoreCase))
        {
            yield return "BaseUrl: leave out /chat/completions, which is appended.";
        }
        else if (url.UserInfo.Length > 0)
        {
            yield return "BaseUrl: a URL must hold no password; use ApiKey or ApiKeySecret.";
        }
    }

    private static IEnumerable<string> CredentialFaults(UpstreamOptions upstream, bool hasVault)
    {
        var kinds = new[] { upstream.ApiKey is { Length: > 0 }, upstream.ApiKeySecret is { Length: > 0 }, upstream.Credential is not null };
        if (kinds.Count(isSet => isSet) > 1)
        {
            yield return "ApiKey: set only one of ApiKey, ApiKeySecret and Credential.";
        }

        if (upstream.ApiKey is { } key && !AsciiText.IsPrintableWithoutSpaces(key))
        {
            yield return "ApiKey: a key is made of printable ASCII characters without spaces.";
        }

        if (upstream.ApiKeySecret is { Length: > 0 } && !hasVault)
        {
            yield return "ApiKeySecret: there is no Key Vault to read it from.";
        }
    }
}
