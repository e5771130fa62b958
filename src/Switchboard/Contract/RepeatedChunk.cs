using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Switchboard.Contract;

/// <summary>
/// Reads a chunk that differs from an earlier one in nothing but its text, as nearly all chunks of an answer do: the bytes around the
/// text need then not be parsed again. Whatever is not certain is left to the parser.
/// </summary>
internal sealed class RepeatedChunk
{
    // Larger than any usual head; what an upstream adds beyond it is not worth keeping for every stream.
    private const int MaxFrameBytes = 2048;

    // What ends a JSON string, begins an escape, or may not stand in one.
    private static readonly SearchValues<byte> NotPlain = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    private byte[] _frame = [];
    private int _before;
    private int _after;

    /// <summary>Keeps what stands around the text of a chunk.</summary>
    /// <param name="chunk">The chunk, which is valid, and says nothing but its text and what the chunks before said.</param>
    /// <param name="text">Where its text stands, without the quotes.</param>
    public void Learn(ReadOnlySpan<byte> chunk, Range text)
    {
        var (start, length) = text.GetOffsetAndLength(chunk.Length);
        _before = start;
        _after = chunk.Length - start - length;
        if (_before + _after > MaxFrameBytes)
        {
            _before = _after = 0;
            return;
        }

        if (_frame.Length < _before + _after)
        {
            _frame = new byte[_before + _after];
        }

        chunk[..start].CopyTo(_frame);
        chunk[(start + length)..].CopyTo(_frame.AsSpan(_before));
    }

    /// <summary>Takes the text of a chunk, where everything else is as before.</summary>
    public bool TryRead(ReadOnlySpan<byte> chunk, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (_before == 0
            || chunk.Length < _before + _after
            || !chunk.EndsWith(_frame.AsSpan(_before, _after))
            || !chunk.StartsWith(_frame.AsSpan(0, _before)))
        {
            return false;
        }

        var plain = chunk[_before..^_after];
        if (plain.ContainsAny(NotPlain) || !Utf8.IsValid(plain))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(plain);
        return true;
    }
}
