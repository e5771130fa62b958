using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

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
/// <remarks>A read is counted when its result is taken: to await it here, only to hand it on, would wake a method for every token.</remarks>
internal sealed class UpstreamConnection : Stream, IValueTaskSource<int>
{
    private readonly Stream _stream;
    private readonly Action _read;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _reading;
    private Action<object?>? _continuation;
    private object? _state;
    private short _reads;
    private UpstreamSending? _last;

    public UpstreamConnection(Stream stream)
    {
        _stream = stream;
        _read = () => _continuation!(_state);
    }

    /// <summary>How many requests were begun on it.</summary>
    public int Requests { get; private set; }

    /// <summary>How many bytes have come.</summary>
    public long Received { get; private set; }

    public override bool CanRead => _stream.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => _stream.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = _stream.ReadAsync(buffer, cancellationToken);
        if (read.IsCompletedSuccessfully)
        {
            return new ValueTask<int>(Count(read.Result));
        }

        // The handler never reads twice at once.
        _reading = read.ConfigureAwait(false).GetAwaiter();
        return new ValueTask<int>(this, ++_reads);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Count(_stream.Read(buffer, offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Begin();
        return _stream.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        Begin();
        _stream.Write(buffer, offset, count);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => _stream.FlushAsync(cancellationToken);

    public override void Flush() => _stream.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token)
    {
        var reading = Reading(token);
        _reads++;
        return Count(reading.GetResult());
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => Reading(token).IsCompleted ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        var reading = Reading(token);
        (_continuation, _state) = (continuation, state);
        // Whoever awaits restores what flows with it; and the handler has no context to go back to.
        reading.UnsafeOnCompleted(_read);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
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

    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter Reading(short token) =>
        token == _reads ? _reading : throw new InvalidOperationException("The read is over.");

    private int Count(int count)
    {
        Received += count;
        return count;
    }
}
