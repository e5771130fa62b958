using static Switchboard.Speech.SpeechCharacters;

namespace Switchboard.Speech;

/// <summary>Says inline code without its back ticks; leaves fenced code out, or says the configured phrase for it.</summary>
internal sealed class CodeReader(SpeechPlace place, SpokenTextOptions options)
{
    private const int LongestInfo = 40;

    private char _fence;
    private int _length;
    private int _run;
    private bool _runStartsLine;
    private bool _spaceAfterRun;
    private bool _lineStarts;

    /// <summary>Fenced code that begins at the start of a line.</summary>
    public Mark Fence(Window window, int indent)
    {
        var end = window.RunEnd(indent, window[indent]);
        if (!window.Knows(end))
        {
            return Mark.Undecided;
        }

        return end - indent < 3 ? Mark.None : Open(window, indent, end, longestInfo: Window.Limit);
    }

    /// <summary>Back ticks inside a line.</summary>
    public Mark Read(Window window)
    {
        var run = window.RunEnd(0, '`');
        if (!window.Knows(run))
        {
            return Mark.Undecided;
        }

        if (run > 2 && Open(window, 0, run, LongestInfo) is var fence && fence.Kind != MarkKind.None)
        {
            return fence;
        }

        if (run == 1 && IsAsciiWord(place.Previous) && IsAsciiWord(window.At(1)) && !IsClosedInWord(window, out var known))
        {
            return known ? Mark.Text(1) : Mark.Undecided;
        }

        place.Mode = SpeechMode.InlineCode;
        _length = run;
        return Mark.Cut(run);
    }

    public Mark Inside(Window window) => place.Mode == SpeechMode.InlineCode ? Inline(window) : Fenced(window);

    // An apostrophe typed as a back tick stands alone in its word.
    private static bool IsClosedInWord(Window window, out bool known)
    {
        var end = window.Span[1..].IndexOfAny('`', ' ', '\n') + 1;
        known = end > 0 || window.Closed;
        return end > 0 && window[end] == '`';
    }

    // The info string holds no back tick (CommonMark 4.5); with one, this is a span in three ticks.
    private Mark Open(Window window, int indent, int start, int longestInfo)
    {
        var limit = start + longestInfo;
        for (var index = start; index < window.Length && index <= limit; index++)
        {
            var character = window[index];
            if (character == '`' && window[indent] == '`')
            {
                return Mark.None;
            }

            if (character == '\n')
            {
                (_fence, _length, _run, _lineStarts) = (window[indent], start - indent, 0, true);
                place.Mode = SpeechMode.FencedCode;
                return options.CodePhrase is { Length: > 0 } phrase ? Mark.Say(index + 1, phrase) : Mark.Cut(index + 1);
            }

            if (longestInfo == LongestInfo && character is ' ')
            {
                return Mark.None;
            }
        }

        return window.Ends && window.Length <= limit ? Mark.Cut(window.Length)
            : window.Closed || window.Length > limit ? Mark.None : Mark.Undecided;
    }

    private Mark Inline(Window window)
    {
        var end = window.Span.IndexOfAny('`', '\n');
        if (end > 0)
        {
            return Mark.Text(end);
        }

        if (end < 0)
        {
            return WholeCharacters.Text(window);
        }

        if (window[0] == '\n')
        {
            place.Mode = SpeechMode.Prose;
            return Mark.None;
        }

        var run = window.RunEnd(0, '`');
        if (!window.Knows(run))
        {
            return Mark.Undecided;
        }

        if (run != _length)
        {
            return Mark.Text(run);
        }

        place.Mode = SpeechMode.Prose;
        return Mark.Cut(run);
    }

    private Mark Fenced(Window window)
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
                place.Mode = SpeechMode.Prose;
                return index == 0 ? Mark.None : Mark.Cut(index);
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

        return Mark.Cut(window.Length);
    }
}
