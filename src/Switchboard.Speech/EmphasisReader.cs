using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>
/// Leaves out the marks of emphasis, of struck and of highlighted text. An opening mark is left out at once, whether or not it is closed later;
/// where a mark may be meant (arithmetic, star codes, snake_case, a drawn-out ~~) the line is searched for its other end.
/// </summary>
internal sealed class EmphasisReader(ReadingState state)
{
    private static readonly string[] Closing = ["*", "**", "_", "__"];

    private bool _single;
    private bool _double;
    private bool _underscore;
    private bool _struck;
    private bool _highlighted;

    /// <summary>Emphasis does not go beyond a paragraph.</summary>
    public void Reset() => _single = _double = _underscore = _struck = _highlighted = false;

    public Decision Read(Window window)
    {
        var run = window.RunEnd(0, window[0]);
        if (!window.Knows(run))
        {
            return Decision.Undecided;
        }

        if (run < 3 && window[0] is '*' or '_' && !(window[0] == '_' ? _underscore : run == 1 ? _single : _double))
        {
            var end = StageDirections.FindEnd(window, run, Closing[(window[0] == '_' ? 2 : 0) + run - 1], state);
            if (end != Window.Missing)
            {
                return end == Window.Unknown ? Decision.Undecided : Decision.Omit(end);
            }
        }

        return window[0] switch
        {
            '*' => Stars(window, run),
            '_' => Underscores(window, run),
            '~' => Doubled(window, run, ref _struck),
            _ => Doubled(window, run, ref _highlighted),
        };
    }

    private Decision Stars(Window window, int run)
    {
        char before = state.Previous, after = window.At(run);
        bool opens = !IsSpace(after), closes = !IsSpace(before) && before != '\0';
        return after is '\ufe0f' or '\u20e3' ? Decision.Cut(run)
            : run > 3 ? ManyStars(run, after)
            : run == 1 ? Star(window, before, after, opens, closes)
            : run == 2 && !_double && char.IsAsciiDigit(after) && (char.IsAsciiDigit(state.PreviousVisible) || char.IsAsciiLetter(before)) ? Decision.Text(run)
            : run == 2 && !_double && !closes && after == ' ' ? PaddedPair(window)
            : StarPair(run, opens);
    }

    // Four and more rate or mask (rated ****, ****1234), unless they stand at words or begin the line.
    private Decision ManyStars(int run, char after)
    {
        var isClosing = !IsSpace(state.Previous) && (_double || char.IsLetter(state.Previous));
        if (!isClosing && !char.IsLetter(after) && (state.PreviousVisible != '\0' || !IsSpace(after)))
        {
            return Decision.Text(run);
        }

        _double = !_double && !isClosing && char.IsLetter(after);
        return Decision.Cut(run);
    }

    // Models pad ** bold ** at times; a ** b raises to a power.
    private Decision PaddedPair(Window window)
    {
        var closed = PairFollows(window, 2, '*');
        _double = closed == true;
        return closed switch { null => Decision.Undecided, true => Decision.Cut(2), false => Decision.Text(2) };
    }

    // Two and three stars are otherwise never spoken: prose has no use for them.
    private Decision StarPair(int run, bool opens)
    {
        if (run == 3)
        {
            _single = _double ? opens && !_single : opens;
        }

        _double = !_double && opens;
        return Decision.Cut(run);
    }

    private Decision Star(Window window, char before, char after, bool opens, bool closes)
    {
        if (closes && _single && !(char.IsAsciiDigit(before) && char.IsAsciiDigit(after)))
        {
            _single = false;
            return Decision.Cut(1);
        }

        if (!opens || before is '*')
        {
            return Decision.Text(1);
        }

        if (char.IsAsciiDigit(after) || after is '(' or '#' or '.' or '/' || IsWordOfSpaced(before) || before is ')')
        {
            var isInWord = closes && IsAsciiWord(after);
            if (IsClosed(window, isInWord) is not true and var isClosed)
            {
                return isClosed is null ? Decision.Undecided : Decision.Text(1);
            }
        }

        _single = true;
        return Decision.Cut(1);
    }

