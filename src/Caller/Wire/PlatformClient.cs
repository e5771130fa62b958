using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Caller.Wire;

/// <summary>Makes requests the way a platform does and keeps everything that came back, with arrival times.</summary>
internal sealed class PlatformClient(IHttpClientFactory clients, Endpoint endpoint, TimeProvider time)
{
    /// <summary>The name under which the HTTP client is registered.</summary>
    public const string HttpClientName = "platform";

    private const int MaxBodyBytes = 8 * 1024 * 1024;

    private readonly long _origin = time.GetTimestamp();

    public Endpoint Endpoint => endpoint;

    /// <summary>
    /// Sends one request and reads its answer. Its times count from the request's last byte, so that a server is not charged for what this tool does
    /// before, and the way to it is told apart (<see cref="Exchange.SentAfter"/>). It never throws for what the server does: that is in the result.
    /// </summary>
    /// <param name="ask">The request.</param>
    /// <param name="limits">How long it may take.</param>
    /// <param name="onFrame">Sees each event as it arrives; returning false hangs up.</param>
    /// <param name="cancellationToken">Hangs up; the result tells what had arrived by then.</param>
    public async Task<Exchange> SendAsync(Ask ask, ExchangeLimits limits, Func<Frame, bool>? onFrame = null, CancellationToken cancellationToken = default)
    {
        var begun = time.GetTimestamp();
        var start = begun;
        var exchange = new Exchange { End = ExchangeEnd.Complete, StartedAt = time.GetElapsedTime(_origin, begun), HasKey = ask.HasKey };
        var frames = new List<Frame>();
        var reader = new FrameReader();
        using var body = new MemoryStream();
        using var clock = new CancellationTokenSource(limits.Total, time);
        using var silence = new CancellationTokenSource(limits.Silence ?? Timeout.InfiniteTimeSpan, time);
        using var firstOutput = new CancellationTokenSource(limits.FirstOutput ?? Timeout.InfiniteTimeSpan, time);
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, silence.Token, firstOutput.Token, cancellationToken);

        Exchange End(ExchangeEnd end, string? failure = null) => exchange with
        {
            End = end,
            Failure = failure,
            EndedAfter = time.GetElapsedTime(start),
            Frames = frames,
            Defects = reader.Defects,
            Comments = reader.Comments,
            Told = reader.Told,
            Body = body.ToArray(),
        };

        try
        {
            using var request = Build(ask, out var content);
            using var client = clients.CreateClient(HttpClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, hangUp.Token);
            // Once and for all: of a body that is still being sent, the rest does not move the times of an answer that has begun.
            start = content?.SentAt ?? begun;
            exchange = exchange with
            {
                StartedAt = time.GetElapsedTime(_origin, start),
                SentAfter = time.GetElapsedTime(begun, start),
                Status = (int)response.StatusCode,
                Headers = ReadHeaders(response),
                HeadersAfter = time.GetElapsedTime(start),
            };

            await using var stream = await response.Content.ReadAsStreamAsync(hangUp.Token);
            var buffer = new byte[16 * 1024];
            var done = false;
            while (true)
            {
                var count = await stream.ReadAsync(buffer, hangUp.Token);
                var at = time.GetElapsedTime(start);
                silence.CancelAfter(limits.Silence ?? Timeout.InfiniteTimeSpan);
                body.Write(buffer, 0, count);
                foreach (var frame in count == 0 ? reader.Complete(at) : reader.Push(buffer.AsSpan(0, count), at))
                {
                    frames.Add(frame);
                    if (frame.Chunk is { } chunk && (chunk.Content is { Length: > 0 } || chunk.ToolCalls.Count > 0 || chunk.FinishReason is { Length: > 0 }))
                    {
                        firstOutput.CancelAfter(Timeout.InfiniteTimeSpan);
                    }

                    if (onFrame?.Invoke(frame) == false)
                    {
                        return End(ExchangeEnd.Aborted);
                    }
                }

                if (count == 0)
                {
                    return End(ExchangeEnd.Complete);
                }

                if (body.Length > MaxBodyBytes)
                {
                    return End(ExchangeEnd.TooLong);
                }

                if (!done && frames.Exists(frame => frame.IsDone))
                {
                    done = true;
                    clock.CancelAfter(limits.AfterDone);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return End(ExchangeEnd.Aborted);
        }
        catch (OperationCanceledException)
        {
            return End(frames.Exists(frame => frame.IsDone) ? ExchangeEnd.LeftOpen : ExchangeEnd.TimedOut);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return End(exchange.Status == 0 ? ExchangeEnd.NotConnected : ExchangeEnd.Broken, Why(failure));
        }
    }

    // Of a failed TLS handshake or a dropped connection the outer exceptions say only that there is an inner one.
    private static string Why(Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => $"no TLS connection: {failure.GetBaseException().Message}",
        HttpRequestException { InnerException: IOException } => failure.GetBaseException().Message,
        _ => failure.Message,
    };

    private HttpRequestMessage Build(Ask ask, out TimedContent? content)
    {
        content = null;
        var request = new HttpRequestMessage(ask.Method, ask.Address ?? endpoint.OfCall(ask.Call));
        if (ask.Body is not null)
        {
            request.Content = content = new TimedContent(Compress(Encoding.UTF8.GetBytes(ask.Body), ask.Coding), time);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", ask.ContentType);
            if (ask.Coding is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Encoding", ask.Coding);
            }
        }

        foreach (var (name, value) in ask.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (request.Headers.Accept.Count == 0)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        }

        return request;
    }

    private static byte[] Compress(byte[] body, string? coding)
    {
        if (coding is null)
        {
            return body;
        }

        using var compressed = new MemoryStream();
        using (Stream into = coding == "br" ? new BrotliStream(compressed, CompressionLevel.Optimal) : new GZipStream(compressed, CompressionLevel.Optimal))
        {
            into.Write(body);
        }

        return compressed.ToArray();
    }

    /// <summary>A body that knows when the last of it was handed to the network.</summary>
    private sealed class TimedContent(byte[] body, TimeProvider time) : HttpContent
    {
        // What a socket takes without waiting for the network.
        private const int AtOnce = 16 * 1024;

        private readonly Lock _gate = new();
        private long? _sentAt;

        /// <summary>A timestamp of the clock; null before. Of one that was sent again on another connection, the last.</summary>
        public long? SentAt
        {
            get
            {
                lock (_gate)
                {
                    return _sentAt;
                }
            }
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            var rest = Math.Max(0, body.Length - AtOnce);
            if (rest > 0)
            {
                await stream.WriteAsync(body.AsMemory(0, rest), cancellationToken);
            }

            // Before the end is handed over, not when it has been: on a busy machine the server may have answered by the time that this goes on.
            lock (_gate)
            {
                _sentAt = time.GetTimestamp();
            }

            await stream.WriteAsync(body.AsMemory(rest), cancellationToken);
            // The client keeps what is written, with the headers, until it is flushed.
            await stream.FlushAsync(cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }

    private static Dictionary<string, string> ReadHeaders(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            headers[name.ToLowerInvariant()] = string.Join(", ", values.Select(value => value));
        }

        return headers;
    }
}
