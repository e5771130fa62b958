using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Switchboard.Wire;

namespace Switchboard.Endpoints;

/// <summary>Reads a request's body as JSON, no further than the limit.</summary>
internal static class RequestBody
{
    /// <exception cref="ApiException">400, 408, 413 or 415; the exception says which.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpRequest request, long maxBytes, CancellationToken cancellationToken)
    {
        EnsureJson(request.ContentType);
        if (request.ContentLength > maxBytes)
        {
            throw ApiException.RequestTooLarge(maxBytes);
        }

        var body = await ReadToEndAsync(request, maxBytes, cancellationToken);
        // The document must outlive the request's buffers.
        var bytes = body.ToArray();
        request.BodyReader.AdvanceTo(body.End);
        return JsonBody.Parse(bytes);
    }

    private static async Task<ReadOnlySequence<byte>> ReadToEndAsync(HttpRequest request, long maxBytes, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                if (read.Buffer.Length > maxBytes)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    throw ApiException.RequestTooLarge(maxBytes);
                }

                if (read.IsCompleted)
                {
                    return read.Buffer;
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException fault)
        {
            // The connection broke off, or the body came in too slowly.
            throw ApiException.InvalidJson("The body did not arrive whole.", status: fault.StatusCode);
        }
    }

    private static void EnsureJson(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
        {
            return;
        }

        var isJson = MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isJson)
        {
            throw ApiException.UnsupportedMediaType();
        }
    }
}
