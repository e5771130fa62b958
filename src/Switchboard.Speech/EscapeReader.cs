namespace Switchboard.Speech;

/// <summary>A backslash before a mark makes the mark text (CommonMark 2.4); before a line end it is a hard line break.</summary>
internal static class EscapeReader
{
    public static Mark Read(Window window)
    {
        if (!window.Knows(1))
        {
            return Mark.Undecided;
        }

        var next = window.At(1);
        return window.Length > 1 && (char.IsAsciiLetterOrDigit(next) || !char.IsAscii(next)) ? Mark.None
            : SpeechCharacters.IsSpace(next) ? next == '\n' && window.Length > 1 ? Mark.Cut(1) : Mark.None
            : Mark.Say(2, next.ToString());
    }
}
