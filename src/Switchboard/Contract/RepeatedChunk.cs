using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Switchboard.Contract;

/// <summary>
/// Reads a chunk that differs from an earlier one in nothing but its text and its padding, as nearly all chunks of an answer do: the bytes
/// around the text need then not be parsed again. Whatever is not certain is left to the parser.
/// </summary>
internal sealed class RepeatedChunk
{
    // Larger than any usual head; what an upstream adds beyond it is not worth keeping for every stream.
    private const int MaxFrameBytes = 2048;

    // What ends a JSON string, begins an escape, or may not stand in one.
    private static readonly SearchValues<byte> NotPlain = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    // What OpenAI and Mistral pad their chunks with lest their length tell the text: letters and digits by chance, in the last field.
    private static readonly SearchValues<byte> Padding =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_"u8);

    private byte[] _frame = [];
    private int _before;
    private int _after;
    private bool _isPadded;

    /// <summary>Keeps what stands around the text of a chunk, and before its padding.</summary>
    /// <param name="chunk">The chunk, which is valid, and says nothing but its text and what the chunks before said.</param>
    /// <param name="text">Where its text stands, without the quotes.</param>
    public void Learn(ReadOnlySpan<byte> chunk, Range text)
    {
        var (start, length) = text.GetOffsetAndLength(chunk.Length);
        var after = WithoutPadding(chunk[(start + length)..], out _isPadded);
        (_before, _after) = (start, after.Length);
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
        after.CopyTo(_frame.AsSpan(_before));
    }

    /// <summary>Takes the text of a chunk, where everything else but its padding is as before.</summary>
    public bool TryRead(ReadOnlySpan<byte> chunk, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (_before == 0 || !chunk.StartsWith(_frame.AsSpan(0, _before)))
        {
            return false;
        }

        var rest = chunk[_before..];
        var length = rest.IndexOfAny(NotPlain);
        if (length < 0 || !rest[length..].StartsWith(_frame.AsSpan(_before, _after)) || !IsEnd(rest[(length + _after)..]) || !Utf8.IsValid(rest[..length]))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(rest[..length]);
        return true;
    }

    private static ReadOnlySpan<byte> WithoutPadding(ReadOnlySpan<byte> after, out bool isPadded)
    {
        isPadded = false;
        if (after.EndsWith("\"}"u8))
        {
            var before = after[..(after[..^2].LastIndexOfAnyExcept(Padding) + 1)];
            isPadded = before.EndsWith(""","obfuscation":" """u8[..^1]) || before.EndsWith(""","p":" """u8[..^1]);
            return isPadded ? before : after;
        }

        return after;
    }

    private bool IsEnd(ReadOnlySpan<byte> end) => _isPadded ? end.EndsWith("\"}"u8) && !end[..^2].ContainsAnyExcept(Padding) : end.IsEmpty;
}
