using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>Says the text of links and the description of images; leaves out citations, footnotes and check boxes.</summary>
internal sealed class BracketReader(ReadingState state, LinkEnds ends)
{
    public Decision Read(Window window) => window[0] switch
    {
        '!' => Image(window),
        ']' => LateEnd(window),
        '【' => Citation.Read(window),
        '(' => Direction(window, ")"),
        '（' => Direction(window, "）"),
        _ => Bracket(window, 0),
    };

    // An image begins a word: after a word the mark ends a sentence, and after the no-break space that French puts before it.
    private Decision Image(Window window)
    {
        if (state.Previous is '\u00a0' or '\u202f' || (!IsSpace(state.Previous) && !state.AfterCut && state.Previous is not ('(' or '[')))
        {
            return Decision.None;
        }

        return !window.Knows(1) ? Decision.Undecided : window.At(1) == '[' ? Bracket(window, 1) : Decision.None;
    }

    // The end of a link whose beginning was passed on, since its text is longer than may be held.
    private Decision LateEnd(Window window)
    {
        if (!state.BracketPassed || (window.Knows(1) && window.At(1) != '('))
        {
            return Decision.None;
        }

        var end = window.Knows(1) ? LinkTarget.FindEnd(window, 1) : Window.Unknown;
        if (end == Window.Unknown)
        {
            return Decision.Undecided;
        }

        state.BracketPassed = false;
        return end == Window.Missing ? Decision.None : Decision.Say(end, "]");
    }

    private Decision Bracket(Window window, int open)
    {
        if (state.AfterBullet && open == 0)
        {
            if (!window.Knows(3))
            {
                return Decision.Undecided;
            }

            if (window.At(1) is ' ' or 'x' or 'X' && window.At(2) == ']' && window.At(3) == ' ')
            {
                return Decision.Cut(3);
            }
        }

        var close = FindClose(window, open);
        if (close == Window.Missing)
        {
            state.BracketPassed = true;
            return Decision.None;
        }

        return close == Window.Unknown || !window.Knows(close + 1) ? Decision.Undecided : Closed(window, open, close);
    }

    // (laughs); [laughs] is left to the voices that perform it.
    private Decision Direction(Window window, string close) => StageDirections.FindEnd(window, 1, close, state) switch
    {
        Window.Unknown => Decision.Undecided,
        Window.Missing => Decision.None,
        var end => Decision.Omit(end),
    };

    private Decision Closed(Window window, int open, int close)
    {
        var content = window.Span[(open + 1)..close];
        var after = window.At(close + 1);
        if (content.Length > 1 && content[0] == '^' && !content.Contains(' ') && after != '(')
        {
            return after == ':' && state.AtLineStart ? Definition(close + 2) : Decision.Omit(close + 1);
        }

        if (content.Length > 1 && content[0] == '!' && state.AtLineStart && !content[1..].ContainsAnyExceptInRange('A', 'Z'))
        {
            // > [!NOTE] heads a quote.
            return Decision.Cut(close + 1);
        }

        if (after == ':' && state.AtLineStart && open == 0)
        {
            return LinkTarget.IsTarget(window, close + 2) switch
            {
                null => Decision.Undecided,
                true => Definition(close + 2),
                false => Decision.None,
            };
        }

        if (after == '(')
        {
            return LinkTarget.FindEnd(window, close + 1) switch
            {
                Window.Unknown => Decision.Undecided,
                Window.Missing => Decision.None,
                var end => Link(content, open, close, end),
            };
        }

        if (content is "0" || (state.Previous == ']' && !state.AfterCut))
        {
            // array[0][1] counts from zero; citations don't.
            return Decision.None;
        }

        if (open == 0 && Citation.IsCitation(content))
        {
            return Decision.Omit(close + 1);
        }

        if (after == '[')
        {
            var end = FindClose(window, close + 1);
            return end == Window.Unknown ? Decision.Undecided : end == Window.Missing ? Decision.None : Link(content, open, close, end + 1);
        }

        return Decision.None;
    }

    private Decision Link(ReadOnlySpan<char> content, int open, int close, int end)
    {
        if (content.Trim().IsEmpty || (open == 0 && Citation.IsCitation(content)))
        {
            return Decision.Omit(end);
        }

        ends.Add(close, end - close);
        return Decision.Cut(open + 1);
    }

    private Decision Definition(int length)
    {
        state.Mode = ReadingMode.UnspokenLine;
        return Decision.Cut(length);
    }

    private static int FindClose(Window window, int open)
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
                    return Window.Missing;
                default:
                    if (EndsSentence(window.Span, index))
                    {
                        return Window.Missing;
                    }

                    break;
            }
        }

        return window.NotFound;
    }
}

/// <summary>Tells citations from what people put in brackets.</summary>
internal static class Citation
{
    private static readonly string[] Names = ["citation:", "cite:", "source:", "ref:"];

    /// <summary>Numbers of up to three digits, listed or in ranges: 1, 2-4. A year is none.</summary>
    public static bool IsCitation(ReadOnlySpan<char> content)
    {
        foreach (var name in Names)
        {
            content = content.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? content[name.Length..] : content;
        }

        var digits = 0;
        var numbers = 0;
        var index = 0;
        foreach (var character in content)
        {
            index++;
            if (char.IsAsciiDigit(character))
            {
                numbers += digits == 0 ? 1 : 0;
                digits++;
            }
            else if (character == '†')
            {
                return numbers > 0;
            }
            else if (character is ',' or ';' or ' ' or '-' or '–' or ':')
            {
                digits = 0;
            }
            else
            {
                return false;
            }

            if (digits > 3)
            {
                return false;
            }
        }

        return numbers > 0;
    }

    /// <summary>【1†source】, as some models cite; other text in such brackets is kept.</summary>
    public static Decision Read(Window window)
    {
        var cited = false;
        for (var index = 1; index < window.Length; index++)
        {
            var character = window[index];
            if (character == '】')
            {
                return index > 1 ? Decision.Omit(index + 1) : Decision.None;
            }

            cited |= character == '†';
            if (character == '\n' || (!cited && !(char.IsAsciiDigit(character) || character is ':' or ',' or '-' or ' ')))
            {
                return Decision.None;
            }
        }

        return window.Closed ? Decision.None : Decision.Undecided;
    }
}
