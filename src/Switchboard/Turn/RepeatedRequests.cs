using System.Globalization;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;
using Switchboard.Keys;

namespace Switchboard.Turn;

/// <summary>Reads what tells that a request was sent before.</summary>
internal static class RepeatedRequests
{
    // https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ and, where a client has none, what it calls the request in its log.
    private static readonly string[] Keys = ["Idempotency-Key", "X-Request-Id"];

    // https://github.com/openai/openai-python, _base_client.py: 0 at first, and one more each time that it tries again.
    private const string RetryCount = "x-stainless-retry-count";

    public static RequestOrigin OriginOf(HttpRequest request, KeyDigest key) => new(
        key.Text,
        Keys.Select(name => request.Headers[name].ToString()).FirstOrDefault(value => value.Length > 0),
        int.TryParse(request.Headers[RetryCount].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0);
}
