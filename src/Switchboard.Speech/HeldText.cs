namespace Switchboard.Speech;

/// <summary>The text that was read but not decided on.</summary>
internal sealed class HeldText
{
    private char[] _text = new char[64];
    private int _length;

    public bool IsEmpty => _length == 0;

    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    public void Append(ReadOnlySpan<char> text)
    {
        if (_length + text.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + text.Length));
        }

        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
    }

    public void RemoveFirst(int count)
    {
        Text[count..].CopyTo(_text);
        _length -= count;
    }

    public void Clear() => _length = 0;

    /// <summary>Takes the letter that is held out, if the character after it shows that it does not begin an address.</summary>
    public string? TakePlainLetter(char next, SpokenText place)
    {
        if (_length != 1 || !place.IsProse || (next | ' ') == 't' || _text[0] is not ('h' or 'H'))
        {
            return null;
        }

        _length = 0;
        return _text[0] == 'h' ? "h" : "H";
    }
}
