using System.Text;

namespace Switchboard.Speech;

/// <summary>Puts the spoken part of one piece together; what is spoken as it came is a part of the piece, not a copy.</summary>
internal sealed class SpokenPieces
{
    private readonly StringBuilder _built = new();
    private int _from;
    private int _to;

    /// <summary>Keeps a range of the text, which begins at or after the end of the one before.</summary>
    public void Keep(ReadOnlySpan<char> text, int start, int length)
    {
        if (start != _to)
        {
            _built.Append(text[_from.._to]);
            _from = start;
        }

        _to = start + length;
    }

    public void Say(ReadOnlySpan<char> text, string words)
    {
        _built.Append(text[_from.._to]).Append(words);
        _from = _to;
    }

    /// <summary>Ends the piece.</summary>
    /// <param name="text">What the ranges refer to.</param>
    /// <param name="piece">The same text, where there is a string of it.</param>
    /// <param name="spoken">Receives what is spoken of it, if anything is.</param>
    public void End(ReadOnlySpan<char> text, string? piece, List<ReadOnlyMemory<char>> spoken)
    {
        if (_built.Length == 0 && piece is not null)
        {
            if (_to > _from)
            {
                spoken.Add(piece.AsMemory(_from, _to - _from));
            }
        }
        else if (_built.Length > 0 || _to > _from)
        {
            spoken.Add(_built.Append(text[_from.._to]).ToString().AsMemory());
        }

        _built.Clear();
        _from = _to = 0;
    }
}
