using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>Leaves out tags, tokens, comments and the marks of model families; directives to the platform pass as they stand.</summary>
internal sealed class TagReader(ReadingState state, SpokenLine line, BlockReader blocks, LinkEnds ends, SpokenTextOptions options)
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
            '|' or '｜' => Token(window, 1),
            '/' when !window.Knows(2) => Decision.Undecided,
            '/' => Markup.IsBar(window.At(2)) ? Token(window, 2) : Tag(window, 2),
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
        return isComment == true ? blocks.Begin(Comment.Length, "-->")
            : isComment is null || !window.Knows(2) ? Decision.Undecided
            : char.IsAsciiLetter(window.At(2)) ? blocks.Begin(2, ">") : Decision.None;
    }

    // <|im_end|> and its like: marks of a chat template that a model let slip.
    private Decision Token(Window window, int bar)
    {
        var end = window.RunEnd(bar + 1, OfToken);
        if (!window.Knows(end) || (Markup.IsBar(window.At(end)) && !window.Knows(end + 1)))
        {
            return Decision.Undecided;
        }

        if (end == bar + 1)
        {
            return Decision.None;
        }

        if (end == window.Length && window.Ends)
        {
            // The answer broke off in it.
            return Decision.Cut(end);
        }

        // Gemma 4 writes <|name> and <name|>.
        var close = Markup.IsBar(window.At(end)) ? end + 1 : end;
        if (window.At(close) == '>')
        {
            var name = window.Span[1..close];
            return bar == 1 && Markup.Find(name) is { } mark ? blocks.Begin(mark, window, name, close + 1) : Decision.Cut(close + 1);
        }

        return close > end && (char.IsAsciiLetter(window.At(close)) || window.At(close) == ' ') ? Prefixed(window, bar, close) : Decision.None;
    }

    // DeepSeek's <｜DSML｜invoke name="x">; its later models put a space before the name.
    private Decision Prefixed(Window window, int bar, int close)
    {
        var start = window.RunEnd(close, ' ');
        var end = window.RunEnd(start, OfTag);
        var tagEnd = window.Knows(end) ? TagEnd.Find(window, end, allowsBareWords: true) : Window.Unknown;
        return tagEnd switch
        {
            Window.Unknown => Decision.Undecided,
            Window.Missing => Decision.None,
            _ when bar == 1 && Markup.Find(window.Span[start..end]) is { } mark => blocks.Begin(mark, window, window.Span[1..end], tagEnd + 1),
            _ => Decision.Cut(tagEnd + 1),
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

        if ((IsSpace(next) || next is '/' or '>') && options.Passes(name))
        {
            return Passed(window, end);
        }

        if (Markup.IsBar(next) && name.Length > 1)
        {
            return !window.Knows(end + 1) ? Decision.Undecided : window.At(end + 1) == '>' ? Decision.Cut(end + 2) : Decision.None;
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

    // What the operator named for the voice.
    private static Decision Passed(Window window, int end) => TagEnd.Find(window, end, allowsBareWords: true) switch
    {
        Window.Unknown => Decision.Undecided,
        Window.Missing => Decision.None,
        var close => Decision.Text(close + 1),
    };

    private Decision Element(Window window, ReadOnlySpan<char> name, bool opens, int length)
    {
        if (name.Equals("flush", StringComparison.Ordinal) && window[length - 2] == '/')
        {
            return Decision.Text(length);
        }

        // Web chats wrap reasoning and tool calls in <details type="…">.
        if (opens && name.Equals("details", StringComparison.Ordinal) && window.Span[..length].Contains(" type=", StringComparison.Ordinal))
        {
            return blocks.Begin(length, "</details>");
        }

        if (window[1] != '/' && Markup.Find(name) is { } mark)
        {
            return opens ? blocks.Begin(mark, window, name, length) : mark.Kind == MarkKind.Call ? blocks.Take(window, length) : Decision.Cut(length);
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

    /// <summary>Whether a name is, or begins like, that of something that the platform obeys.</summary>
    public static bool IsOfPlatform(string name)
    {
        var letters = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return letters.StartsWith(DirectiveName[..3], StringComparison.Ordinal) || letters is "no" or "nointerrupting";
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
