using System.Text;

namespace Switchboard.Common;

/// <summary>
/// The beginning of what was said in an answer, in case the responder must be told. Few answers ever need it and every open stream has one, so it is kept
/// as UTF-8, which is half of what a string takes, and grows by halves.
/// </summary>
/// <param name="maxLength">How much is kept, in characters.</param>
internal sealed class KeptText(int maxLength)
{
    // Keeps the first half of a character that was cut in two.
    private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();
    private byte[] _bytes = [];
    private int _count;
    private int _length;

    public bool IsEmpty => _length == 0;

    public void Append(string text)
    {
        var taken = text.AsSpan(0, Math.Min(text.Length, maxLength - _length));
        if (taken.IsEmpty)
        {
            return;
        }

        var needed = _count + Encoding.UTF8.GetMaxByteCount(taken.Length);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length + (_bytes.Length / 2)));
        }

        _count += _encoder.GetBytes(taken, _bytes.AsSpan(_count), flush: false);
        _length += taken.Length;
    }

    public void Clear()
    {
        _encoder.Reset();
        _count = _length = 0;
    }

    /// <summary>What is kept, without half a character at its end.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_bytes, 0, _count);
}