    // Whether a single star that can close follows: in this word where the star is inside one, else in this sentence.
    private static bool? IsClosed(Window window, bool inWord)
    {
        for (var index = 1; index < window.Length; index++)
        {
            var character = window[index];
            if (character == '\n' || (inWord && IsSpace(character)) || EndsSentence(window.Span, index))
            {
                return false;
            }

            if (character == '*' && !IsSpace(window[index - 1]) && window[index - 1] != '*' && index > 1)
            {
                if (!window.Knows(index + 1))
                {
                    return null;
                }

                // 2*3*4 and 3 *4* 5 multiply.
                if (window.At(index + 1) is var next && next != '*' && !(char.IsAsciiDigit(next) && IsAsciiWord(window[index - 1])))
                {
                    return !inWord || (!char.IsAsciiDigit(window[1]) && !(IsWord(next) && (index == 2 || !IsWord(window[index - 1]))));
                }
            }
        }

        return window.Closed ? false : null;
    }

    private Decision Underscores(Window window, int run)
    {
        char before = state.Previous, after = window.At(run);
        bool wordBefore = IsWordOfSpaced(before), wordAfter = IsWordOfSpaced(after);
        if (wordBefore && wordAfter)
        {
            return Decision.Text(run);
        }

        if (run > 2)
        {
            // Three and more are no part of a name, and blanks to fill in are not read out.
            _underscore = wordAfter;
            return Decision.Cut(run);
        }

        if (!wordAfter && !IsSpace(before) && _underscore)
        {
            _underscore = false;
            return Decision.Cut(run);
        }

        if (wordBefore || IsSpace(after))
        {
            return Decision.Text(run);
        }

        // _private_name and __dunder_name__ are names, not emphasis.
        var end = run;
        var isName = false;
        while (end < window.Length && (IsWordOfSpaced(window[end]) || window[end] == '_'))
        {
            isName |= end > run && window[end - 1] == '_' && window[end] != '_';
            end++;
        }

        if (!window.Knows(end))
        {
            return Decision.Undecided;
        }

        if (isName)
        {
            return Decision.Text(end);
        }

        // 文字_gut_文字: between characters of a script without spaces a single mark needs its other end.
        if (run == 1 && IsWord(before))
        {
            var close = window.Span[run..].IndexOfAny("_ \n，。");
            if (close < 0 || window[run + close] != '_')
            {
                return close < 0 && !window.Closed ? Decision.Undecided : Decision.Text(run);
            }
        }

        _underscore = true;
        return Decision.Cut(run);
    }

    // ~~ and ==; a == b compares, and a drawn-out ~~ ends a word.
    private Decision Doubled(Window window, int run, ref bool isOpen)
    {
        char before = state.Previous, after = window.At(run);
        if (run != 2)
        {
            // ~~~ and === are never spoken, but for an operator between spaces.
            return run > 2 && !(IsSpace(before) && IsSpace(after) && state.PreviousVisible != '\0') ? Decision.Cut(run) : Decision.Text(run);
        }

        if (isOpen && !IsSpace(before))
        {
            isOpen = false;
            return Decision.Cut(run);
        }

        if (IsSpace(after))
        {
            return Decision.Text(run);
        }

        if (IsWord(before) || window[0] == '=')
        {
            if (PairFollows(window, run, window[0]) is not true and var isClosed)
            {
                return isClosed is null ? Decision.Undecided : Decision.Text(run);
            }
        }

        isOpen = true;
        return Decision.Cut(run);
    }

    private static bool? PairFollows(Window window, int start, char mark)
    {
        for (var index = start; index + 1 < window.Length; index++)
        {
            if (window[index] == mark && window[index + 1] == mark)
            {
                return true;
            }

            if (window[index] == '\n' || EndsSentence(window.Span, index))
            {
                return false;
            }
        }

        return window.Closed ? false : null;
    }

    // Of a script that puts spaces between words: there a star inside a word is rarely emphasis.
    // Thai, Lao, Tibetan, Burmese and Khmer have none, nor have Hangul, kana and ideographs where they stand beside a mark.
    private static bool IsWordOfSpaced(char character) =>
        IsWord(character) && character < '\u2e80' && character is not ((>= '\u0e00' and <= '\u109f') or (>= '\u1100' and <= '\u11ff') or (>= '\u1780' and <= '\u17ff'));
}
