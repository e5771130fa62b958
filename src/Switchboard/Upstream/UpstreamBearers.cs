using System.Collections.Concurrent;
using Azure.Core;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Vault;

namespace Switchboard.Upstream;

/// <summary>Makes the source of an upstream's key or token.</summary>
/// <param name="credential">The identity of this app; asked for only where an upstream wants it.</param>
/// <param name="secrets">Where secrets are; null when no Key Vault is configured.</param>
/// <param name="ended">Told of secrets that are needed no more; null when no Key Vault is configured.</param>
/// <param name="time">Renews tokens.</param>
/// <param name="logger">Told of a token that could not be renewed.</param>
internal sealed class UpstreamBearers(Lazy<TokenCredential> credential, SecretSource? secrets, SecretEnd? ended, TimeProvider time, ILogger<UpstreamBearers> logger)
{
    // One for each scope, whoever asks: what the warm-up got is what the turns send.
    private readonly ConcurrentDictionary<string, EntraBearer> _tokens = new(StringComparer.Ordinal);

    public BearerSource Of(UpstreamOptions options)
    {
        if (options.Credential is UpstreamCredential.Entra)
        {
            return _tokens.GetOrAdd(options.CredentialScope, scope => new EntraBearer(credential.Value, scope, time, logger)).GetAsync;
        }

        return SecretBearer.Of(options.ApiKey, options.ApiKeySecret, secrets);
    }

    /// <summary>The sources of the headers that an upstream gets beside.</summary>
    public IReadOnlyList<KeyValuePair<string, BearerSource>> HeadersOf(UpstreamOptions options) =>
        [.. options.Headers.Select(header => KeyValuePair.Create(header.Name, SecretBearer.Of(header.Value, header.Secret, secrets)))];

    /// <summary>One who has asked for both needs them no more.</summary>
    public void Remove(UpstreamOptions options)
    {
        foreach (var secret in options.Headers.Select(header => header.Secret).Prepend(options.ApiKeySecret))
        {
            SecretBearer.End(secret, ended);
        }
    }
}

/// <summary>
/// Tokens of an Entra ID identity, each used until a newer one is there. Not every credential keeps its tokens, and a caller cannot wait
/// for one: while the token at hand is good it is handed out, and renewed beside.
/// </summary>
internal sealed class EntraBearer(TokenCredential credential, string scope, TimeProvider time, ILogger logger)
{
    // Entra ID tokens last an hour or more; a credential that says when to renew is followed instead.
    private static readonly TimeSpan RenewBeforeExpiry = TimeSpan.FromMinutes(5);

    // Between two renewals beside: an identity that fails is not to be asked by every turn.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly TokenRequestContext _request = new([scope]);
    private readonly Lock _gate = new();
    private volatile Held? _held;
    private Task<string>? _renewal;
    private DateTimeOffset _nextBeside;

    public ValueTask<string?> GetAsync(CancellationToken cancellationToken)
    {
        var seen = _held;
        var now = time.GetUtcNow();
        if (seen is not null && now < seen.ExpiresOn)
        {
            if (now >= seen.RenewAt)
            {
                RenewBeside(seen, now);
            }

            return new(seen.Token);
        }

        return WaitAsync(seen, cancellationToken);
    }

    private async ValueTask<string?> WaitAsync(Held? seen, CancellationToken cancellationToken) => await Renewal(seen).WaitAsync(cancellationToken);

    private void RenewBeside(Held held, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_renewal is null && now >= _nextBeside)
            {
                _nextBeside = now + Pause;
                _ = ReportAsync(Renewal(held), held.ExpiresOn);
            }
        }
    }

    private async Task ReportAsync(Task renewal, DateTimeOffset expiresOn)
    {
        try
        {
            await renewal;
        }
        catch (Exception failure)
        {
            var described = FailureText.Describe(failure);
            UpstreamLog.NotRenewed(logger, scope, described, expiresOn);
        }
    }

    // One for all who wait, and none for who has seen a token that was renewed meanwhile.
    private Task<string> Renewal(Held? seen)
    {
        lock (_gate)
        {
            return _renewal is null && _held is { } held && !ReferenceEquals(held, seen) ? Task.FromResult(held.Token) : _renewal ??= Task.Run(RenewAsync);
        }
    }

    private async Task<string> RenewAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(AppIdentity.TokenTimeout, time);
            // Left behind when it does not heed its token: one that hangs must end for the next one to come.
            var token = await credential.GetTokenAsync(_request, timeout.Token).AsTask().WaitAsync(timeout.Token);
            _held = new Held(token.Token, token.RefreshOn ?? token.ExpiresOn - RenewBeforeExpiry, token.ExpiresOn);
            return token.Token;
        }
        finally
        {
            lock (_gate)
            {
                _renewal = null;
            }
        }
    }

    private sealed record Held(string Token, DateTimeOffset RenewAt, DateTimeOffset ExpiresOn);
}
