using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>Leaves out tags, comments and reasoning; directives to the platform pass as they stand.</summary>
internal sealed class TagReader(ReadingState state, SpokenLine line, UnspokenReader unspoken, LinkEnds ends)
{
    private const int LongestDirective = 2000;
    private const string NoInterrupting = "<No Interrupting>";
    private const string Comment = "<!--";
    private const string DirectiveName = "imsagent";

    private bool _quoted;
    private int _passed;

    public Decision Read(Window window)
    {
        if (!window.Knows(1))
        {
            return Decision.Undecided;
        }

        return window.At(1) switch
        {
            '!' or '?' => Declaration(window),
            '|' => Token(window),
            '/' => Tag(window, 2),
            var first when char.IsAsciiLetter(first) => Tag(window, 1),
            var first when first > ' ' && char.IsAscii(first) => Address(window, 1),
            _ => Decision.None,
        };
    }

    /// <summary>What follows the name of a directive, up to its end.</summary>
    public Decision ContinueDirective(Window window)
    {
        for (var index = 0; index < window.Length; index++)
        {
            var character = window[index];
            _passed++;
            _quoted ^= character == '"';
            if ((character == '>' && !_quoted) || _passed > LongestDirective)
            {
                state.Mode = ReadingMode.Prose;
                return Decision.Text(index + 1);
            }

            if (character == '\n')
            {
                state.Mode = ReadingMode.Prose;
                return index == 0 ? Decision.None : Decision.Text(index);
            }
        }

        var text = Decision.AllText(window);
        _passed -= window.Length - text.Length;
        return text;
    }

    private Decision Declaration(Window window)
    {
        var isComment = window.Has(Comment);
        return isComment == true ? unspoken.Begin(Comment.Length, "-->")
            : isComment is null || !window.Knows(2) ? Decision.Undecided
            : char.IsAsciiLetter(window.At(2)) ? unspoken.Begin(2, ">") : Decision.None;
    }

    // <|im_end|> and its like: marks of a chat template that a model let slip.
    private Decision Token(Window window)
    {
        var end = window.RunEnd(2, OfToken);
        return !window.Knows(end) || (window.At(end) == '|' && !window.Knows(end + 1)) ? Decision.Undecided
            : end == 2 || window.At(end) != '|' || window.At(end + 1) != '>' ? Decision.None
            : window.Span[2..end] switch
            {
                "begin_of_thought" => unspoken.Begin(end + 2, "<|end_of_thought|>"),
                "START_THINKING" => unspoken.Begin(end + 2, "<|END_THINKING|>"),
                _ => Decision.Cut(end + 2),
            };
    }

    private Decision Tag(Window window, int start)
    {
        var end = window.RunEnd(start, OfTag);
        if (!window.Knows(end))
        {
            return Decision.Undecided;
        }

        var name = window.Span[start..end];
        var next = window.At(end);
        if (IsDirective(name))
        {
            (state.Mode, _quoted, _passed) = (ReadingMode.Directive, false, 0);
            return Decision.Text(end);
        }

        if (name.IsEmpty || !char.IsAsciiLetter(name[0]) || (name.Length == 1 && !Elements.IsLetter(name[0])) || !(IsSpace(next) || next is '/' or '>') || name.Contains(':') && next is '/')
        {
            return start == 1 ? Address(window, start) : Decision.None;
        }

        if (window.Has(NoInterrupting) is not false and var isDirective)
        {
            return isDirective is null ? Decision.Undecided
                : state.Leading || state.PreviousVisible == '}' ? Decision.Text(NoInterrupting.Length) : Decision.Cut(NoInterrupting.Length);
        }

        var close = TagEnd.Find(window, end, allowsBareWords: Elements.IsKnown(name));
        return close switch
        {
            Window.Unknown => Decision.Undecided,
            Window.Missing => Decision.None,
            _ => Element(window, name, start == 1 && window[close - 1] != '/', close + 1),
        };
    }

    private Decision Element(Window window, ReadOnlySpan<char> name, bool opens, int length)
    {
        if (name.Equals("flush", StringComparison.Ordinal) && window[length - 2] == '/')
        {
            return Decision.Text(length);
        }

        // Web chats wrap reasoning and tool calls in <details type="…">.
        if (opens && (Elements.IsUnspoken(name) || (name.Equals("details", StringComparison.Ordinal) && window.Span[..length].Contains(" type=", StringComparison.Ordinal))))
        {
            return unspoken.Begin(length, $"</{name}>");
        }

        if (Elements.Pause(name) is { } pause)
        {
            line.Pause(pause);
        }

        return Decision.Cut(length);
    }

    // <https://example.com> and <someone@example.com>.
    private Decision Address(Window window, int start)
    {
        var end = start;
        var isAddress = false;
        while (end < window.Length && window[end] is > ' ' and < '\u007f' and not ('<' or '>'))
        {
            isAddress |= window[end] == '@' || window.Span[..end].EndsWith("://");
            end++;
        }

        if (!window.Knows(end) || !isAddress || window.At(end) != '>')
        {
            return window.Knows(end) ? Decision.None : Decision.Undecided;
        }

        ends.Add(end, 1);
        return Decision.Cut(1);
    }

    // In whatever spelling: it is not for this filter to decide what goes out.
    private static bool IsDirective(ReadOnlySpan<char> name)
    {
        var read = 0;
        foreach (var character in name)
        {
            if (IsAsciiWord(character) && (character | ' ') != DirectiveName[read++])
            {
                return false;
            }

            if (read == DirectiveName.Length)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Leaves out comments, reasoning, scripts, and the definitions of footnotes and links. Holds nothing but a possible end.</summary>
internal sealed class UnspokenReader(ReadingState state)
{
    private string _end = "";

    public Decision Begin(int length, string end)
    {
        _end = end;
        state.Mode = ReadingMode.Unspoken;
        return Decision.Cut(length);
    }

    public Decision Continue(Window window) => state.Mode == ReadingMode.UnspokenLine ? Line(window) : Element(window);

    private Decision Line(Window window)
    {
        var end = window.Span.IndexOf('\n');
        if (end >= 0)
        {
            state.Mode = ReadingMode.Prose;
        }

        return end switch { < 0 => Decision.Cut(window.Length), 0 => Decision.None, _ => Decision.Cut(end) };
    }

    private Decision Element(Window window)
    {
        var at = window.Span.IndexOf(_end, StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
        {
            state.Mode = ReadingMode.Prose;
            return Decision.Omit(at + _end.Length);
        }

        var cut = window.Ends ? window.Length : window.Length - _end.Length + 1;
        return cut > 0 ? Decision.Cut(cut) : Decision.Undecided;
    }
}
