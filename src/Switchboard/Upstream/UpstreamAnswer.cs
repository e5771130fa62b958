using System.Net.ServerSentEvents;
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
    private readonly EventStream _body;
    private readonly ChunkReader _chunks;
    private readonly CancellationTokenSource _tail;
    private readonly CancellationTokenSource _reading;
    private IAsyncEnumerator<SseItem<ChatResponseUpdate?>>? _events;
    private ResponderException? _failure;
    private int _finishes;
    private bool _isOver;

    // A body that has neither a length nor chunks ends with its connection, however that ended: RFC 9112, 6.3 and 8.
    private readonly bool _isDelimited;

    private UpstreamAnswer(HttpResponseMessage response, Stream body, bool keepsThoughts, UpstreamFailures failures, TimeProvider time, CancellationToken cancellationToken)
    {
        _response = response;
        _chunks = new ChunkReader(keepsThoughts);
        _failures = failures;
        _time = time;
        _isDelimited = response.Version.Major > 1 || response.Headers.TransferEncodingChunked is true || response.Content.Headers.ContentLength is not null;
        _body = new EventStream(body, MaxEventBytes, MaxBytes);
        _tail = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _tail.Token);
    }

    /// <summary>Begins to read. The response belongs to the answer, also where this fails.</summary>
    /// <exception cref="ResponderException">There is no body.</exception>
    public static async Task<UpstreamAnswer> OpenAsync(HttpResponseMessage response, bool keepsThoughts, UpstreamFailures failures, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return new UpstreamAnswer(response, await response.Content.ReadAsStreamAsync(cancellationToken), keepsThoughts, failures, time, cancellationToken);
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
            _events ??= await StartAsync(_reading.Token);
            // What stands beside a failure is said before it.
            while (_failure is null && !_chunks.IsDone && await _events.MoveNextAsync())
            {
                _body.StartEvent();
                _failure = FailureOfChunk();
                BoundTail();
                if (_events.Current.Data is { } update)
                {
                    return update;
                }
            }
        }
        catch (Exception failure) when (UpstreamFailures.IsOfBody(failure))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_chunks.IsFinished || (_chunks.MayGoOn && !_tail.IsCancellationRequested))
            {
                throw _failures.OfBody(failure);
            }
        }

        _isOver = true;
        return End();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_events is not null)
            {
                await _events.DisposeAsync();
            }
        }
        finally
        {
            // First the one that hears of the other.
            _reading.Dispose();
            _tail.Dispose();
            if (_chunks.IsDone)
            {
                _ = ResponseTail.ReadAsync(_response, _body, _time);
            }
            else
            {
                _response.Dispose();
            }
        }
    }

    // Servers call either body by the name of the other, so the first byte decides.
    private async ValueTask<IAsyncEnumerator<SseItem<ChatResponseUpdate?>>> StartAsync(CancellationToken cancellationToken) =>
        await _body.PeekAsync(cancellationToken) switch
        {
            null => throw _failures.Of(ResponderFailure.Empty),
            (byte)'{' => WholeAsync(cancellationToken).GetAsyncEnumerator(cancellationToken),
            { } first when MayBeEvents(first) => SseParser.Create(_body, _chunks.Read).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken),
            _ => throw _failures.Of(ResponderFailure.Malformed),
        };

    private bool MayBeEvents(byte first) => _response.Content.Headers.ContentType?.MediaType is "text/event-stream"
        ? first is not (byte)'<'
        // A comment, or one of the fields data, event, id and retry.
        : first is (byte)':' or (byte)'d' or (byte)'e' or (byte)'i' or (byte)'r';

    private async IAsyncEnumerable<SseItem<ChatResponseUpdate?>> WholeAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var whole = await _body.ReadRestAsync(cancellationToken);
        yield return new SseItem<ChatResponseUpdate?>(_chunks.ReadWhole(whole.Span));
        if (!_chunks.IsFinished)
        {
            throw _failures.Of(ResponderFailure.Malformed);
        }
    }

    // Silence is no failure any more, and the caller must not wait for it: what was held back until the end, such as a hang-up, would wait too.
    private void BoundTail()
    {
        if (_chunks.IsFinished && _chunks.HasAnswer && _chunks.Finishes != _finishes)
        {
            _finishes = _chunks.Finishes;
            _tail.CancelAfter(_chunks.MayGoOn ? MaxDoubtfulTail : MaxTail);
        }
    }

    private ResponderException? FailureOfChunk() =>
        _chunks.Error is { } error ? _failures.OfReport(error)
        : _chunks.HeldCharacters > MaxEventBytes || _chunks.HasTooManyCalls ? _failures.Of(ResponderFailure.TooLarge)
        : _chunks.IsGivenUp ? _failures.OfFinish(_chunks.GivenUpReason)
        : null;

    // Without a finish reason, and without [DONE], an answer is whole where HTTP says that its body is.
    private ChatResponseUpdate End() =>
        _failure is not null ? throw _failure
        : !_chunks.IsFinished && !_chunks.IsDone && !(_isDelimited && _chunks.HasAnswer) ? throw _failures.Of(ResponderFailure.Truncated)
        : !_chunks.HasAnswer ? throw _failures.Of(ResponderFailure.Empty)
        : _chunks.End();
}
