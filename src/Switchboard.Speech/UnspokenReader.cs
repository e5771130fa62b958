namespace Switchboard.Speech;

/// <summary>Leaves out comments, reasoning, scripts, and the definitions of footnotes and links. Holds nothing but a possible end.</summary>
internal sealed class UnspokenReader(SpeechPlace place)
{
    private string _end = "";

    public Mark Begin(int length, string end)
    {
        _end = end;
        place.Mode = SpeechMode.Unspoken;
        return Mark.Cut(length);
    }

    public Mark Inside(Window window) => place.Mode == SpeechMode.UnspokenLine ? Line(window) : Element(window);

    private Mark Line(Window window)
    {
        var end = window.Span.IndexOf('\n');
        if (end >= 0)
        {
            place.Mode = SpeechMode.Prose;
        }

        return end switch { < 0 => Mark.Cut(window.Length), 0 => Mark.None, _ => Mark.Cut(end) };
    }

    private Mark Element(Window window)
    {
        var at = window.Span.IndexOf(_end, StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
        {
            place.Mode = SpeechMode.Prose;
            return Mark.Omit(at + _end.Length);
        }

        var cut = window.Ends ? window.Length : window.Length - _end.Length + 1;
        return cut > 0 ? Mark.Cut(cut) : Mark.Undecided;
    }
}
