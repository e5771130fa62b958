using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;

namespace Switchboard.Turn;

/// <summary>
/// The body of a streamed answer, with comments to keep the connection alive while nothing else is sent: idle intermediaries,
/// and the Functions host after 240 s, cut a silent stream. Two write to it, the turn and the clock, so a lock is passed between them.
/// </summary>
internal sealed class StreamOutput : IAsyncDisposable
{
    private readonly HttpContext _context;
    private readonly PipeWriter _body;
    private readonly ChunkWriter _chunks;
    private readonly Action _start;
    private readonly TimeSpan _keepAlive;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cutOff;
    private readonly SemaphoreSlim _writer = new(0, 1);
    private readonly ITimer _timer;
    private long _lastFlush;
    private bool _isOver;

    /// <param name="context">The request, whose response this is the body of.</param>
    /// <param name="chunks">Writes to it.</param>
    /// <param name="start">Sets the headers; called before the first byte.</param>
    /// <param name="keepAlive">The longest silence.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cutOff">Ends the wait for a client that does not read.</param>
    public StreamOutput(HttpContext context, ChunkWriter chunks, Action start, TimeSpan keepAlive, TimeProvider time, CancellationToken cutOff)
    {
        _context = context;
        _body = context.Response.BodyWriter;
        _chunks = chunks;
        _start = start;
        _keepAlive = keepAlive;
        _time = time;
        _cutOff = cutOff;
        _lastFlush = time.GetTimestamp();
        _timer = time.CreateTimer(static output => _ = ((StreamOutput)output!).KeepAliveAsync(), this, keepAlive, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether anything was written: then an error can no longer be an HTTP status.</summary>
    public bool HasStarted { get; private set; }

    public long UnflushedBytes => _body.UnflushedBytes;

    /// <summary>Writes the headers and the role, once, before anything else.</summary>
    public void Start()
    {
        if (!HasStarted)
        {
            HasStarted = true;
            _start();
            _chunks.WriteRole();
        }
    }

    /// <summary>Lets the clock write while the turn waits.</summary>
    public void ReleaseWriter() => _writer.Release();

    /// <summary>Takes the lock back; a comment that is being written is finished first.</summary>
    public Task AcquireWriterAsync() => _writer.WaitAsync(CancellationToken.None);

    /// <summary>
    /// Waits until the client has taken enough of what was written. One that reads slower than is spoken would hold its place for as long
    /// as it likes and keep others out, so its connection is closed when its time is up.
    /// </summary>
    /// <exception cref="CallerLeftException">The client is gone, or was cut off.</exception>
    public static async ValueTask FlushAsync(ValueTask<FlushResult> flush, HttpContext context, CancellationToken cutOff)
    {
        var isCutOff = false;
        try
        {
            var flushed = await flush;
            if (!flushed.IsCompleted)
            {
                return;
            }
        }
        catch (OperationCanceledException) when (cutOff.IsCancellationRequested)
        {
            isCutOff = true;
        }

        context.Abort();
        throw new CallerLeftException { IsCutOff = isCutOff };
    }

    /// <exception cref="CallerLeftException">The client is gone, or was cut off.</exception>
    public async ValueTask FlushAsync()
    {
        _chunks.Flushed();
        await FlushAsync(_body.FlushAsync(_cutOff), _context, _cutOff);
        _lastFlush = _time.GetTimestamp();
    }

    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        await _timer.DisposeAsync();
    }

    private async Task KeepAliveAsync()
    {
        var silence = _time.GetElapsedTime(_lastFlush);
        // The turn has the lock while it writes; then there is no silence to break.
        if (silence >= _keepAlive && await _writer.WaitAsync(TimeSpan.Zero, CancellationToken.None))
        {
            try
            {
                Start();
                _chunks.WriteKeepAlive();
                await FlushAsync();
            }
            catch (OperationCanceledException)
            {
                // The client is gone; the turn learns it by its own token.
                _isOver = true;
            }
            finally
            {
                _writer.Release();
            }

            silence = TimeSpan.Zero;
        }

        if (!_isOver)
        {
            _timer.Change(silence < _keepAlive ? _keepAlive - silence : _keepAlive, Timeout.InfiniteTimeSpan);
        }
    }
}
