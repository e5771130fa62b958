using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Switchboard.Wire;

namespace Switchboard.Endpoints;

/// <summary>Reads a request's body, no further than the limit and no longer than its time.</summary>
internal static class RequestBody
{
    // Far longer than any platform needs, and short enough that bodies that trickle in cannot pile up.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <exception cref="ApiException">408, 413 or 415; the exception says which.</exception>
    /// <exception cref="CallerLeftException">The connection broke.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, long maxBytes, TimeProvider time, CancellationToken cancellationToken)
    {
        EnsureJson(request.ContentType);
        if (request.Headers.ContentEncoding.Any(encoding => !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase)))
        {
            throw ApiException.UnsupportedEncoding();
        }

        if (request.ContentLength > maxBytes)
        {
            throw ApiException.RequestTooLarge(maxBytes);
        }

        using var timeout = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var body = await ReadToEndAsync(request.BodyReader, maxBytes, either.Token);
            // What is parsed from it must outlive the request's buffers.
            var bytes = body.ToArray();
            request.BodyReader.AdvanceTo(body.End);
            return bytes;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TooSlow(request);
        }
        catch (BadHttpRequestException fault)
        {
            throw fault.StatusCode == StatusCodes.Status408RequestTimeout ? TooSlow(request) : NotWhole(request);
        }
        catch (IOException)
        {
            throw new CallerLeftException();
        }
    }

    private static async Task<ReadOnlySequence<byte>> ReadToEndAsync(PipeReader reader, long maxBytes, CancellationToken cancellationToken)
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

    private static ApiException TooSlow(HttpRequest request) => Unfinished(request, ApiException.RequestTimedOut());

    private static ApiException NotWhole(HttpRequest request) => Unfinished(request, ApiException.InvalidJson("The body did not arrive whole."));

    // What is left of such a body must not be taken for the next request.
    private static ApiException Unfinished(HttpRequest request, ApiException error)
    {
        request.HttpContext.Response.Headers.Connection = "close";
        return error;
    }

    private static void EnsureJson(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
        {
            return;
        }

        var isJson = MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || IsUtf8(HeaderUtilities.RemoveQuotes(type.Charset)));
        if (!isJson)
        {
            throw ApiException.UnsupportedMediaType();
        }
    }

    // utf8 is no registered name, but clients write it.
    private static bool IsUtf8(StringSegment charset) =>
        charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);
}
