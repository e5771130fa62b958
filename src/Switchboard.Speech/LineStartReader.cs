using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>Leaves out the marks at the start of a line: headings, bullets, quotes, rules. The numbers of lists stay: they are spoken.</summary>
internal sealed class LineStartReader(ReadingState state, CodeReader code, TableReader tables, LabelReader labels)
{
    public Decision Read(Window window)
    {
        var indent = window.RunEnd(0, Blanks);
        if (!window.Knows(indent))
        {
            return Decision.Undecided;
        }

        var decision = indent == window.Length ? Decision.None : indent == 0 && labels.Read(window) is { Kind: not DecisionKind.None } label ? label : Marked(window, indent);
        if (decision.Kind != DecisionKind.None || indent == 0)
        {
            return decision;
        }

        // An indent before text stays; what follows it cannot be a mark any more.
        state.AtLineStart = indent < window.Length && IsLineEnd(window[indent]);
        return Decision.Text(indent);
    }

    /// <summary>The hashes that may end a heading.</summary>
    public Decision ReadClosingHashes(Window window)
    {
        if (!state.InHeading || state.Previous is not (' ' or '\t'))
        {
            return Decision.None;
        }

        var end = window.RunEnd(window.RunEnd(0, '#'), Blanks);
        return !window.Knows(end) ? Decision.Undecided : IsLineEnd(window.At(end)) ? Decision.Omit(end) : Decision.None;
    }

    private Decision Marked(Window window, int indent) => window[indent] switch
    {
        '#' => Heading(window, indent),
        '>' => Quote(window, indent),
        '-' or '=' or '*' or '_' or ':' or '–' or '—' or '―' or '─' or '━' or '═' => Rule(window, indent),
        '+' or '•' or '●' or '○' or '■' or '□' or '◦' or '‣' or '⁃' or '·' or '▪' => Bullet(window, indent),
        '|' => tables.ReadStart(window, indent),
        '`' or '~' => code.ReadFence(window, indent),
        _ => Decision.None,
    };

    private static Decision Quote(Window window, int indent) =>
        !window.Knows(indent + 1) ? Decision.Undecided
        : window.At(indent + 1) == '=' ? Decision.None
        : Decision.Cut(indent + (window.At(indent + 1) is ' ' or '\t' ? 2 : 1));

    private Decision Heading(Window window, int indent)
    {
        var end = window.RunEnd(indent, '#');
        if (!window.Knows(end))
        {
            return Decision.Undecided;
        }

        if (end - indent > 6 || !IsSpace(window.At(end)))
        {
            return Decision.None;
        }

        state.InHeading = true;
        return Decision.Cut(window.At(end) is ' ' or '\t' ? end + 1 : end);
    }

    // Rules, underlines of headings and of table heads, or else a bullet.
    private Decision Rule(Window window, int indent)
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
            return Decision.Undecided;
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
            '–' or '—' => marks > 1,
            _ => marks > 2,
        };
        state.InTable |= isRule && isTable;
        return isRule ? Decision.Cut(end) : Decision.None;
    }

    private Decision Bullet(Window window, int indent)
    {
        if (window[indent] is not ('-' or '*' or '+') and not (>= '·' and not ('–' or '—' or '―' or '─' or '━' or '═')))
        {
            return Decision.None;
        }

        if (!window.Knows(indent + 1))
        {
            return Decision.Undecided;
        }

        if (window.At(indent + 1) is not (' ' or '\t'))
        {
            return window[indent] is '•' ? Decision.Cut(indent + 1) : Decision.None;
        }

        state.AfterBullet = true;
        return Decision.Cut(indent + 2);
    }
}

/// <summary>Says the cells of a table row one after another, with a comma as the pause between them.</summary>
internal sealed class TableReader(ReadingState state, SpokenLine line)
{
    /// <summary>A line that begins with <c>|</c>: the row that aligns the columns is left out.</summary>
    public Decision ReadStart(Window window, int indent)
    {
        var end = window.RunEnd(indent, OfAlignment);
        if (!window.Knows(end))
        {
            return Decision.Undecided;
        }

        if (IsLineEnd(window.At(end)))
        {
            return Decision.Cut(end);
        }

        state.AtLineStart = false;
        state.InTableRow = true;
        return Decision.Cut(indent + 1);
    }

    public Decision Read(Window window)
    {
        if (!state.InTableRow)
        {
            return window[0] == '|' ? LooseBar(window) : Decision.None;
        }

        if (window[0] == '|')
        {
            line.Pause(", ");
            return Decision.Cut(1);
        }

        var end = window.RunEnd(0, Blanks);
        return !window.Knows(end) ? Decision.Undecided : IsLineEnd(window.At(end)) || window.At(end) == '|' ? Decision.Cut(end) : Decision.Text(end);
    }

    // A row without outer bars cannot be told from text: a bar between spaces is a pause in both.
    private Decision LooseBar(Window window) =>
        !window.Knows(1) ? Decision.Undecided
        : IsSpace(state.Previous) && window.At(1) is ' ' or '\t' ? Decision.Say(1, ",") : Decision.None;
}
