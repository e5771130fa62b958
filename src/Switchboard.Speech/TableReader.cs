using static Switchboard.Speech.SpeechCharacters;

namespace Switchboard.Speech;

/// <summary>Says the cells of a table row one after another, with a comma as the pause between them.</summary>
internal sealed class TableReader(SpeechPlace place, SpokenLine line)
{
    private const string Pause = ", ";

    /// <summary>A line that begins with <c>|</c>: the row that aligns the columns is left out.</summary>
    public Mark Start(Window window, int indent)
    {
        var end = indent;
        while (end < window.Length && window[end] is '|' or '-' or ':' or ' ' or '\t')
        {
            end++;
        }

        if (!window.Knows(end))
        {
            return Mark.Undecided;
        }

        if (IsLineEnd(window.At(end)))
        {
            return Mark.Cut(end);
        }

        place.AtLineStart = false;
        place.InTableRow = true;
        return Mark.Cut(indent + 1);
    }

    public Mark Read(Window window)
    {
        if (window[0] == '|')
        {
            return place.InTableRow ? Cell() : Loose(window);
        }

        if (!place.InTableRow)
        {
            return Mark.None;
        }

        var end = window.SpaceEnd(0);
        return !window.Knows(end) ? Mark.Undecided : IsLineEnd(window.At(end)) || window.At(end) == '|' ? Mark.Cut(end) : Mark.Text(end);
    }

    private Mark Cell()
    {
        line.Owe(Pause);
        return Mark.Cut(1);
    }

    // A row without outer bars cannot be told from text: a bar between spaces is a pause in both.
    private Mark Loose(Window window)
    {
        if (!window.Knows(1))
        {
            return Mark.Undecided;
        }

        return IsSpace(place.Previous) && window.At(1) is ' ' or '\t' ? Mark.Say(1, ",") : Mark.None;
    }
}
