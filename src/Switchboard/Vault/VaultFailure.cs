using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Azure;
using Azure.Identity;
using Microsoft.AspNetCore.WebUtilities;

namespace Switchboard.Vault;

/// <summary>Why the key vault could not be read, in the operator's words: never the vault's, whose text may quote anything.</summary>
/// <param name="Reason">What went wrong and what to do about it.</param>
/// <param name="RetryAfter">The time that the vault asked to be left alone for; null when it did not.</param>
internal sealed record VaultFailure(string Reason, TimeSpan? RetryAfter = null)
{
    public static VaultFailure From(Exception exception, TimeProvider time) => exception switch
    {
        // The Azure SDK gathers the attempts of one request; the last one tells the present.
        AggregateException { InnerExceptions: [.., var last] } => From(last, time),
        OperationCanceledException => new("neither the key vault nor this app's identity answered in time"),
        CredentialUnavailableException => new("this app has no identity to read the key vault with: assign a managed identity, or sign in to the Azure tools on a developer's machine"),
        AuthenticationFailedException => new("this app's identity got no token: check that the managed identity is assigned, and Access:KeyVault:ClientId"),
        RequestFailedException { Status: 0, InnerException: HttpRequestException cause } => new(Unreachable(cause)),
        RequestFailedException { Status: > 0 } answer => new($"the key vault answered {answer.Status} {ReasonPhrases.GetReasonPhrase(answer.Status)}{Advice(answer)}", Wait(answer, time)),
        HttpRequestException cause => new(Unreachable(cause)),
        IOException or RequestFailedException => new("the key vault's answer broke off"),
        UnusableSecretException => new("its newest version cannot be sent as a key: it has line breaks or characters other than printable ASCII"),
        // Malformed JSON, or a challenge for another host's token, which the SDK refuses to answer.
        InvalidDataException => new("what answered is not a key vault, or not this one: check Access:KeyVault:Uri"),
        _ => new("this app failed to read it, and its log says where"),
    };

    /// <summary>Whether <paramref name="exception"/> is a failure of neither the vault nor the identity nor the way there.</summary>
    public static bool IsOfThisApp(Exception exception) => exception is not (AggregateException or OperationCanceledException
        or AuthenticationFailedException or RequestFailedException or HttpRequestException or IOException or UnusableSecretException or InvalidDataException);

    private static string Unreachable(HttpRequestException cause) => cause.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "the key vault's name is not known: check Access:KeyVault:Uri and the network's DNS",
        HttpRequestError.SecureConnectionError => "the key vault's certificate is not trusted",
        HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse => "the key vault's answer broke off",
        HttpRequestError.Unknown when cause.InnerException is IOException => "the key vault's answer broke off",
        _ => "the key vault cannot be reached: check the network",
    };

    /// <remarks>https://learn.microsoft.com/azure/key-vault/general/rest-error-codes</remarks>
    private static string Advice(RequestFailedException answer) => (HttpStatusCode)answer.Status switch
    {
        HttpStatusCode.Unauthorized => ": it does not trust the tenant that this app's identity belongs to",
        HttpStatusCode.Forbidden when InnerCode(answer) is "ForbiddenByFirewall" or "ForbiddenByConnection" => ": allow this app's network in the vault's firewall, or use a private endpoint",
        HttpStatusCode.Forbidden => ": give this app's identity the role Key Vault Secrets User",
        HttpStatusCode.NotFound => ": check Access:KeyVault:Uri",
        HttpStatusCode.TooManyRequests => ": it gets too many requests, perhaps from others that share it",
        _ => "",
    };

    private static string? InnerCode(RequestFailedException answer)
    {
        try
        {
            using var body = JsonDocument.Parse(answer.GetRawResponse()?.Content.ToMemory() ?? default);
            return body.RootElement.GetProperty("error").GetProperty("innererror").GetProperty("code").GetString();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Not every 403 comes from the vault itself; without the code the general advice stands.
            return null;
        }
    }

    private static TimeSpan? Wait(RequestFailedException answer, TimeProvider time) =>
        answer.GetRawResponse() is { } response && response.Headers.TryGetValue("Retry-After", out var text)
        && RetryConditionHeaderValue.TryParse(text, out var wait)
            ? wait.Delta ?? wait.Date - time.GetUtcNow()
            : null;
}
