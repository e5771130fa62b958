using System.Collections.Concurrent;
using Azure.Core;
using Microsoft.Extensions.Logging;
using Switchboard.Vault;

namespace Switchboard.Upstream;

/// <summary>Makes the source of an upstream's key or token.</summary>
/// <param name="credential">The identity of this app; asked for only where an upstream wants it.</param>
/// <param name="secrets">Where secrets are; null when no Key Vault is configured.</param>
/// <param name="time">Renews tokens.</param>
/// <param name="logger">Told of a token that could not be renewed.</param>
internal sealed class UpstreamBearers(Lazy<TokenCredential> credential, SecretSource? secrets, TimeProvider time, ILogger<UpstreamBearers> logger)
{
    // One for each scope, whoever asks: what the warm-up got is what the turns send.
    private readonly ConcurrentDictionary<string, EntraBearer> _tokens = new(StringComparer.Ordinal);

    public BearerSource Of(UpstreamOptions options)
    {
        if (options.Credential is UpstreamCredential.Entra)
        {
            return _tokens.GetOrAdd(options.CredentialScope, scope => new EntraBearer(credential.Value, scope, time, logger)).GetAsync;
        }

        if (options.ApiKeySecret is { Length: > 0 } name)
        {
            var source = secrets ?? throw new InvalidOperationException($"'{name}' is the name of a secret, and there is no Key Vault.");
            return source(name);
        }

        return options.ApiKey is { Length: > 0 } key ? _ => ValueTask.FromResult<string?>(key) : _ => ValueTask.FromResult<string?>(null);
    }
}
