using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Switchboard.Contract;
using Switchboard.Keys;

namespace Switchboard.Http;

/// <summary>Lets pages of the origins in the settings ask the routes of platforms: D-ID's studio asks for the models from a browser. Without any such setting nothing is said of origins.</summary>
/// <remarks>https://fetch.spec.whatwg.org/#http-cors-protocol</remarks>
internal sealed class CrossOrigin(AccessOptions access)
{
    // A browser asks again after so many seconds.
    private const string MaxAge = "600";

    // What is asked for beside these.
    private const int MostFurther = 32;

    // Those that carry keys, and those of OpenAI's clients: openai/openai-node, src/internal/detect-platform.ts and src/client.ts.
    private static readonly string[] Known =
    [
        "authorization", "api-key", "x-api-key", "x-functions-key", "content-type", "content-encoding", "accept", "idempotency-key", "x-request-id", "openai-organization", "openai-project", "openai-beta",
        "x-stainless-arch", "x-stainless-async", "x-stainless-custom-poll-interval", "x-stainless-helper-method", "x-stainless-lang", "x-stainless-os", "x-stainless-package-version",
        "x-stainless-poll-helper", "x-stainless-raw-response", "x-stainless-read-timeout", "x-stainless-retry-count", "x-stainless-runtime", "x-stainless-runtime-version", "x-stainless-timeout",
    ];

    private readonly FrozenSet<string> _origins = access.Origins.Select(AccessOptions.OriginOf).OfType<string>().ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public Task<IResult> AnswerAsync(HttpContext context, HttpRoute route)
    {
        var headers = context.Response.Headers;
        var isAllowed = false;
        if (_origins.Count > 0)
        {
            // Also to who says none: what is kept between here and a browser must not be given to another origin.
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
            isAllowed = context.Request.Headers.Origin is [{ } origin] && _origins.Contains(origin);
            if (isAllowed)
            {
                headers.AccessControlAllowOrigin = context.Request.Headers.Origin;
                headers.AccessControlExposeHeaders = "X-Request-Id, Retry-After, x-should-retry";
            }
        }

        if (!HttpMethods.IsOptions(context.Request.Method))
        {
            return route.AnswerAsync(context);
        }

        headers.Allow = string.Join(", ", route.Methods);
        if (isAllowed)
        {
            headers.AccessControlAllowMethods = headers.Allow;
            headers.AccessControlAllowHeaders = string.Join(", ", Known.Concat(Further(context.Request)));
            headers.AccessControlMaxAge = MaxAge;
            headers.Append(HeaderNames.Vary, HeaderNames.AccessControlRequestHeaders);
        }

        return Task.FromResult(Results.StatusCode(_origins.Count > 0 ? StatusCodes.Status204NoContent : StatusCodes.Status405MethodNotAllowed));
    }

    // Headers of a platform's or of one's own. Whose page it is, is known; what is no name of a header is not echoed.
    private static IEnumerable<string> Further(HttpRequest request) => request.Headers.GetCommaSeparatedValues(HeaderNames.AccessControlRequestHeaders)
        .Select(name => name.ToLowerInvariant())
        .Where(name => name.StartsWith("x-", StringComparison.Ordinal) && name.Length <= JsonField.MaxNameLength && name.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_') && !Known.Contains(name))
        .Take(MostFurther);
}
