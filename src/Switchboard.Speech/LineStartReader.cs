using static Switchboard.Speech.SpeechCharacters;

namespace Switchboard.Speech;

/// <summary>Leaves out the marks at the start of a line: headings, bullets, quotes, rules. The numbers of lists stay: they are spoken.</summary>
internal sealed class LineStartReader(SpeechPlace place, CodeReader code, TableReader tables)
{
    public Mark Read(Window window)
    {
        var indent = window.SpaceEnd(0);
        if (!window.Knows(indent))
        {
            return Mark.Undecided;
        }

        var mark = indent < window.Length ? Marked(window, indent) : Mark.None;
        if (mark.Kind != MarkKind.None || indent == 0)
        {
            return mark;
        }

        // An indent before text stays; what follows it cannot be a mark any more.
        place.AtLineStart = indent < window.Length && IsLineEnd(window[indent]);
        return Mark.Text(indent);
    }

    /// <summary>The hashes that may end a heading.</summary>
    public Mark ClosingHashes(Window window)
    {
        if (!place.InHeading || place.Previous is not (' ' or '\t'))
        {
            return Mark.None;
        }

        var end = window.SpaceEnd(window.RunEnd(0, '#'));
        return !window.Knows(end) ? Mark.Undecided : IsLineEnd(window.At(end)) ? Mark.Omit(end) : Mark.None;
    }

    private Mark Marked(Window window, int indent)
    {
        switch (window[indent])
        {
            case '#':
                return Heading(window, indent);
            case '>':
                return !window.Knows(indent + 1) ? Mark.Undecided
                    : window.At(indent + 1) == '=' ? Mark.None
                    : Mark.Cut(indent + (window.At(indent + 1) is ' ' or '\t' ? 2 : 1));
            case '-' or '=' or '*' or '_' or ':':
                return Rule(window, indent);
            case '+' or '•' or '●' or '○' or '■' or '□' or '◦' or '‣' or '⁃' or '·' or '▪':
                return Bullet(window, indent);
            case '|':
                return tables.Start(window, indent);
            case '`' or '~':
                return code.Fence(window, indent);
            default:
                return Mark.None;
        }
    }

    private Mark Heading(Window window, int indent)
    {
        var end = window.RunEnd(indent, '#');
        if (!window.Knows(end))
        {
            return Mark.Undecided;
        }

        if (end - indent > 6 || !IsSpace(window.At(end)))
        {
            return Mark.None;
        }

        place.InHeading = true;
        return Mark.Cut(window.At(end) is ' ' or '\t' ? end + 1 : end);
    }

    // Rules, underlines of headings and of table heads, or else a bullet.
    private Mark Rule(Window window, int indent)
    {
        var mark = window[indent];
        var end = indent;
        var isTable = false;
        while (end < window.Length && (window[end] == mark || window[end] is ' ' or '\t' || (mark is '-' or ':' && window[end] is '-' or '|' or ':')))
        {
            isTable |= window[end] == '|';
            end++;
        }

        if (!window.Knows(end))
        {
            return Mark.Undecided;
        }

        if (!IsLineEnd(window.At(end)))
        {
            return Bullet(window, indent);
        }

        var line = window.Span[indent..end];
        var marks = line.Count(mark);
        var isRule = mark switch
        {
            ':' => isTable && line.Contains('-'),
            '-' => line.Length > 1 || window.Ends || end < window.Length,
            '=' => marks > 1,
            '*' => marks != 1 || line.Length > 1,
            _ => marks > 2,
        };
        place.InTable |= isRule && isTable;
        return isRule ? Mark.Cut(end) : Mark.None;
    }

    private Mark Bullet(Window window, int indent)
    {
        if (window[indent] is '=' or '_' or ':')
        {
            return Mark.None;
        }

        if (!window.Knows(indent + 1))
        {
            return Mark.Undecided;
        }

        if (window.At(indent + 1) is not (' ' or '\t'))
        {
            return window[indent] is '•' ? Mark.Cut(indent + 1) : Mark.None;
        }

        place.AfterBullet = true;
        return Mark.Cut(indent + 2);
    }
}
