using System.Net;

namespace Switchboard.Speech;

/// <summary>Says the character that an HTML entity stands for.</summary>
internal static class EntityReader
{
    private const int Longest = 12;

    public static Mark Read(Window window)
    {
        // AT&T and Q&A don't wait: no entity that a model writes begins with a capital.
        if (window.Length > 1 && window[1] != '#' && !char.IsAsciiLetterLower(window[1]))
        {
            return Mark.None;
        }

        var end = 1;
        while (end < window.Length && end < Longest && (char.IsAsciiLetterOrDigit(window[end]) || (end == 1 && window[end] == '#')))
        {
            end++;
        }

        if (end == window.Length && !window.Closed && end < Longest)
        {
            return Mark.Undecided;
        }

        if (end < 3 || window.At(end) != ';')
        {
            return Mark.None;
        }

        var entity = window.Span[..(end + 1)].ToString();
        var character = WebUtility.HtmlDecode(entity);
        return character == entity ? Mark.None : Mark.Say(end + 1, character switch
        {
            // A line break here would end the paragraph, and a no-break space is a space to the ear.
            "\u00a0" or "\n" or "\r" => " ",
            "\u00ad" or "\u200b" or "\ufeff" => "",
            _ => character,
        });
    }
}
