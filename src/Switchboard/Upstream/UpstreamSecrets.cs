using System.Net.Http.Headers;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Vault;

namespace Switchboard.Upstream;

/// <summary>What one request shows of us: the key or token, and the headers of the settings. None of it is told on.</summary>
internal sealed class UpstreamSecrets
{
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly KeyValuePair<string, string>[] _headers;

    private UpstreamSecrets(string? token, KeyValuePair<string, string>[] headers)
    {
        _authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        _headers = headers;
    }

    /// <summary>Gets all values as they are now.</summary>
    /// <exception cref="UnsendableSecretException">One is nothing that a header carries; it must not get into the message of the exception that says so.</exception>
    public static async ValueTask<UpstreamSecrets> GetAsync(
        BearerSource bearer, IReadOnlyList<KeyValuePair<string, BearerSource>> headers, CancellationToken cancellationToken)
    {
        var token = await bearer(cancellationToken);
        if (token is not null && !AsciiText.IsPrintableWithoutSpaces(token))
        {
            throw new UnsendableSecretException();
        }

        var values = headers.Count == 0 ? [] : new KeyValuePair<string, string>[headers.Count];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = KeyValuePair.Create(
                headers[index].Key,
                await headers[index].Value(cancellationToken) is { Length: > 0 } value && AsciiText.IsPrintable(value) ? value : throw new UnsendableSecretException());
        }

        return new UpstreamSecrets(token, values);
    }

    public void AddTo(HttpRequestHeaders request)
    {
        request.Authorization = _authorization;
        foreach (var (name, value) in _headers)
        {
            // The names were checked. As they are: what the client knows of a header's form is not the service's.
            request.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>A report without what is part of any of the values, or has one in it.</summary>
    public ErrorReport Without(ErrorReport report) =>
        _headers.Aggregate(report.Without(_authorization?.Parameter), (rest, header) => rest.Without(header.Value));
}

/// <summary>A key, a token or a header's value holds characters that no header carries.</summary>
internal sealed class UnsendableSecretException : Exception;
