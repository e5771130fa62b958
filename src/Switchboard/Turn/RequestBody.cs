using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Switchboard.Contract;

namespace Switchboard.Turn;

/// <summary>Reads a request's body, no further than the limit and no longer than its time, and unpacks it, no further either.</summary>
internal static class RequestBody
{
    // Far longer than any platform needs, and short enough that bodies that trickle in cannot pile up.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <param name="request">The request.</param>
    /// <param name="maxBytes">The most that it may hold.</param>
    /// <param name="limits">Counts what is held meanwhile.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Is cancelled when nothing would come of the request any more, since the app stops; by default never.</param>
    /// <exception cref="ApiException">400, 408, 413, 415, 429 or 503; the exception says which.</exception>
    /// <exception cref="CallerLeftException">The connection broke.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, long maxBytes, TurnLimits limits, TimeProvider time, CancellationToken stopping = default)
    {
        EnsureJson(request.ContentType);
        var codings = Codings(request);
        if (request.ContentLength > maxBytes)
        {
            throw ApiException.RequestTooLarge(maxBytes);
        }

        var reader = request.BodyReader;
        using var timeout = new CancellationTokenSource(Timeout, time);
        // The reader is asked to come back rather than cut off by a token: a read that a token cuts off stays open, and the server, which
        // reads the rest of the body before the next request, then fails with "Reading is already in progress". A caller who leaves ends it.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        using var late = either.Token.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader);
        try
        {
            return await ReadToEndAsync(reader, codings, maxBytes, limits)
                ?? throw (stopping.IsCancellationRequested ? Unfinished(request, ApiException.Stopping()) : TooSlow(request));
        }
        catch (ApiException failure) when (failure.Status == StatusCodes.Status429TooManyRequests)
        {
            throw Unfinished(request, failure);
        }
        catch (BadHttpRequestException failure)
        {
            throw failure.StatusCode == StatusCodes.Status408RequestTimeout ? TooSlow(request) : NotWhole(request);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // Nothing is left to be read, and nobody to answer.
            request.HttpContext.Abort();
            throw new CallerLeftException();
        }
    }

    private static IReadOnlyList<string> Codings(HttpRequest request)
    {
        try
        {
            return BodyCodings.Read(request.Headers.ContentEncoding);
        }
        catch (ApiException)
        {
            // https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16
            request.HttpContext.Response.Headers.AcceptEncoding = BodyCodings.Accepted;
            throw;
        }
    }

    /// <returns>The body, unpacked; null when it was not whole in time. Every read is ended, whatever came of it.</returns>
    private static async Task<ReadOnlyMemory<byte>?> ReadToEndAsync(PipeReader reader, IReadOnlyList<string> codings, long maxBytes, TurnLimits limits)
    {
        var held = 0L;
        try
        {
            // Unpacked when all of it is there: a body that trickles in must not keep what unpacks it, and the time is over while it is awaited, not while it is worked on.
            return await ReadToEndAsync(reader, maxBytes, Hold) is { } body ? BodyCodings.Undo(body, codings, maxBytes, Hold) : (ReadOnlyMemory<byte>?)null;
        }
        finally
        {
            limits.Release(held);
        }

        void Hold(long bytes)
        {
            held += bytes;
            limits.Hold(bytes);
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadToEndAsync(PipeReader reader, long maxBytes, Action<long> hold)
    {
        // Taken out as it comes: Kestrel cannot end a read after bytes were looked at and left. What is parsed from it must outlive the
        // request's buffers anyway. It grows with what has come, not with what is announced.
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await reader.ReadAsync(CancellationToken.None);
            var isTooLarge = body.WrittenCount + read.Buffer.Length > maxBytes;
            if (!isTooLarge)
            {
                foreach (var segment in read.Buffer)
                {
                    body.Write(segment.Span);
                }
            }

            var more = read.Buffer.Length;
            reader.AdvanceTo(read.Buffer.End);
            if (isTooLarge)
            {
                throw ApiException.RequestTooLarge(maxBytes);
            }

            if (read.IsCompleted)
            {
                return body.WrittenMemory;
            }

            if (read.IsCanceled)
            {
                return null;
            }

            // A body that is there at once, as nearly all are, is none that is under way.
            hold(more);
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
