namespace Switchboard.Upstream;

/// <summary>
/// One sending of a request, and what became of it below HTTP: an upstream may close a kept connection just as the next request comes
/// (uvicorn does after 5 s). Such a request was not answered by anything, and may be sent again.
/// </summary>
internal sealed class UpstreamSending
{
    private static readonly AsyncLocal<UpstreamSending?> Local = new();
    private static readonly HttpRequestOptionsKey<UpstreamSending> Key = new("Switchboard.Sending");

    private UpstreamConnection? _connection;
    private bool _isFirst;
    private long _receivedBefore;

    /// <summary>The sending that the code belongs to which runs now; null for none.</summary>
    public static UpstreamSending? Current => Local.Value;

    /// <summary>Whether a connection was opened for it.</summary>
    public bool HasConnected { get; private set; }

    /// <summary>Looks at each new connection.</summary>
    public static ValueTask<Stream> WatchAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
    {
        if (context.InitialRequestMessage.Options.TryGetValue(Key, out var sending))
        {
            sending.HasConnected = true;
        }

        // Requests share a connection of HTTP/2, which says itself which of them it has not looked at.
        return ValueTask.FromResult(context.NegotiatedHttpVersion.Major == 1 ? new UpstreamConnection(context.PlaintextStream) : context.PlaintextStream);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Local.Value = this;
        request.Options.Set(Key, this);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>To be called by the connection that the request goes over.</summary>
    public void Begin(UpstreamConnection connection) =>
        (_connection, _isFirst, _receivedBefore) = (connection, connection.Requests == 1, connection.Received);

    /// <summary>Whether <paramref name="fault"/> is that a kept connection broke before a byte of an answer came.</summary>
    public bool WasNotAnswered(HttpRequestException fault) => _connection is { } connection
        ? !_isFirst && connection.Received == _receivedBefore
        : !HasConnected && IsBroken(fault);

    // Of HTTP/2: not a stream that the upstream has reset, which is an answer.
    private static bool IsBroken(HttpRequestException fault) =>
        fault.HttpRequestError is HttpRequestError.ResponseEnded || (fault.InnerException is IOException and not HttpProtocolException);
}
