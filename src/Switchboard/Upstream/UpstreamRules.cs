using System.Buffers;
using System.Text.Json;
using Switchboard.Common;

namespace Switchboard.Upstream;

/// <summary>What attributes cannot say of the upstreams of a model.</summary>
internal static class UpstreamRules
{
    // https://datatracker.ietf.org/doc/html/rfc9110#section-5.6.2
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // They belong to the connection, to the body or to how the answer is read.
    private static readonly string[] HeadersOfOurs =
        ["Accept", "Accept-Encoding", "Connection", "Expect", "Host", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade"];

    // What the answer, or its reading, stands on: it has other settings, or none.
    private static readonly string[] NeverInBody = ["messages", "model", "n", "stream", "tools"];

    private static readonly string[] NeverOmitted = ["messages", "model", "stream"];

    /// <summary>What is wrong, each failure beginning with the name of its setting.</summary>
    public static IEnumerable<string> Failures(IEnumerable<UpstreamOptions> upstreams, bool hasVault) => upstreams.SelectMany((upstream, index) =>
        AddressFailures(upstream)
            .Concat(CredentialFailures(upstream, hasVault))
            .Concat(HeaderFailures(upstream, hasVault))
            .Concat(FieldFailures(upstream))
            .Concat(PriceFailures(upstream.Price))
            .Select(failure => $"Upstreams:{index}:{failure}"));

    private static IEnumerable<string> AddressFailures(UpstreamOptions upstream)
    {
        if (upstream.BaseUrl is not { } url)
        {
            yield break;
        }

        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https"))
        {
            yield return $"BaseUrl: expected an absolute http or https URL{SettingText.FoundUrl(url.OriginalString)}{SettingText.MeantUrl(url.OriginalString)}";
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

    private static IEnumerable<string> CredentialFailures(UpstreamOptions upstream, bool hasVault)
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
            yield return "ApiKeySecret: there is no Key Vault to read it from; name one (Access:KeyVault:Uri), or on a machine without one give the key itself, as ApiKey, in the environment or local.settings.json.";
        }
    }

    private static IEnumerable<string> HeaderFailures(UpstreamOptions upstream, bool hasVault)
    {
        var hasKey = upstream is { ApiKey.Length: > 0 } or { ApiKeySecret.Length: > 0 } or { Credential: not null };
        return upstream.Headers.SelectMany((header, index) =>
            NameFailures(upstream, index, hasKey).Concat(ValueFailures(header, hasVault)).Select(failure => $"Headers:{index}:{failure}"));
    }

    private static IEnumerable<string> NameFailures(UpstreamOptions upstream, int index, bool hasKey)
    {
        var name = upstream.Headers[index].Name;
        if (name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            yield return "Name: a header's name is made of letters, digits and some signs, without spaces.";
        }
        else if (HeadersOfOurs.Contains(name, StringComparer.OrdinalIgnoreCase)
            || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase))
        {
            yield return "Name: this header is not the settings' to set.";
        }
        else if (hasKey && name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
        {
            yield return "Name: Authorization holds the key already; leave out one of both.";
        }

        if (upstream.Headers.Take(index).Any(other => other.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            yield return "Name: another header has this name.";
        }
    }

    private static IEnumerable<string> ValueFailures(UpstreamHeader header, bool hasVault)
    {
        if (header is { Value.Length: > 0 } == header is { Secret.Length: > 0 })
        {
            yield return "Value: set one of Value and Secret.";
        }

        if (!AsciiText.IsPrintable(header.Value) || header.Value?.Trim() != header.Value)
        {
            yield return "Value: a header's value is made of printable ASCII characters, without spaces around it.";
        }

        if (header.Secret is { Length: > 0 } && !hasVault)
        {
            yield return "Secret: there is no Key Vault to read it from.";
        }
    }

    private static IEnumerable<string> FieldFailures(UpstreamOptions upstream)
    {
        if (upstream.Body is { Length: > 0 } body)
        {
            foreach (var failure in BodyFailures(body))
            {
                yield return $"Body: {failure}";
            }
        }

        for (var index = 0; index < upstream.Omit.Count; index++)
        {
            if (string.IsNullOrWhiteSpace(upstream.Omit[index]) || NeverOmitted.Contains(upstream.Omit[index]))
            {
                yield return $"Omit:{index}: expected the name of a field other than {string.Join(", ", NeverOmitted)}.";
            }
        }

        for (var index = 0; index < upstream.Forward.Count; index++)
        {
            if (!UpstreamShapes.Callers.Contains(upstream.Forward[index]))
            {
                yield return $"Forward:{index}: expected one of {string.Join(", ", UpstreamShapes.Callers.Order(StringComparer.Ordinal))}{SettingText.Found(upstream.Forward[index])}{SettingText.DidYouMean(upstream.Forward[index], UpstreamShapes.Callers)}";
            }
        }
    }

    private static IEnumerable<string> PriceFailures(PriceOptions price)
    {
        // A tenth of it is more than any service takes for a million tokens; so sums of exact numbers stay exact.
        const decimal Most = 1_000_000m;
        var prices = new[] { (nameof(price.Prompt), price.Prompt), (nameof(price.Cached), price.Cached), (nameof(price.Completion), price.Completion) };
        foreach (var (name, _) in prices.Where(each => each.Item2 is < 0 or > Most || each.Item2?.Scale > 9))
        {
            yield return $"Price:{name}: expected 0 to {Most:0} for a million tokens, with at most 9 places after the point.";
        }

        if (prices.Any(each => each.Item2 is not null))
        {
            foreach (var name in prices.Where(each => each.Item2 is null && each.Item1 != nameof(price.Cached)).Select(each => each.Item1))
            {
                yield return $"Price:{name}: this is missing, and without it no answer has a cost; set 0 for what is free.";
            }
        }
    }

    private static string[] BodyFailures(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return json.RootElement.ValueKind is JsonValueKind.Object
                ? [.. json.RootElement.EnumerateObject().Where(field => NeverInBody.Contains(field.Name)).Select(field => $"the field {field.Name} may not be set here.")]
                : ["expected a JSON object."];
        }
        catch (JsonException failure)
        {
            // Where, but not what: it may hold a key.
            return failure is { LineNumber: { } line, BytePositionInLine: { } position }
                ? [$"expected a JSON object; it is no JSON at line {line + 1}, byte {position + 1}."]
                : ["expected a JSON object in which no name appears twice."];
        }
    }
}
