using System.Net;

namespace Switchboard.Speech;

/// <summary>Says the characters that HTML entities and backslashes stand for.</summary>
internal static class EscapeReader
{
    private const int LongestEntity = 12;

    public static Decision ReadEntity(Window window)
    {
        // AT&T and Q&A don't wait: no entity that a model writes begins with a capital.
        if (window.Length > 1 && window[1] != '#' && !char.IsAsciiLetterLower(window[1]))
        {
            return Decision.None;
        }

        var end = 1;
        while (end < window.Length && end < LongestEntity && (char.IsAsciiLetterOrDigit(window[end]) || (end == 1 && window[end] == '#')))
        {
            end++;
        }

        if (end == window.Length && !window.Closed && end < LongestEntity)
        {
            return Decision.Undecided;
        }

        if (end < 3 || window.At(end) != ';')
        {
            return Decision.None;
        }

        var entity = window.Span[..(end + 1)].ToString();
        var character = WebUtility.HtmlDecode(entity);
        return character == entity ? Decision.None : Decision.Say(end + 1, character switch
        {
            // A line break here would end the paragraph, and a no-break space is a space to the ear.
            "\u00a0" or "\n" or "\r" => " ",
            "\u00ad" or "\u200b" or "\ufeff" => "",
            _ => character,
        });
    }

    /// <summary>A backslash before a mark makes the mark text (CommonMark 2.4); before a line end it is a hard line break.</summary>
    public static Decision ReadBackslash(Window window)
    {
        if (!window.Knows(1))
        {
            return Decision.Undecided;
        }

        var next = window.At(1);
        return window.Length > 1 && (char.IsAsciiLetterOrDigit(next) || !char.IsAscii(next)) ? Decision.None
            : Characters.IsSpace(next) ? next == '\n' && window.Length > 1 ? Decision.Cut(1) : Decision.None
            : Decision.Say(2, next.ToString());
    }
}
