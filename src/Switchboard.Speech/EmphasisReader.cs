using static Switchboard.Speech.SpeechCharacters;

namespace Switchboard.Speech;

/// <summary>
/// Leaves out the marks of emphasis, of struck and of highlighted text. An opening mark is left out at once, whether or not it is closed later;
/// where a mark may be meant (arithmetic, star codes, snake_case, a drawn-out ~~) the line is searched for its other end.
/// </summary>
internal sealed class EmphasisReader(SpeechPlace place)
{
    private bool _single;
    private bool _double;
    private bool _underscore;
    private bool _struck;
    private bool _highlighted;

    /// <summary>Emphasis does not go beyond a paragraph.</summary>
    public void Forget() => _single = _double = _underscore = _struck = _highlighted = false;

    public Mark Read(Window window)
    {
        var run = window.RunEnd(0, window[0]);
        return !window.Knows(run) ? Mark.Undecided : window[0] switch
        {
            '*' => Stars(window, run),
            '_' => Underscores(window, run),
            '~' => Doubled(window, run, ref _struck),
            _ => Doubled(window, run, ref _highlighted),
        };
    }

    private Mark Stars(Window window, int run)
    {
        char before = place.Previous, after = window.At(run);
        bool opens = !IsSpace(after), closes = !IsSpace(before) && before != '\0';
        return after is '\ufe0f' or '\u20e3' ? Mark.Cut(run)
            : run > 3 ? Surplus(run, after)
            : run == 1 ? Star(window, before, after, opens, closes)
            : run == 2 && !_double && char.IsAsciiDigit(after) && (char.IsAsciiDigit(place.PreviousInk) || char.IsAsciiLetter(before)) ? Mark.Text(run)
            : run == 2 && !_double && !closes && after == ' ' ? Padded(window)
            : StarPair(run, opens);
    }

    // Four and more rate or mask (****1234), unless they embrace words.
    private Mark Surplus(int run, char after)
    {
        if (_double ? IsSpace(place.Previous) : !char.IsLetter(after) || IsWord(place.Previous))
        {
            return Mark.Text(run);
        }

        _double = !_double;
        return Mark.Cut(run);
    }

    // Models pad ** bold ** at times; a ** b raises to a power.
    private Mark Padded(Window window)
    {
        var closed = PairFollows(window, 2, '*');
        _double = closed == true;
        return closed switch { null => Mark.Undecided, true => Mark.Cut(2), false => Mark.Text(2) };
    }

    // Two and three stars are otherwise never spoken: prose has no use for them.
    private Mark StarPair(int run, bool opens)
    {
        if (run == 3)
        {
            _single = _double ? opens && !_single : opens;
        }

        _double = !_double && opens;
        return Mark.Cut(run);
    }

    private Mark Star(Window window, char before, char after, bool opens, bool closes)
    {
        if (closes && _single && !(char.IsAsciiDigit(before) && char.IsAsciiDigit(after)))
        {
            _single = false;
            return Mark.Cut(1);
        }

        if (!opens || before is '*')
        {
            return Mark.Text(1);
        }

        var isDoubtful = char.IsAsciiDigit(after) || after is '(' or '#' || IsWordOfSpaced(before) || before is ')' || after is '.' or '/';
        if (isDoubtful)
        {
            var attached = closes && IsAsciiWord(after);
            switch (Closer(window, attached))
            {
                case null:
                    return Mark.Undecided;
                case false:
                    return Mark.Text(1);
            }
        }

        _single = true;
        return Mark.Cut(1);
    }

    // Whether a single star that can close follows: in this word where the star is inside one, else in this sentence.
    private static bool? Closer(Window window, bool inWord)
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

    private Mark Underscores(Window window, int run)
    {
        char before = place.Previous, after = window.At(run);
        bool wordBefore = IsWordOfSpaced(before), wordAfter = IsWordOfSpaced(after);
        if (run > 3 || (wordBefore && wordAfter))
        {
            return Mark.Text(run);
        }

        if (!wordAfter && !IsSpace(before) && _underscore)
        {
            _underscore = false;
            return Mark.Cut(run);
        }

        if (wordBefore || IsSpace(after))
        {
            return Mark.Text(run);
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
            return Mark.Undecided;
        }

        if (isName)
        {
            return Mark.Text(end);
        }

        // 文字_gut_文字: between characters of a script without spaces a mark needs its other end.
        if (IsWord(before))
        {
            var close = window.Span[run..].IndexOfAny("_ \n，。");
            if (close < 0 || window[run + close] != '_')
            {
                return close < 0 && !window.Closed ? Mark.Undecided : Mark.Text(run);
            }
        }

        _underscore = true;
        return Mark.Cut(run);
    }

    // ~~ and ==; a == b compares, and a drawn-out ~~ ends a word.
    private Mark Doubled(Window window, int run, ref bool isOpen)
    {
        char before = place.Previous, after = window.At(run);
        if (run != 2)
        {
            return Mark.Text(run);
        }

        if (isOpen && !IsSpace(before))
        {
            isOpen = false;
            return Mark.Cut(run);
        }

        if (IsSpace(after))
        {
            return Mark.Text(run);
        }

        if (IsWord(before) || window[0] == '=')
        {
            switch (PairFollows(window, run, window[0]))
            {
                case null:
                    return Mark.Undecided;
                case false:
                    return Mark.Text(run);
            }
        }

        isOpen = true;
        return Mark.Cut(run);
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
    private static bool IsWordOfSpaced(char character) => IsWord(character) && character < '\u2e80';
}
