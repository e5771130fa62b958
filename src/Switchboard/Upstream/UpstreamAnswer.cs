using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Upstream;

/// <summary>
/// One answer of an upstream while it is read. Disposed before its end it closes the connection at once; after its end the
/// connection is kept for the next turn.
/// </summary>
internal sealed class UpstreamAnswer : IAsyncDisposable
{
    /// <summary>The bound of one event in bytes, and in characters of what is held until the answer ends: far above any real one.</summary>
    public const int MaxEventBytes = 1024 * 1024;

    /// <summary>
    /// The bound of an answer in bytes, unpacked, with all that is around the text: some 50,000 tokens, which no turn has the time to hear.
    /// Whoever keeps an answer (a trace does) keeps no more.
    /// </summary>
    public const int MaxBytes = 16 * MaxEventBytes;

    /// <summary>
    /// How long the rest of an answer is waited for that has said why it ends: all that may still come is the usage, which comes at once. The
    /// caller has the end of the answer within 250 ms then.
    /// </summary>
    public static readonly TimeSpan MaxTail = TimeSpan.FromMilliseconds(200);

    /// <summary>The same for an answer that may go on all the same: to end it early would cut off what the caller is told.</summary>
    public static readonly TimeSpan MaxDoubtfulTail = TimeSpan.FromSeconds(2);

    private readonly HttpResponseMessage _response;
    private readonly UpstreamFailures _failures;
    private readonly TimeProvider _time;
    private readonly Stream _body;
    private readonly EventBuffer _events = new(MaxEventBytes, MaxBytes);
    private readonly ChunkReader _chunks;
    private readonly CancellationTokenSource _reading;
    private readonly CancellationTokenRegistration _turn;
    private ResponderException? _failure;
    private int _finishes;
    private bool _hasStarted;
    private bool _isAtEnd;
    private bool _isOver;

    // A body that has neither a length nor chunks ends with its connection, however that ended: RFC 9112, 6.3 and 8.
    private readonly bool _isDelimited;

    private UpstreamAnswer(HttpResponseMessage response, Stream body, ChunkReader chunks, UpstreamFailures failures, TimeProvider time, CancellationToken cancellationToken)
    {
        _response = response;
        _chunks = chunks;
        _failures = failures;
        _time = time;
        _isDelimited = response.Version.Major > 1 || response.Headers.TransferEncodingChunked is true || response.Content.Headers.ContentLength is not null;
        _body = body;
        _reading = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _turn = cancellationToken.UnsafeRegister(static reading => ((CancellationTokenSource)reading!).Cancel(), _reading);
    }

