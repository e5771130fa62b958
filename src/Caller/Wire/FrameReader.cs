using System.Text;

namespace Caller.Wire;

/// <summary>
/// Reads an event stream as it arrives. Unlike a client's reader it goes on after a defect, reports it,
/// and makes of the bytes what the sender most likely meant, so that one failure does not hide the next.
/// </summary>
internal sealed class FrameReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<byte> _line = [];
    private readonly List<string> _data = [];
    private readonly List<FoundDefect> _defects = [];
    private readonly List<Frame> _ready = [];
    private bool _firstLine = true;
    private bool _skipLineFeed;

    public IReadOnlyList<FoundDefect> Defects => _defects;

    public int Comments { get; private set; }

    /// <summary>What the server told of the turn's end in a comment; null: nothing.</summary>
    public ToldOutcome? Told { get; private set; }

    /// <summary>Takes bytes that arrived together and returns the events they completed.</summary>
    public IReadOnlyList<Frame> Push(ReadOnlySpan<byte> bytes, TimeSpan at)
    {
        _ready.Clear();
        foreach (var value in bytes)
        {
            if (value == '\n' && _skipLineFeed)
            {
                _skipLineFeed = false;
                continue;
            }

            _skipLineFeed = value == '\r';
            if (value is (byte)'\n' or (byte)'\r')
            {
                EndLine(at);
            }
            else
            {
                _line.Add(value);
            }
        }

        return [.. _ready];
    }

    /// <summary>Says that no more bytes come.</summary>
    public IReadOnlyList<Frame> Complete(TimeSpan at)
    {
        _ready.Clear();
        if (_line.Count > 0)
        {
            EndLine(at);
        }

        if (_data.Count > 0)
        {
            _defects.Add(new FoundDefect(FrameDefect.UnterminatedEvent, _data[^1]));
            Dispatch(at);
        }

        return [.. _ready];
    }

    private void EndLine(TimeSpan at)
    {
        var line = Decode([.. _line]);
        _line.Clear();
        if (_firstLine)
        {
            // One byte order mark at the start is allowed and is not part of the stream.
            line = line.TrimStart('\uFEFF');
            _firstLine = false;
        }

        if (line.Length == 0)
        {
            Dispatch(at);
            return;
        }

        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var value = colon < 0 ? "" : line[(colon + 1)..];
        value = value.StartsWith(' ') ? value[1..] : value;
        switch (colon < 0 ? line : line[..colon])
        {
            case "":
                Comments++;
                Told = ToldOutcome.Parse(value) ?? Told;
                break;
            case "data":
                _data.Add(value);
                break;
            case "event" when value is not ("" or "message"):
                _defects.Add(new FoundDefect(FrameDefect.NamedEvent, line));
                break;
            case "event" or "id" or "retry":
                break;
            default:
                _defects.Add(new FoundDefect(FrameDefect.StrayLine, line));
                if (IsPayload(line))
                {
                    _ready.Add(Frame.Create(line, at));
                }

                break;
        }
    }

    private void Dispatch(TimeSpan at)
    {
        if (_data.Count > 1 && _data.TrueForAll(IsPayload))
        {
            _defects.Add(new FoundDefect(FrameDefect.JoinedEvents, _data[1]));
            _ready.AddRange(_data.Select(payload => Frame.Create(payload, at)));
        }
        else if (_data.Count > 0)
        {
            _ready.Add(Frame.Create(string.Join('\n', _data), at));
        }

        _data.Clear();
    }

    private string Decode(byte[] line)
    {
        try
        {
            return Strict.GetString(line);
        }
        catch (DecoderFallbackException)
        {
            var lenient = Encoding.UTF8.GetString(line);
            _defects.Add(new FoundDefect(FrameDefect.InvalidUtf8, lenient));
            return lenient;
        }
    }

    private static bool IsPayload(string text) => text.Trim() == Frame.DonePayload || JsonReading.ParseObject(text) is not null;
}
