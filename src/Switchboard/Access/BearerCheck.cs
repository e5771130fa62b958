using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Switchboard.Wire;

namespace Switchboard.Access;

/// <summary>Lets a request in that carries a good key: <c>Authorization: Bearer …</c>, or <c>api-key: …</c> as Azure OpenAI's clients send it.</summary>
/// <remarks>https://datatracker.ietf.org/doc/html/rfc6750#section-2.1</remarks>
internal sealed class BearerCheck(KeyRing keys)
{
    private const string Scheme = "Bearer ";

    /// <exception cref="ApiException">401 for a missing or wrong key; 503 while no keys are loaded.</exception>
    public void Demand(HttpRequest request)
    {
        var verdict = Presented(request.Headers) is { } key ? keys.Check(key)
            : keys.IsLoaded ? KeyCheck.Rejected : KeyCheck.Unavailable;
        if (verdict is KeyCheck.Unavailable)
        {
            throw ApiException.AccessUnavailable("No API keys are loaded, so no request can be let in.", TimeSpan.FromSeconds(10));
        }

        if (verdict is KeyCheck.Rejected)
        {
            throw ApiException.InvalidApiKey("The API key is missing or wrong. Send it as 'Authorization: Bearer <key>'.");
        }
    }

    private static string? Presented(IHeaderDictionary headers) =>
        One(headers[HeaderNames.Authorization]) is { } authorization && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization[Scheme.Length..].Trim()
            : One(headers["api-key"]);

    // A header sent twice is not a key: two readers of one request could take a different one of them.
    private static string? One(StringValues values) => values is [{ Length: > 0 } value] ? value : null;
}
