using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Switchboard.Common;
using Switchboard.Memory;

namespace Switchboard.Tools;

/// <summary>How MCP servers are reached.</summary>
internal static class McpHttp
{
    public const string ClientName = "mcp";

    /// <summary>Adds <see cref="McpConnections"/>, and what joins the ones that it made. Needs a clock and loggers.</summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="isOn">Whether a model has tools; asked when the app starts.</param>
    public static IServiceCollection AddTools(this IServiceCollection services, Func<IServiceProvider, bool> isOn)
    {
        services.AddHttpClient(ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, _) => Configure(handler))
            .AddHttpMessageHandler(provider => new McpExchange.Handler(provider.GetRequiredService<TimeProvider>()))
            // One client lives as long as its session; the handler renews its own connections.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        services.AddSingleton<McpConnections>();
        services.AddSingleton<CallMemory>();
        return services.AddHostedWhere<McpJoin>(isOn);
    }

    private static void Configure(SocketsHttpHandler handler)
    {
        handler.ConnectTimeout = TimeSpan.FromSeconds(5);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.UseCookies = false;
        // A key must not follow to where it was not configured for.
        handler.AllowAutoRedirect = false;
        handler.MaxResponseHeadersLength = McpLimits.HeadKilobytes;
        // What is compressed is refused, not unpacked: the bytes that are counted are then those that are held.
        handler.AutomaticDecompression = DecompressionMethods.None;
        // Trace context and baggage come from the caller's headers, which are none of the server's business. Null rather than a propagator
        // without output: OpenTelemetry's instrumentation writes them by itself as soon as the handler reports a request to it.
        handler.ActivityHeadersPropagator = null;
    }
}

/// <summary>What one message has cost so far: the library may take several HTTP requests for it, and is told of none of their sizes.</summary>
internal sealed class McpExchange
{
    private static readonly AsyncLocal<McpExchange?> Ambient = new();

    private int _requests;
    private long _bytes;

    /// <summary>Begins to count; ends with the asynchronous method that calls it.</summary>
    public static void Begin() => Ambient.Value = new McpExchange();

    private void CountRequest()
    {
        if (Interlocked.Increment(ref _requests) > McpLimits.RequestsOfMessage)
        {
            throw new McpLimitException($"interrupted its answer more than {McpLimits.RequestsOfMessage - 1} times");
        }
    }

    private void CountBytes(long count) => Check(Interlocked.Add(ref _bytes, count));

    private void Expect(long count) => Check(Interlocked.Read(ref _bytes) + count);

    private static void Check(long bytes)
    {
        if (bytes > McpLimits.AnswerBytes)
        {
            throw new McpLimitException($"answered with more than {McpLimits.AnswerBytes} bytes");
        }
    }

    /// <summary>Counts on the wire. Nothing is decompressed below, so what is counted is also what is held.</summary>
    internal sealed class Handler(TimeProvider time) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method != HttpMethod.Delete)
            {
                return await CountAsync(request, cancellationToken);
            }

            // The library waits for the end of a session without a limit, at the end of a failed join too.
            using var deadline = new CancellationTokenSource(McpConnection.LeaveTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            return await CountAsync(request, either.Token);
        }

        private async Task<HttpResponseMessage> CountAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var exchange = Ambient.Value ?? new McpExchange();
            exchange.CountRequest();
            CheckId(request.Headers, "Last-Event-ID");
            var response = await base.SendAsync(request, cancellationToken);
            try
            {
                CheckId(response.Headers, "Mcp-Session-Id");
                exchange.Expect(response.Content.Headers.ContentLength ?? 0);
                var body = new StreamContent(new CountedBody(await response.Content.ReadAsStreamAsync(cancellationToken), exchange));
                foreach (var (name, values) in response.Content.Headers)
                {
                    body.Headers.TryAddWithoutValidation(name, values);
                }

                response.Content = body;
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }

        private static void CheckId(HttpHeaders headers, string name)
        {
            if (headers.NonValidated.TryGetValues(name, out var values) && values.Any(value => value.Length > McpLimits.IdLength))
            {
                throw new McpLimitException($"sent an id of more than {McpLimits.IdLength} characters");
            }
        }
    }

    private sealed class CountedBody(Stream body, McpExchange exchange) : ReadingStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await body.ReadAsync(buffer, cancellationToken));

        public override int Read(byte[] buffer, int offset, int count) => Count(body.Read(buffer, offset, count));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                body.Dispose();
            }

            base.Dispose(disposing);
        }

        private int Count(int count)
        {
            try
            {
                exchange.CountBytes(count);
                return count;
            }
            catch (McpLimitException)
            {
                // The library leaves a response behind that could not be read, and its connection with it.
                body.Dispose();
                throw;
            }
        }
    }
}
