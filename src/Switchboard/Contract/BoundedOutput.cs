using System.Buffers;
using System.Text;

namespace Switchboard.Contract;

/// <summary>The body of an answer to a platform that takes so many bytes and no more: what is written is counted, and room is kept for an end.</summary>
/// <param name="output">The response body.</param>
/// <param name="most">The most bytes.</param>
internal sealed class BoundedOutput(IBufferWriter<byte> output, int most) : IBufferWriter<byte>
{
    // The length, and two line ends, of a chunk of HTTP/1.1.
    private const int FrameOfFlush = 12;

    // The usage, [DONE], an error, and what JSON has around a tool call.
    private const int EndLength = 1024;

    // \u0000: no character of a string takes more.
    private const int MaxBytesPerChar = 6;

    private long _room = most;

    /// <summary>Whether something had no room.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Keeps room for the end of the answer.</summary>
    /// <param name="chunk">The length of a chunk without its text.</param>
    public void Reserve(int chunk) => _room -= EndLength + (3 * chunk);

    public void Flushed() => _room -= FrameOfFlush;

    public bool HasRoomFor(int length) => length <= _room;

    /// <summary>Whether there is room for a chunk with these texts; if not, the answer is full.</summary>
    public bool HasRoomFor(int chunk, params ReadOnlySpan<string?> texts)
    {
        long length = chunk + EndLength;
        foreach (var text in texts)
        {
            length += Length(text);
        }

        IsFull |= length > _room;
        return !IsFull;
    }

    /// <summary>How many characters of a text there is room for, in a chunk of its own; if not for all, the answer is full.</summary>
    public int Fit(ReadOnlySpan<char> text, int chunk)
    {
        var room = _room - chunk - FrameOfFlush;
        if ((long)text.Length * MaxBytesPerChar <= room)
        {
            return text.Length;
        }

        var fits = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            room -= Length(rune);
            if (room < 0)
            {
                IsFull = true;
                return fits;
            }

            fits += rune.Utf16SequenceLength;
        }

        return text.Length;
    }

    public void Advance(int count)
    {
        _room -= count;
        output.Advance(count);
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => output.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => output.GetSpan(sizeHint);

    private static long Length(string? text)
    {
        var length = 0L;
        foreach (var rune in text.AsSpan().EnumerateRunes())
        {
            length += Length(rune);
        }

        return length;
    }

    // In a JSON string: what has to be escaped takes most.
    private static int Length(Rune rune) => rune.IsAscii && !Rune.IsControl(rune) && rune.Value is not ('"' or '\\') ? 1 : rune.Value >= 0x10000 ? 2 * MaxBytesPerChar : MaxBytesPerChar;
}