    /// <summary>Begins to read. The response belongs to the answer, also where this fails.</summary>
    /// <exception cref="ResponderException">There is no body.</exception>
    public static async Task<UpstreamAnswer> OpenAsync(HttpResponseMessage response, ChunkReader chunks, UpstreamFailures failures, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return new UpstreamAnswer(response, await response.Content.ReadAsStreamAsync(cancellationToken), chunks, failures, time, cancellationToken);
        }
        catch (Exception failure)
        {
            response.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (UpstreamFailures.IsOfBody(failure))
            {
                throw failures.OfBody(failure);
            }

            throw;
        }
    }

    /// <summary>
    /// Waits until there may be something to read, without a buffer, since most of the time nothing comes. To be awaited where the answer is read:
    /// <see cref="ReadAsync"/> would be woken for every token only to wake its caller. Where it fails, <see cref="Fail"/> is to be told.
    /// </summary>
    public ValueTask<int> WaitAsync()
    {
        if (!_hasStarted || _isAtEnd || _failure is not null || _chunks.IsDone || !_events.IsEmpty)
        {
            return default;
        }

        _events.Dispose();
        return _body.ReadAsync(Memory<byte>.Empty, _reading.Token);
    }

    /// <summary>The body broke off: what comes of it is what is read next.</summary>
    public void Fail(Exception failure, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _isAtEnd = true;
        if (!_chunks.IsFinished || (_chunks.Finish.MayGoOn && !_reading.IsCancellationRequested))
        {
            _failure = _failures.OfBody(failure);
        }
    }

    /// <summary>Reads on.</summary>
    /// <returns>The next update; null at the end.</returns>
    /// <exception cref="ResponderException">The answer fails. Once it had its finish reason it no longer can: it is whole.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ChatResponseUpdate?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_isOver)
        {
            return null;
        }

        try
        {
            if (!_hasStarted && await StartAsync() is { } whole)
            {
                return whole;
            }

            // What stands beside a failure is said before it.
            while (_failure is null && !_chunks.IsDone)
            {
                if (_events.TryRead(out var data))
                {
                    var update = _chunks.Read(_events.EventType, data);
                    _failure = FailureOfChunk();
                    BoundTail();
                    if (update is not null)
                    {
                        return update;
                    }
                }
                else if (_isAtEnd)
                {
                    break;
                }
                else
                {
                    await FillAsync();
                    if (_isAtEnd && _isDelimited)
                    {
                        // Some servers leave out the blank line after their last event.
                        "\n\n"u8.CopyTo(_events.GetMemory().Span);
                        _events.Add(2);
                    }
                }
            }
        }
        catch (Exception failure) when (UpstreamFailures.IsOfBody(failure))
        {
            Fail(failure, cancellationToken);
        }

        if (_failure is not null && _chunks.TakeHeldText() is { } rest)
        {
            return rest;
        }

        _isOver = true;
        return End();
    }

    public ValueTask DisposeAsync()
    {
        _events.Dispose();
        // First what cancels it.
        _turn.Dispose();
        _reading.Dispose();
        if (_chunks.IsDone)
        {
            _ = ResponseTail.ReadAsync(_response, _body, _time);
        }
        else
        {
            _response.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    // Servers call either body by the name of the other, so the first byte decides.
    private async Task<ChatResponseUpdate?> StartAsync()
    {
        _hasStarted = true;
        byte? first;
        while ((first = _events.Peek()) is null && !_isAtEnd)
        {
            await FillAsync();
        }

        if (first is null)
        {
            throw _failures.Of(ResponderFailure.Empty);
        }

        if (first is (byte)'{')
        {
            return await ReadWholeAsync();
        }

        return MayBeEvents(first.Value) ? null : throw _failures.Of(ResponderFailure.Malformed);
    }

    private async Task FillAsync() => _isAtEnd = !_events.Add(await _body.ReadAsync(_events.GetMemory(), _reading.Token));

    private async Task<ChatResponseUpdate?> ReadWholeAsync()
    {
        while (!_isAtEnd)
        {
            await FillAsync();
        }

        var update = _chunks.ReadWhole(_events.Rest);
        _events.Dispose();
        _failure = FailureOfChunk() ?? (_chunks.IsFinished ? null : _failures.Of(ResponderFailure.Malformed));
        return update;
    }

    private bool MayBeEvents(byte first) => _response.Content.Headers.ContentType?.MediaType is "text/event-stream"
        ? first is not (byte)'<'
        // A comment, or one of the fields data, event, id and retry.
        : first is (byte)':' or (byte)'d' or (byte)'e' or (byte)'i' or (byte)'r';

    // Silence is no failure any more, and the caller must not wait for it: what was held back until the end, such as a hang-up, would wait too.
    private void BoundTail()
    {
        if (_chunks.IsFinished && _chunks.HasAnswer && _chunks.Finish.Changes != _finishes)
        {
            _finishes = _chunks.Finish.Changes;
            _reading.CancelAfter(_chunks.Finish.MayGoOn ? MaxDoubtfulTail : MaxTail);
        }
    }

    private ResponderException? FailureOfChunk() =>
        _chunks.Error is { } error ? _failures.OfReport(error)
        : _chunks.HeldCharacters > MaxEventBytes || _chunks.HasTooManyCalls ? _failures.Of(ResponderFailure.TooLarge)
        : _chunks.Finish.IsGivenUp ? _failures.OfFinish(_chunks.Finish.GivenUpReason)
        : null;

    // Without a finish reason, and without [DONE], an answer is whole where HTTP says that its body is.
    private ChatResponseUpdate End() =>
        _failure is not null ? throw _failure
        : !_chunks.IsFinished && !_chunks.IsDone && !(_isDelimited && _chunks.HasAnswer && !_chunks.HasBrokenCall) ? throw _failures.Of(ResponderFailure.Truncated)
        : !_chunks.HasAnswer ? throw _failures.Of(ResponderFailure.Empty)
        : _chunks.End();
}
