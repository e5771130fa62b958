using static Switchboard.Speech.SpeechCharacters;

namespace Switchboard.Speech;

/// <summary>Says the text of links and the description of images; leaves out citations, footnotes and check boxes.</summary>
internal sealed class BracketReader(SpeechPlace place, LinkTails tails)
{
    public Mark Read(Window window) => window[0] switch
    {
        '!' => Image(window),
        ']' => LateEnd(window),
        '【' => Citation.Lenticular(window),
        _ => Bracket(window, 0),
    };

    // An image begins a word: after a word, the mark ends a sentence.
    private Mark Image(Window window)
    {
        if (!IsSpace(place.Previous) && !place.AfterCut && place.Previous is not ('(' or '['))
        {
            return Mark.None;
        }

        // French puts a no-break space before the mark: it ends a sentence, and is no image's.
        if (place.Previous is '\u00a0' or '\u202f')
        {
            return Mark.None;
        }

        return !window.Knows(1) ? Mark.Undecided : window.At(1) == '[' ? Bracket(window, 1) : Mark.None;
    }

    // The end of a link whose beginning was passed on, since its text is longer than may be held.
    private Mark LateEnd(Window window)
    {
        if (!place.BracketPassed)
        {
            return Mark.None;
        }

        if (!window.Knows(1))
        {
            return Mark.Undecided;
        }

        if (window.At(1) != '(')
        {
            return Mark.None;
        }

        var end = LinkTarget.End(window, 1);
        if (end == LinkTarget.Unknown)
        {
            return Mark.Undecided;
        }

        place.BracketPassed = false;
        return end == LinkTarget.None ? Mark.None : Mark.Say(end, "]");
    }

    private Mark Bracket(Window window, int open)
    {
        if (place.AfterBullet && open == 0)
        {
            if (!window.Knows(3))
            {
                return Mark.Undecided;
            }

            if (window.At(1) is ' ' or 'x' or 'X' && window.At(2) == ']' && window.At(3) == ' ')
            {
                return Mark.Cut(3);
            }
        }

        var close = Close(window, open);
        switch (close)
        {
            case LinkTarget.Unknown:
                return Mark.Undecided;
            case LinkTarget.None:
                place.BracketPassed = true;
                return Mark.None;
        }

        return window.Knows(close + 1) ? Closed(window, open, close) : Mark.Undecided;
    }

    private Mark Closed(Window window, int open, int close)
    {
        var content = window.Span[(open + 1)..close];
        var after = window.At(close + 1);
        if (content.Length > 1 && content[0] == '^' && !content.Contains(' ') && after != '(')
        {
            return after == ':' && place.AtLineStart ? Definition(close + 2) : Mark.Omit(close + 1);
        }

        if (content.Length > 1 && content[0] == '!' && place.AtLineStart && !content[1..].ContainsAnyExceptInRange('A', 'Z'))
        {
            // > [!NOTE] heads a quote.
            return Mark.Cut(close + 1);
        }

        if (after == ':' && place.AtLineStart && open == 0)
        {
            return LinkTarget.Follows(window, close + 2) switch
            {
                null => Mark.Undecided,
                true => Definition(close + 2),
                false => Mark.None,
            };
        }

        if (after == '(')
        {
            return LinkTarget.End(window, close + 1) switch
            {
                LinkTarget.Unknown => Mark.Undecided,
                LinkTarget.None => Mark.None,
                var end => Link(content, open, close, end),
            };
        }

        if (content is "0" || (place.Previous == ']' && !place.AfterCut))
        {
            // array[0][1] counts from zero; citations don't.
            return Mark.None;
        }

        if (open == 0 && Citation.IsCitation(content))
        {
            return Mark.Omit(close + 1);
        }

        if (after == '[')
        {
            var end = Close(window, close + 1);
            return end == LinkTarget.Unknown ? Mark.Undecided : end == LinkTarget.None ? Mark.None : Link(content, open, close, end + 1);
        }

        return Mark.None;
    }

    private Mark Link(ReadOnlySpan<char> content, int open, int close, int end)
    {
        if (content.Trim().IsEmpty || (open == 0 && Citation.IsCitation(content)))
        {
            return Mark.Omit(end);
        }

        tails.Add(close, end - close);
        return Mark.Cut(open + 1);
    }

    private Mark Definition(int length)
    {
        place.Mode = SpeechMode.UnspokenLine;
        return Mark.Cut(length);
    }

    private static int Close(Window window, int open)
    {
        var depth = 0;
        for (var index = open; index < window.Length; index++)
        {
            switch (window[index])
            {
                case '[':
                    depth++;
                    break;
                case ']' when --depth == 0:
                    return index;
                case '\\':
                    index++;
                    break;
                case '\n':
                    return LinkTarget.None;
                default:
                    if (EndsSentence(window.Span, index))
                    {
                        return LinkTarget.None;
                    }

                    break;
            }
        }

        return window.Closed ? LinkTarget.None : LinkTarget.Unknown;
    }
}
