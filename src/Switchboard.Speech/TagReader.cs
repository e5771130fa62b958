using static Switchboard.Speech.SpeechCharacters;

namespace Switchboard.Speech;

/// <summary>Leaves out tags, comments and reasoning; directives to the platform pass as they stand.</summary>
internal sealed class TagReader(SpeechPlace place, SpokenLine line, UnspokenReader unspoken, LinkTails tails)
{
    private const int LongestDirective = 2000;
    private const string NoInterrupting = "<No Interrupting>";
    private const string Comment = "<!--";
    private const string DirectiveName = "imsagent";

    private bool _quoted;
    private int _passed;

    public Mark Read(Window window)
    {
        if (!window.Knows(1))
        {
            return Mark.Undecided;
        }

        return window.At(1) switch
        {
            '!' or '?' => Declaration(window),
            '|' => Token(window),
            '/' => Tag(window, 2),
            var first when char.IsAsciiLetter(first) => Tag(window, 1),
            var first when first > ' ' && char.IsAscii(first) => Address(window, 1),
            _ => Mark.None,
        };
    }

    /// <summary>What follows the name of a directive, up to its end.</summary>
    public Mark Directive(Window window)
    {
        for (var index = 0; index < window.Length; index++)
        {
            var character = window[index];
            _passed++;
            _quoted ^= character == '"';
            if ((character == '>' && !_quoted) || _passed > LongestDirective)
            {
                place.Mode = SpeechMode.Prose;
                return Mark.Text(index + 1);
            }

            if (character == '\n')
            {
                place.Mode = SpeechMode.Prose;
                return index == 0 ? Mark.None : Mark.Text(index);
            }
        }

        var mark = WholeCharacters.Text(window);
        _passed -= window.Length - mark.Length;
        return mark;
    }

    private Mark Declaration(Window window)
    {
        if (window.Span.StartsWith(Comment))
        {
            return unspoken.Begin(Comment.Length, "-->");
        }

        if (!window.Knows(2) || (!window.Knows(Comment.Length) && Comment.AsSpan().StartsWith(window.Span)))
        {
            return Mark.Undecided;
        }

        return char.IsAsciiLetter(window.At(2)) ? unspoken.Begin(2, ">") : Mark.None;
    }

    // <|im_end|> and its like: marks of a chat template that a model let slip.
    private Mark Token(Window window)
    {
        var end = 2;
        while (end < window.Length && (IsAsciiWord(window[end]) || window[end] == '_'))
        {
            end++;
        }

        return !window.Knows(end) || (window.At(end) == '|' && !window.Knows(end + 1)) ? Mark.Undecided
            : end == 2 || window.At(end) != '|' || window.At(end + 1) != '>' ? Mark.None
            : window.Span[2..end] switch
            {
                "begin_of_thought" => unspoken.Begin(end + 2, "<|end_of_thought|>"),
                "START_THINKING" => unspoken.Begin(end + 2, "<|END_THINKING|>"),
                _ => Mark.Cut(end + 2),
            };
    }

    private Mark Tag(Window window, int start)
    {
        var end = start;
        while (end < window.Length && (IsAsciiWord(window[end]) || window[end] is ':' or '_' or '-' or '.'))
        {
            end++;
        }

        if (!window.Knows(end))
        {
            return Mark.Undecided;
        }

        var name = window.Span[start..end];
        var next = window.At(end);
        if (IsDirective(name))
        {
            (place.Mode, _quoted, _passed) = (SpeechMode.Directive, false, 0);
            return Mark.Text(end);
        }

        if (name.IsEmpty || !char.IsAsciiLetter(name[0]) || (name.Length == 1 && !Elements.IsLetter(name[0])) || !(IsSpace(next) || next is '/' or '>') || name.Contains(':') && next is '/')
        {
            return start == 1 ? Address(window, start) : Mark.None;
        }

        if (NoInterrupting.AsSpan(0, Math.Min(window.Length, NoInterrupting.Length)).Equals(window.Span[..Math.Min(window.Length, NoInterrupting.Length)], StringComparison.OrdinalIgnoreCase))
        {
            return window.Length < NoInterrupting.Length ? window.Closed ? Mark.None : Mark.Undecided
                : place.Leading || place.PreviousInk == '}' ? Mark.Text(NoInterrupting.Length) : Mark.Cut(NoInterrupting.Length);
        }

        var close = TagEnd.Find(window, end, allowsBareWords: Elements.IsKnown(name));
        return close switch
        {
            TagEnd.Unknown => Mark.Undecided,
            TagEnd.None => Mark.None,
            _ => Element(window, name, start == 1 && window[close - 1] != '/', close + 1),
        };
    }

    private Mark Element(Window window, ReadOnlySpan<char> name, bool opens, int length)
    {
        if (name.Equals("flush", StringComparison.Ordinal) && window[length - 2] == '/')
        {
            return Mark.Text(length);
        }

        // Web chats wrap reasoning and tool calls in <details type="…">.
        if (opens && (Elements.IsUnspoken(name) || (name.Equals("details", StringComparison.Ordinal) && window.Span[..length].Contains(" type=", StringComparison.Ordinal))))
        {
            return unspoken.Begin(length, $"</{name}>");
        }

        if (Elements.Pause(name) is { } pause)
        {
            line.Owe(pause);
        }

        return Mark.Cut(length);
    }

    // <https://example.com> and <someone@example.com>.
    private Mark Address(Window window, int start)
    {
        var end = start;
        var isAddress = false;
        while (end < window.Length && window[end] is > ' ' and < '\u007f' and not ('<' or '>'))
        {
            isAddress |= window[end] == '@' || window.Span[..end].EndsWith("://");
            end++;
        }

        if (!window.Knows(end))
        {
            return Mark.Undecided;
        }

        if (!isAddress || window.At(end) != '>')
        {
            return Mark.None;
        }

        tails.Add(end, 1);
        return Mark.Cut(1);
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
