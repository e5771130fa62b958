using System.Runtime.CompilerServices;

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

    /// <summary>Whether <paramref name="failure"/> is that a kept connection broke before a byte of an answer came.</summary>
    public bool WasNotAnswered(HttpRequestException failure) => _connection is { } connection
        ? !_isFirst && connection.Received == _receivedBefore
        : !HasConnected && IsBroken(failure);

    // Of HTTP/2: not a stream that the upstream has reset, which is an answer.
    private static bool IsBroken(HttpRequestException failure) =>
        failure.HttpRequestError is HttpRequestError.ResponseEnded || (failure.InnerException is IOException and not HttpProtocolException);
}

/// <summary>A kept HTTP/1.1 connection. It counts the requests that went over it and the bytes that came back, for <see cref="UpstreamSending"/>.</summary>
internal sealed class UpstreamConnection(Stream stream) : Stream
{
    private UpstreamSending? _last;

    /// <summary>How many requests were begun on it.</summary>
    public int Requests { get; private set; }

    /// <summary>How many bytes have come.</summary>
    public long Received { get; private set; }

    public override bool CanRead => stream.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => stream.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = stream.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? new ValueTask<int>(Count(read.Result)) : CountAsync(read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Count(stream.Read(buffer, offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Begin();
        return stream.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        Begin();
        stream.Write(buffer, offset, count);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

    public override void Flush() => stream.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }

    // The handler writes a request from where it was sent, and one after the other.
    private void Begin()
    {
        if (UpstreamSending.Current is { } sending && sending != _last)
        {
            _last = sending;
            Requests++;
            sending.Begin(this);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> CountAsync(ValueTask<int> read) => Count(await read);

    private int Count(int count)
    {
        Received += count;
        return count;
    }
}
