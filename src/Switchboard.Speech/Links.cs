using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>Finds the end of <c>(target "title")</c>.</summary>
internal static class LinkTarget
{
    private static readonly string[] Beginnings = ["http", "www.", "<", "#", "/"];

    /// <summary>The index after the closing parenthesis.</summary>
    public static int FindEnd(Window window, int open)
    {
        var depth = 0;
        var space = -1;
        for (var index = open; index < window.Length; index++)
        {
            var character = window[index];
            if (character == '(')
            {
                depth++;
            }
            else if (character == ')' && --depth == 0)
            {
                return index + 1;
            }
            else if (character == '\n' || (space >= 0 && EndsSentence(window.Span, index)))
            {
                return space < 0 ? index : Window.Missing;
            }
            else if (IsSpace(character) && space < 0)
            {
                space = index;
            }
        }

        // A target that the answer breaks off in is one all the same.
        return window.Closed && space < 0 ? window.Length : window.NotFound;
    }

    /// <summary>Whether what follows the colon of a definition is a target; null when too little is known.</summary>
    public static bool? IsTarget(Window window, int start)
    {
        var at = window.RunEnd(start, Blanks);
        foreach (var beginning in Beginnings)
        {
            if (window.Has(beginning, at) is not false and var found)
            {
                return found;
            }
        }

        return false;
    }
}

/// <summary>
/// The ends of the links whose text is being read: <c>](target)</c> is known to follow and is not spoken. Places are counted from the
/// beginning of the text at hand.
/// </summary>
internal sealed class LinkEnds
{
    private readonly Stack<(long Start, int Length)> _ends = new();
    private long _origin;

    /// <summary>Where the text that is read now ends: at the nearest end of a link.</summary>
    public int NextStart(int at) => _ends.TryPeek(out var end) && end.Start - _origin >= at ? (int)(end.Start - _origin) : int.MaxValue;

    /// <summary>Takes the end of a link that begins here.</summary>
    /// <returns>Its length; 0 when there is none.</returns>
    public int TakeAt(int at) => _ends.TryPeek(out var end) && end.Start - _origin == at ? _ends.Pop().Length : 0;

    /// <summary>Where the reader that is asked stands.</summary>
    public int ReaderStart { get; set; }

    /// <param name="start">Counted from <see cref="ReaderStart"/>.</param>
    /// <param name="length">In characters.</param>
    public void Add(int start, int length) => _ends.Push((_origin + ReaderStart + start, length));

    public void Advance(int read) => _origin += read;
}
