using System.Buffers;
using System.Runtime.CompilerServices;
using Switchboard.Common;

namespace Switchboard.Upstream;

/// <summary>
/// The body of an answer with a bound on each event, since the parser's buffer would grow with one for as long as it lasts, and on the whole.
/// What is no event (comments, blanks) counts with the next one. The start can be looked at first, because what a body is called is not always what it is.
/// </summary>
internal sealed class EventStream(Stream body, int maxEventBytes, int maxBytes) : ReadingStream
{
    private const int PeekBytes = 512;

    private byte[]? _peeked;
    private int _peekedStart;
    private int _peekedEnd;
    private int _sinceEvent;
    private int _total;

    /// <summary>To be called with every event read: the next has the whole bound to itself.</summary>
    public void StartEvent() => _sinceEvent = 0;

    /// <summary>Finds the first byte that is neither white space nor a byte order mark; those before it are dropped.</summary>
    /// <returns>The byte; null at the end of the body.</returns>
    /// <exception cref="EventTooLargeException">More than an event's bytes went before it.</exception>
    public async ValueTask<byte?> PeekAsync(CancellationToken cancellationToken)
    {
        _peeked = new byte[PeekBytes];
        while (_peekedStart == _peekedEnd)
        {
            (_peekedStart, _peekedEnd) = (0, Count(await body.ReadAsync(_peeked, cancellationToken)));
            if (_peekedEnd == 0)
            {
                return null;
            }

            _peekedStart = _peekedEnd - WithoutBlanks(_peeked.AsSpan(0, _peekedEnd)).Length;
        }

        return _peeked[_peekedStart];
    }

    /// <summary>Reads the rest of the body as one event.</summary>
    /// <exception cref="EventTooLargeException">It is larger than one may be.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadRestAsync(CancellationToken cancellationToken)
    {
        var rest = new ArrayBufferWriter<byte>();
        while (await ReadAsync(rest.GetMemory(PeekBytes), cancellationToken) is > 0 and var count)
        {
            rest.Advance(count);
        }

        return rest.WrittenMemory;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = TakePeeked(buffer.Span);
        return count > 0 ? count : Count(await body.ReadAsync(buffer, cancellationToken));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
        }

        base.Dispose(disposing);
    }

    private static ReadOnlySpan<byte> WithoutBlanks(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        start = start.StartsWith(byteOrderMark) ? start[byteOrderMark.Length..] : start;
        return start.TrimStart(" \t\r\n"u8);
    }

    private int Count(int count)
    {
        _sinceEvent += count;
        _total += count;
        return _sinceEvent <= maxEventBytes && _total <= maxBytes ? count : throw new EventTooLargeException();
    }

    private int TakePeeked(Span<byte> buffer)
    {
        if (_peeked is null)
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, _peekedEnd - _peekedStart);
        _peeked.AsSpan(_peekedStart, count).CopyTo(buffer);
        _peekedStart += count;
        _peeked = _peekedStart < _peekedEnd ? _peeked : null;
        return count;
    }
}

/// <summary>An event, or all of them together, has outgrown its bound.</summary>
internal sealed class EventTooLargeException : Exception;
