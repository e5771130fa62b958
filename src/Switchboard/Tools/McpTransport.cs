using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Switchboard.Tools;

/// <summary>
/// Stands between the client library and its way to the server. Out goes nothing but the protocol: no trace. In comes what was asked for:
/// of a server's own requests one is answered at a time, and its notifications are passed over but for the one that is heeded.
/// </summary>
/// <param name="server">The server's endpoint.</param>
/// <param name="web">How it is reached; disposed by who made it.</param>
/// <param name="key">What it is asked with; null for nothing.</param>
/// <param name="time">The clock.</param>
internal sealed class McpTransport(Uri server, HttpClient web, string? key, TimeProvider time) : IClientTransport
{
    /// <summary>How long a message may take that nobody waits for: a notification, or the answer to a request of the server's.</summary>
    public static readonly TimeSpan AsideTimeout = TimeSpan.FromSeconds(5);

    public string Name => "Switchboard";

    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default)
    {
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = server,
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = key is null ? null : new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" },
                // A server that knows only POST, and answers 404 to who wants to listen, would lose its session by that: it is asked instead.
                EnableStandaloneGetStream = false,
            },
            web,
            // Its lines may quote arguments and results.
            NullLoggerFactory.Instance);
        return new Session(await transport.ConnectAsync(cancellationToken), time);
    }

    private sealed class Session : ITransport
    {
        private readonly ITransport _transport;
        private readonly TimeProvider _time;
        private readonly Incoming _incoming;

        public Session(ITransport transport, TimeProvider time)
        {
            _transport = transport;
            _time = time;
            _incoming = new Incoming(transport.MessageReader);
        }

        public string? SessionId => _transport.SessionId;

        public ChannelReader<JsonRpcMessage> MessageReader => _incoming;

        public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
        {
            McpExchange.Begin();
            DropTrace(message);
            if (message is JsonRpcRequest)
            {
                // Whoever asks also waits, and not for ever.
                await _transport.SendMessageAsync(message, cancellationToken);
                return;
            }

            using var deadline = new CancellationTokenSource(AsideTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            try
            {
                await _transport.SendMessageAsync(message, either.Token);
            }
            finally
            {
                if (message is JsonRpcResponse or JsonRpcError)
                {
                    _incoming.Answered();
                }
            }
        }

        public ValueTask DisposeAsync() => _transport.DisposeAsync();

        // The library writes the trace, with what the caller's headers put there, into the messages themselves. Only the protocol's own fields stay.
        private static void DropTrace(JsonRpcMessage message)
        {
            var parameters = message switch
            {
                JsonRpcRequest request => request.Params,
                JsonRpcNotification notification => notification.Params,
                _ => null,
            };
            if (parameters is not JsonObject fields || fields["_meta"] is not JsonObject meta)
            {
                return;
            }

            foreach (var name in meta.Select(field => field.Key).Where(name => !name.StartsWith("io.modelcontextprotocol/", StringComparison.Ordinal)).ToList())
            {
                meta.Remove(name);
            }

            if (meta.Count == 0)
            {
                fields.Remove("_meta");
            }
        }
    }

    private sealed class Incoming(ChannelReader<JsonRpcMessage> messages) : ChannelReader<JsonRpcMessage>
    {
        private int _isAnswering;

        public override Task Completion => messages.Completion;

        public void Answered() => Volatile.Write(ref _isAnswering, 0);

        public override bool TryRead(out JsonRpcMessage item)
        {
            while (messages.TryRead(out item!))
            {
                if (IsWanted(item))
                {
                    return true;
                }
            }

            return false;
        }

        public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => messages.WaitToReadAsync(cancellationToken);

        private bool IsWanted(JsonRpcMessage message) => message switch
        {
            JsonRpcRequest => Interlocked.CompareExchange(ref _isAnswering, 1, 0) == 0,
            JsonRpcNotification notification => notification.Method is NotificationMethods.ToolListChangedNotification,
            _ => true,
        };
    }
}
