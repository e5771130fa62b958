using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Switchboard.Testing;

/// <summary>
/// An upstream on the loopback that does to each request what the next <see cref="Behaviour"/> says, the last one for ever;
/// <see cref="Failures"/> has the ones to choose from. It speaks HTTP/1.1 by hand, so that it can break it anywhere. The HEAD requests
/// of a warm-up are answered beside the behaviours and recorded like all others; so are the GET requests of a probe, which are recorded apart.
/// </summary>
internal sealed class FaultyUpstream : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Behaviour> _behaviours;
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly ConcurrentQueue<RecordedRequest> _requests = [];
    private readonly ConcurrentQueue<RecordedRequest> _probes = [];
    private readonly Channel<RecordedRequest> _arrivals = Channel.CreateUnbounded<RecordedRequest>();
    private readonly Task _accepting;

    private FaultyUpstream(IEnumerable<Behaviour> behaviours)
    {
        _behaviours = new(behaviours);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        BaseUrl = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/v1");
        if (_behaviours.IsEmpty)
        {
            _accepting = Task.CompletedTask;
        }
        else
        {
            _listener.Listen();
            _accepting = AcceptAsync();
        }
    }

    public Uri BaseUrl { get; }

    /// <summary>What is done with a probe. Default: it gets an empty list of models.</summary>
    public Behaviour Probe { get; set; } = exchange => exchange.AnswerAsync(200, "application/json", """{"object":"list","data":[]}""");

    /// <summary>The probes so far.</summary>
    public IReadOnlyCollection<RecordedRequest> Probes => _probes;

    /// <summary>All requests so far, in the order in which they came.</summary>
    public IReadOnlyCollection<RecordedRequest> Requests => _requests;

    public static FaultyUpstream Start(params Behaviour[] behaviours) => new(behaviours.DefaultIfEmpty(Failures.Answer()));

    /// <summary>An upstream whose port is taken but not listened on: connections are refused.</summary>
    public static FaultyUpstream Refusing() => new([]);

    /// <summary>Waits for the next request that nobody has waited for yet.</summary>
    public ValueTask<RecordedRequest> NextRequestAsync(CancellationToken cancellationToken) => _arrivals.Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var number = 1; ; number++)
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                socket.NoDelay = true;
                _connections.Add(ServeAsync(new ClientConnection(socket, number)));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(ClientConnection connection)
    {
        var receiving = connection.ReceiveAsync();
        await using var stopping = _stop.Token.Register(connection.Dispose);
        try
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                var exchange = new UpstreamExchange(connection, request, _stop.Token);
                if (request.Method == "GET")
                {
                    _probes.Enqueue(request);
                }
                else
                {
                    _requests.Enqueue(request);
                    _arrivals.Writer.TryWrite(request);
                }

                await (request.Method switch { "HEAD" => Failures.Status(404), "GET" => Probe, _ => Next() })(exchange);
                if (exchange.EndsConnection)
                {
                    break;
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has left, or the test is over.
        }

        connection.Dispose();
        await receiving;
    }

    private Behaviour Next() =>
        _behaviours.Count > 1 && _behaviours.TryDequeue(out var next) ? next
        : _behaviours.TryPeek(out var last) ? last
        : Failures.Answer();
}

/// <summary>What <see cref="FaultyUpstream"/> does with one request.</summary>
internal delegate Task Behaviour(UpstreamExchange exchange);
