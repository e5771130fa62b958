namespace Switchboard.Speech;

/// <summary>What was spoken so far, as far as the white space around what is left out depends on it.</summary>
internal sealed class SpokenLine(SpokenPieces pieces)
{
    private const string Closing = "\r.,;:!?…)]}’”»。，、；：！？）」』】";

    private readonly PendingSpace _space = new(pieces);
    private char _last;
    private int _lineEnds;
    private bool _lineSpoken;
    private bool _lineCut;
    private bool _tidy;
    private bool _swallow;
    private bool _marked;
    private string? _owed;

    /// <summary>White space must be looked at, not just passed on.</summary>
    public bool IsDelicate => _swallow || _owed is not null;

    /// <summary>Passes on text without line ends.</summary>
    public void Keep(ReadOnlySpan<char> text, int start, int length)
    {
        if (IsDelicate)
        {
            var end = start + length;
            while ((_swallow || _owed is ", ") && start < end && SpeechCharacters.IsBlank(text[start]))
            {
                start++;
                _space.Pass();
            }

            if (start == end)
            {
                return;
            }

            length = end - start;
            PayOwed(text, text[start]);
        }

        if (_space.IsPending)
        {
            _space.Settle(text, isWanted: !(_space.ClosesUp && Closing.Contains(text[start])));
        }

        Spoke(text.Slice(start, length));

        // An answer without marks is plain prose, in which nothing waits.
        if (_marked && text[start + length - 1] is ' ' or '\t')
        {
            length--;
            _space.Wait(text[start + length], start + length);
        }

        if (length > 0)
        {
            pieces.Keep(text, start, length);
        }
    }

    public void Say(ReadOnlySpan<char> text, string words)
    {
        _marked = true;
        PayOwed(text, words[0]);
        _space.Settle(text, isWanted: words is not ",");
        pieces.Say(text, words);
        Spoke(words);
    }

    /// <summary>Notes that something was left out here: white space on both sides of it becomes that of one side.</summary>
    /// <param name="isWhole">Not the mark of a text but all of a thing: a full stop after it goes to the word before it.</param>
    public void Cut(bool isWhole)
    {
        _lineCut = _marked = true;
        _swallow = !_lineSpoken || SpeechCharacters.IsSpace(_last);
        _space.Cut(isWhole);
    }

    /// <summary>Something to be said before the next words if they would run into those before.</summary>
    public void Owe(string pause)
    {
        if (_lineSpoken && _owed is not "\n")
        {
            _owed = pause;
        }
    }

    /// <summary>Whether a carriage return here belongs to a line that is left out.</summary>
    public bool CutsLine => (!_lineSpoken && _lineCut) || (_tidy && (_last == '\0' || _lineEnds > 1));

    public void LineEnd(ReadOnlySpan<char> text, int at)
    {
        _space.Settle(text, isWanted: !_space.IsCut);
        if (!CutsLine)
        {
            pieces.Keep(text, at, 1);
            _last = '\n';
            _lineEnds++;
        }
        else
        {
            _tidy = true;
        }

        _owed = null;
        _lineSpoken = _lineCut = _swallow = false;
    }

    /// <summary>What comes next is not in the same text.</summary>
    public void PieceEnded() => _space.PieceEnded();

    /// <summary>Ends the answer.</summary>
    public void End() => _space.Settle(default, isWanted: !_space.IsCut);

    private void PayOwed(ReadOnlySpan<char> text, char next)
    {
        _swallow = false;
        var owed = _owed;
        _owed = null;

        // The white space that follows a line break element, or a line end after the last cell, does the work of the pause.
        if (owed is { } pause && !SpeechCharacters.IsSpace(next))
        {
            if (_space.IsPending && pause is ", ")
            {
                _space.Settle(text, isWanted: false);
            }
            else if (SpeechCharacters.IsSpace(_last))
            {
                return;
            }

            pieces.Say(text, pause is ", " && ",.;:!?，。；：！？、".Contains(_last) ? " " : pause);
        }
    }

    private void Spoke(ReadOnlySpan<char> words)
    {
        _last = words[^1];
        if (!_lineSpoken || _lineEnds > 0)
        {
            if (words.IndexOfAnyExcept(" \t\r") >= 0)
            {
                _lineSpoken = true;
                _tidy = false;
                _lineEnds = 0;
            }
        }
    }
}
