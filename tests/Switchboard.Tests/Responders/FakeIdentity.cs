using Azure.Core;

namespace Switchboard.Tests.Responders;

/// <summary>An identity whose tokens are numbered.</summary>
internal sealed class FakeIdentity(TimeProvider time) : TokenCredential
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public List<string> Asked { get; } = [];

    public bool Fails { get; set; }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (Fails)
        {
            throw new InvalidOperationException("No identity here.");
        }

        Asked.Add(string.Join(' ', requestContext.Scopes));
        return new AccessToken($"token-{Asked.Count}", time.GetUtcNow() + Lifetime);
    }
}
