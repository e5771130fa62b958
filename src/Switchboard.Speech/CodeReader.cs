using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>Says inline code without its back ticks; leaves fenced code out, or says the configured phrase for it.</summary>
internal sealed class CodeReader(ReadingState state, SpokenTextOptions options, BlockReader blocks)
{
    private const int LongestInfo = 40;

    private static readonly Mark FencedCall = new("```", MarkKind.Call);

    private char _fence;
    private int _length;
    private int _run;
    private bool _runStartsLine;
    private bool _spaceAfterRun;
    private bool _lineStarts;

    /// <summary>Fenced code that begins at the start of a line.</summary>
    public Decision ReadFence(Window window, int indent)
    {
        var end = window.RunEnd(indent, window[indent]);
        if (!window.Knows(end))
        {
            return Decision.Undecided;
        }

        return end - indent < 3 ? Decision.None : Open(window, indent, end, longestInfo: Window.Limit);
    }

    /// <summary>Back ticks inside a line.</summary>
    public Decision Read(Window window)
    {
        var run = window.RunEnd(0, '`');
        if (!window.Knows(run))
        {
            return Decision.Undecided;
        }

        if (run > 2 && Open(window, 0, run, LongestInfo) is var fence && fence.Kind != DecisionKind.None)
        {
            return fence;
        }

        if (run == 1 && IsAsciiWord(state.Previous) && IsAsciiWord(window.At(1)) && !IsClosedInWord(window, out var known))
        {
            return known ? Decision.Text(1) : Decision.Undecided;
        }

        state.Mode = ReadingMode.InlineCode;
        _length = run;
        return Decision.Cut(run);
    }

    public Decision Continue(Window window) => state.Mode == ReadingMode.InlineCode ? Inline(window) : Fenced(window);

    // An apostrophe typed as a back tick stands alone in its word.
    private static bool IsClosedInWord(Window window, out bool known)
    {
        var end = window.Span[1..].IndexOfAny('`', ' ', '\n') + 1;
        known = end > 0 || window.Closed;
        return end > 0 && window[end] == '`';
    }

    // The info string holds no back tick (CommonMark 4.5); with one, this is a span in three ticks. Nor do models write tildes there.
    private Decision Open(Window window, int indent, int start, int longestInfo)
    {
        var limit = start + longestInfo;
        for (var index = start; index < window.Length && index <= limit; index++)
        {
            var character = window[index];
            if (character == window[indent] && (character == '`' || (index + 2 < window.Length && window[index + 1] == '~' && window[index + 2] == '~')))
            {
                return Decision.None;
            }

            if (character == '\n')
            {
                // Gemma's ```tool_code, and JSON that may be a call: no code that anyone was to see.
                var info = window.Span[start..index].Trim();
                if ((Markup.Find(info) ?? MayBeCall(info)) is { } mark)
                {
                    return blocks.Begin(mark with { Ends = [new string(window[indent], start - indent)] }, window, "", index + 1);
                }

                (_fence, _length, _run, _lineStarts) = (window[indent], start - indent, 0, true);
                state.Mode = ReadingMode.FencedCode;
                return options.CodePhrase is { Length: > 0 } phrase ? Decision.Say(index + 1, phrase) : Decision.Cut(index + 1);
            }

            if (longestInfo == LongestInfo && character is ' ')
            {
                return Decision.None;
            }
        }

        return window.Ends && window.Length <= limit ? Decision.Cut(window.Length)
            : window.Closed || window.Length > limit ? Decision.None : Decision.Undecided;
    }

    private Mark? MayBeCall(ReadOnlySpan<char> info) =>
        blocks.ReadsCalls && string.IsNullOrEmpty(options.CodePhrase) && (info is "xml" || info.Equals("json", StringComparison.OrdinalIgnoreCase)) ? FencedCall : null;

    private Decision Inline(Window window)
    {
        var end = window.Span.IndexOfAny('`', '\n');
        if (end != 0)
        {
            return end < 0 ? Decision.AllText(window) : Decision.Text(end);
        }

        if (window[0] == '\n')
        {
            state.Mode = ReadingMode.Prose;
            return Decision.None;
        }

        var run = window.RunEnd(0, '`');
        if (!window.Knows(run))
        {
            return Decision.Undecided;
        }

        if (run != _length)
        {
            return Decision.Text(run);
        }

        state.Mode = ReadingMode.Prose;
        return Decision.Cut(run);
    }

    private Decision Fenced(Window window)
    {
        for (var index = 0; index < window.Length; index++)
        {
            var character = window[index];
            var isClosed = _run >= _length;
            if (character == _fence)
            {
                _runStartsLine = _run == 0 ? _lineStarts : _runStartsLine;
                (_run, _lineStarts) = (_spaceAfterRun ? 1 : _run + 1, false);
                _spaceAfterRun = false;
            }
            else if (isClosed && (character == '\n' || (_runStartsLine && _spaceAfterRun && !IsSpace(character))))
            {
                // Models close a fence at the end of a line of code, or go on talking after it: both end it here.
                _spaceAfterRun = false;
                state.Mode = ReadingMode.Prose;
                return index == 0 ? Decision.None : Decision.Cut(index);
            }
            else if (character == '\n')
            {
                (_run, _lineStarts, _spaceAfterRun) = (0, true, false);
            }
            else if (IsSpace(character))
            {
                _spaceAfterRun = _run > 0;
            }
            else
            {
                (_run, _lineStarts, _spaceAfterRun) = (0, false, false);
            }
        }

        return Decision.Cut(window.Length);
    }
}
