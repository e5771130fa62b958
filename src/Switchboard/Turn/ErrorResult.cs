using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Switchboard.Contract;

namespace Switchboard.Turn;

/// <summary>The one writer of error answers.</summary>
internal sealed class ErrorResult(ApiException error) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (error.IsFinal)
        {
            // Of OpenAI's clients, who ask again by themselves: openai/openai-python, src/openai/_base_client.py.
            response.Headers["x-should-retry"] = "false";
        }

        if (error.RetryAfter is { } wait)
        {
            response.Headers[HeaderNames.RetryAfter] = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        using (var json = new Utf8JsonWriter(response.BodyWriter, WireJson.WriterOptions))
        {
            ErrorJson.Write(json, error);
        }

        // Without a token: a client that is gone makes the flush end, not throw.
        await response.BodyWriter.FlushAsync(CancellationToken.None);
    }
}
