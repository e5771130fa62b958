using System.Buffers;

namespace Switchboard.Upstream;

/// <summary>
/// What has come of a body and is not read yet, and the events in it. Each event is bounded, since the buffer grows with one for as long as it lasts, and
/// so is the whole; what is no event (comments, blanks) counts with the next one. While it is empty it holds no memory: most of the time a stream waits.
/// </summary>
/// <remarks>https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation</remarks>
internal sealed class EventBuffer(int maxEventBytes, int maxBytes) : IDisposable
{
    private const int MinBytes = 4096;

    private byte[] _bytes = [];
    private int _start;
    private int _end;
    private int _searched;
    private int _sinceEvent;
    private int _total;
    private Range? _data;
    private ArrayBufferWriter<byte>? _lines;
    private string _type = "";
    private bool _afterReturn;

    /// <summary>Whether nothing is held: neither bytes nor the beginning of an event.</summary>
    public bool IsEmpty => _start == _end && !HasData;

    /// <summary>The type of the event that was read: <c>error</c> or any other.</summary>
    public string EventType { get; private set; } = "";

    /// <summary>All that is not read yet.</summary>
    public ReadOnlySpan<byte> Rest => _bytes.AsSpan(_start, _end - _start);

    private bool HasData => _data is not null || _lines is not null;

    /// <summary>Where the next bytes go; <see cref="Add"/> tells how many.</summary>
    public Memory<byte> GetMemory()
    {
        if (_end == _bytes.Length)
        {
            MakeRoom();
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>Takes the bytes that were put into <see cref="GetMemory"/>.</summary>
    /// <returns>False at the end of the body, when there are none.</returns>
    /// <exception cref="EventTooLargeException">The event, or the body, is larger than one may be.</exception>
    public bool Add(int count)
    {
        _end += count;
        _sinceEvent += count;
        _total += count;
        return _sinceEvent <= maxEventBytes && _total <= maxBytes ? count > 0 : throw new EventTooLargeException();
    }

    /// <summary>Finds the first byte that is neither white space nor a byte order mark; those before it are dropped.</summary>
    /// <returns>Null where it has not come.</returns>
    public byte? Peek()
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        if (Rest.Length == _total && Rest.StartsWith(byteOrderMark[..Math.Min(_total, byteOrderMark.Length)]))
        {
            if (_total < byteOrderMark.Length)
            {
                return null;
            }

            _start += byteOrderMark.Length;
        }

        _start = _searched = _end - Rest.TrimStart(" \t\r\n"u8).Length;
        return _start < _end ? _bytes[_start] : null;
    }

    /// <summary>Reads the next event, where all of it has come.</summary>
    /// <param name="data">Its data, good until more bytes are added.</param>
    public bool TryRead(out ReadOnlySpan<byte> data)
    {
        while (TryReadLine(out var start, out var length))
        {
            if (length > 0)
            {
                ReadField(_bytes.AsSpan(start, length), start);
            }
            else if (TryTake(out data))
            {
                return true;
            }
        }

        data = default;
        return false;
    }

    /// <summary>Gives back the memory; what is held is lost, and more may be added.</summary>
    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
        _start = _end = _searched = 0;
        _data = null;
        _lines = null;
    }

    // A line ends with CR, LF or both, and is read at its first mark: nothing may follow for a long time.
    private bool TryReadLine(out int start, out int length)
    {
        if (_afterReturn && _start < _end)
        {
            _afterReturn = false;
            _start += _bytes[_start] == '\n' ? 1 : 0;
            _searched = _start;
        }

        start = _start;
        var found = _bytes.AsSpan(_searched, _end - _searched).IndexOfAny((byte)'\n', (byte)'\r');
        if (found < 0)
        {
            _searched = _end;
            length = 0;
            return false;
        }

        var end = _searched + found;
        length = end - start;
        _afterReturn = _bytes[end] == '\r';
        _start = _searched = end + 1;
        return true;
    }

    private void ReadField(ReadOnlySpan<byte> line, int start)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? line.Length : colon + 1;
        value += value < line.Length && line[value] == ' ' ? 1 : 0;
        if (name.SequenceEqual("data"u8))
        {
            AddData((start + value)..(start + line.Length));
        }
        else if (name.SequenceEqual("event"u8))
        {
            _type = line[value..].SequenceEqual("error"u8) ? "error" : "";
        }
    }

    // Nearly every event has one line of data, which is read where it stands.
    private void AddData(Range line)
    {
        if (!HasData)
        {
            _data = line;
            return;
        }

        if (_lines is null)
        {
            _lines = new ArrayBufferWriter<byte>();
            _lines.Write(_bytes.AsSpan(_data!.Value));
            _data = null;
        }

        _lines.Write("\n"u8);
        _lines.Write(_bytes.AsSpan(line));
    }

    private bool TryTake(out ReadOnlySpan<byte> data)
    {
        var isEvent = HasData;
        data = _lines is not null ? _lines.WrittenSpan : _data is { } place ? _bytes.AsSpan(place) : default;
        (EventType, _type) = (_type, "");
        _data = null;
        _lines = null;
        _sinceEvent = isEvent ? 0 : _sinceEvent;
        return isEvent;
    }

    private void MakeRoom()
    {
        // From the line of data on, which is not read before its event is whole.
        var kept = _data is { } data ? data.Start.Value : _start;
        var length = _end - kept;
        var bytes = length <= _bytes.Length / 2 && _bytes.Length > 0 ? _bytes : ArrayPool<byte>.Shared.Rent(Math.Max(MinBytes, 2 * length));
        _bytes.AsSpan(kept, length).CopyTo(bytes);
        if (bytes != _bytes && _bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = bytes;
        _start -= kept;
        _searched -= kept;
        _end = length;
        _data = _data is { } moved ? (moved.Start.Value - kept)..(moved.End.Value - kept) : null;
    }
}

/// <summary>An event, or all of them together, has outgrown its bound.</summary>
internal sealed class EventTooLargeException : Exception;
