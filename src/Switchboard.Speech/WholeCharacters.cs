namespace Switchboard.Speech;

/// <summary>Text that passes as it stands: all there is, but never half of a surrogate pair.</summary>
internal static class WholeCharacters
{
    public static Mark Text(Window window)
    {
        var isHalf = char.IsHighSurrogate(window.Span[^1]) && !window.Ends;
        return !isHalf ? Mark.Text(window.Length) : window.Length > 1 ? Mark.Text(window.Length - 1) : Mark.Undecided;
    }
}
