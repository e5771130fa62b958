using System.Text;

namespace Switchboard.Speech;

/// <summary>What was spoken so far, as far as the white space around what is left out depends on it.</summary>
internal sealed class SpokenLine(SpokenOutput output)
{
    private const string Closing = "\r.,;:!?…)]}’”»。，、；：！？）」』】";

    private readonly PendingSpace _space = new(output);
    private char _last;
    private int _lineEnds;
    private bool _lineSpoken;
    private bool _lineCut;
    private bool _skipsEmptyLines;
    private bool _skipsSpace;
    private bool _hasMarks;
    private string? _pause;

    /// <summary>White space must be looked at, not just passed on.</summary>
    public bool AltersSpace => _skipsSpace || _pause is not null;

    /// <summary>Passes on text without line ends.</summary>
    public void Keep(ReadOnlySpan<char> text, int start, int length)
    {
        if (AltersSpace)
        {
            var end = start + length;
            while ((_skipsSpace || _pause is ", ") && start < end && Characters.IsBlank(text[start]))
            {
                start++;
                _space.Follow();
            }

            if (start == end)
            {
                return;
            }

            length = end - start;
            SayPause(text, text[start]);
        }

        if (_space.IsPending)
        {
            _space.Release(text, isWanted: !(_space.ClosesUp && Closing.Contains(text[start])));
        }

        Remember(text.Slice(start, length));

        // An answer without marks is plain prose, in which nothing waits.
        if (_hasMarks && text[start + length - 1] is ' ' or '\t')
        {
            length--;
            _space.Hold(text[start + length], start + length);
        }

        if (length > 0)
        {
            output.Keep(text, start, length);
        }
    }

    public void Say(ReadOnlySpan<char> text, string words)
    {
        _hasMarks = true;
        SayPause(text, words[0]);
        _space.Release(text, isWanted: words is not ",");
        output.Say(text, words);
        Remember(words);
    }

    /// <summary>Notes that something was left out here: white space on both sides of it becomes that of one side.</summary>
    /// <param name="isWhole">Not the mark of a text but all of a thing: a full stop after it goes to the word before it.</param>
    public void LeaveOut(bool isWhole)
    {
        _lineCut = _hasMarks = true;
        _skipsSpace = !_lineSpoken || Characters.IsSpace(_last);
        _space.LeaveOut(isWhole);
    }

    /// <summary>Something to be said before the next words if they would run into those before.</summary>
    public void Pause(string pause)
    {
        if (_lineSpoken && _pause is not "\n")
        {
            _pause = pause;
        }
    }

    /// <summary>Whether a carriage return here belongs to a line that is left out.</summary>
    public bool CutsLineEnd => (!_lineSpoken && _lineCut) || (_skipsEmptyLines && (_last == '\0' || _lineEnds > 1));

    public void EndLine(ReadOnlySpan<char> text, int at)
    {
        _space.Release(text, isWanted: !_space.IsCut);
        if (!CutsLineEnd)
        {
            output.Keep(text, at, 1);
            _last = '\n';
            _lineEnds++;
        }
        else
        {
            _skipsEmptyLines = true;
        }

        _pause = null;
        _lineSpoken = _lineCut = _skipsSpace = false;
    }

    /// <summary>What comes next is not in the same text.</summary>
    public void EndPiece() => _space.EndPiece();

    /// <summary>Ends the answer.</summary>
    public void End() => _space.Release(default, isWanted: !_space.IsCut);

    private void SayPause(ReadOnlySpan<char> text, char next)
    {
        _skipsSpace = false;
        var pending = _pause;
        _pause = null;

        // The white space that follows a line break element, or a line end after the last cell, does the work of the pause.
        if (pending is { } pause && !Characters.IsSpace(next))
        {
            if (_space.IsPending && pause is ", ")
            {
                _space.Release(text, isWanted: false);
            }
            else if (Characters.IsSpace(_last))
            {
                return;
            }

            output.Say(text, pause is ", " && ",.;:!?，。；：！？、".Contains(_last) ? " " : pause);
        }
    }

    private void Remember(ReadOnlySpan<char> words)
    {
        _last = words[^1];
        if ((!_lineSpoken || _lineEnds > 0) && words.IndexOfAnyExcept(" \t\r") >= 0)
        {
            _lineSpoken = true;
            _skipsEmptyLines = false;
            _lineEnds = 0;
        }
    }
}

/// <summary>
/// The last space of an answer that has marks: it waits for what follows, since the space before something that is left out may
/// have to go with it.
/// </summary>
internal sealed class PendingSpace(SpokenOutput output)
{
    private const int Elsewhere = -1;

    private char _space;
    private int _at;
    private bool _isSpaced;

    public bool IsPending => _space != '\0';

    /// <summary>Something was left out after it.</summary>
    public bool IsCut { get; private set; }

    /// <summary>A whole thing was left out after it, and no white space came since.</summary>
    public bool ClosesUp { get; private set; }

    public void Hold(char space, int at)
    {
        (_space, _at) = (space, at);
        IsCut = ClosesUp = _isSpaced = false;
    }

    public void LeaveOut(bool isWhole)
    {
        IsCut = true;
        ClosesUp |= isWhole && !_isSpaced;
    }

    /// <summary>More white space, which is not spoken.</summary>
    public void Follow()
    {
        _isSpaced = true;
        ClosesUp = false;
    }

    public void Release(ReadOnlySpan<char> text, bool isWanted)
    {
        if (!IsPending)
        {
            return;
        }

        if (isWanted && _at != Elsewhere)
        {
            output.Keep(text, _at, 1);
        }
        else if (isWanted)
        {
            output.Say(text, _space == '\t' ? "\t" : " ");
        }

        _space = '\0';
    }

    public void EndPiece() => _at = Elsewhere;
}

/// <summary>Puts the spoken part of one piece together; what is spoken as it came is a part of the piece, not a copy.</summary>
internal sealed class SpokenOutput
{
    private readonly StringBuilder _built = new();
    private int _from;
    private int _to;

    /// <summary>Keeps a range of the text, which begins at or after the end of the one before.</summary>
    public void Keep(ReadOnlySpan<char> text, int start, int length)
    {
        if (start != _to)
        {
            _built.Append(text[_from.._to]);
            _from = start;
        }

        _to = start + length;
    }

    public void Say(ReadOnlySpan<char> text, string words)
    {
        _built.Append(text[_from.._to]).Append(words);
        _from = _to;
    }

    /// <summary>Ends the piece.</summary>
    /// <param name="text">What the ranges refer to.</param>
    /// <param name="piece">The same text, where there is a string of it.</param>
    /// <param name="spoken">Receives what is spoken of it, if anything is.</param>
    public void EndPiece(ReadOnlySpan<char> text, string? piece, List<ReadOnlyMemory<char>> spoken)
    {
        if (_built.Length > 0 || _to > _from)
        {
            spoken.Add(_built.Length == 0 && piece is not null ? piece.AsMemory(_from, _to - _from) : _built.Append(text[_from.._to]).ToString().AsMemory());
        }

        _built.Clear();
        _from = _to = 0;
    }
}
