using Azure.Core;

namespace Switchboard.Responders;

/// <summary>
/// Tokens of an Entra ID identity, each used until it is due for a new one. Not every credential keeps its tokens, and a call
/// cannot wait for one at every turn.
/// </summary>
internal sealed class EntraBearer(TokenCredential credential, string scope, TimeProvider time) : IDisposable
{
    // Entra ID tokens last an hour or more; a credential that says when to renew is followed instead.
    private static readonly TimeSpan RenewBeforeExpiry = TimeSpan.FromMinutes(5);

    private readonly TokenRequestContext _request = new([scope]);
    private readonly SemaphoreSlim _renewing = new(1);
    private volatile Held? _held;

    public async ValueTask<string?> GetAsync(CancellationToken cancellationToken)
    {
        if (_held is { } held && !IsDue(held))
        {
            return held.Token;
        }

        await _renewing.WaitAsync(cancellationToken);
        try
        {
            return _held is { } renewed && !IsDue(renewed) ? renewed.Token : await RenewAsync(cancellationToken);
        }
        finally
        {
            _renewing.Release();
        }
    }

    public void Dispose() => _renewing.Dispose();

    private async Task<string> RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            var token = await credential.GetTokenAsync(_request, cancellationToken);
            _held = new Held(token.Token, token.RefreshOn ?? token.ExpiresOn - RenewBeforeExpiry, token.ExpiresOn);
            return token.Token;
        }
        catch (Exception fault) when (fault is not OperationCanceledException && _held is { } held && time.GetUtcNow() < held.ExpiresOn)
        {
            // The old token still opens the door; the next request tries again.
            return _held.Token;
        }
    }

    private bool IsDue(Held held) => time.GetUtcNow() >= held.RenewAt;

    private sealed record Held(string Token, DateTimeOffset RenewAt, DateTimeOffset ExpiresOn);
}
