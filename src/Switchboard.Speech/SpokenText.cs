using static Switchboard.Speech.SpeechCharacters;

namespace Switchboard.Speech;

/// <summary>Reads one answer from its beginning to its end: asks the readers about every mark and passes on the rest.</summary>
internal sealed class SpokenText
{
    private readonly SpeechPlace _place = new();
    private readonly SpokenLine _line;
    private readonly LinkTails _tails = new();
    private readonly EmphasisReader _emphasis;
    private readonly LineStartReader _lineStart;
    private readonly BracketReader _brackets;
    private readonly TagReader _tags;
    private readonly CodeReader _code;
    private readonly AddressReader _addresses;
    private readonly TableReader _tables;
    private readonly UnspokenReader _unspoken;

    public SpokenText(SpokenPieces pieces, SpokenTextOptions options)
    {
        _line = new SpokenLine(pieces);
        _emphasis = new EmphasisReader(_place);
        _code = new CodeReader(_place, options);
        _tables = new TableReader(_place, _line);
        _lineStart = new LineStartReader(_place, _code, _tables);
        _brackets = new BracketReader(_place, _tails);
        _unspoken = new UnspokenReader(_place);
        _addresses = new AddressReader(_place);
        _tags = new TagReader(_place, _line, _unspoken, _tails);
    }

    public bool IsProse => _place.Mode == SpeechMode.Prose;

    /// <summary>Reads as far as can be decided.</summary>
    /// <returns>The number of characters that are done with.</returns>
    public int Read(ReadOnlySpan<char> text, bool closed)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (_tails.LengthAt(at) is > 0 and var tail)
            {
                _line.Cut(isWhole: false);
                Step(text, at, tail);
                _place.AfterCut = true;
                at += tail;
                continue;
            }

            var end = Math.Min(_tails.Next(at), text.Length);
            if (IsProse && !_place.AtLineStart && !_place.InTableRow && !_place.InHeading && !_line.IsDelicate
                && PlainText.Length(text[at..end], _place.Previous) is > 0 and var plain)
            {
                _line.Keep(text, at, plain);
                _place.AfterEmoji = _place.AfterCut = false;
                Step(text, at, plain);
                at += plain;
                continue;
            }

            _tails.Here = at;
            var mark = Decide(new Window(text[at..end], closed || end < text.Length), out var mode);
            if (mark.Kind == MarkKind.Undecided)
            {
                break;
            }

            Apply(mark, text, at, mode);
            at += mark.Length;
        }

        _tails.Advance(at);
        _line.PieceEnded();
        return at;
    }

    /// <summary>Ends the answer.</summary>
    public void End() => _line.End();

    /// <summary>Passes on a letter that was held.</summary>
    public void PassLetter(string letter)
    {
        Apply(Mark.Text(1), letter, 0, SpeechMode.Prose);
        _tails.Advance(1);
    }

    private Mark Decide(Window window, out SpeechMode mode)
    {
        mode = _place.Mode;
        var mark = mode switch
        {
            SpeechMode.Prose => Mark.None,
            SpeechMode.InlineCode or SpeechMode.FencedCode => _code.Inside(window),
            SpeechMode.Hour => _addresses.AfterHour(window),
            SpeechMode.AddressTail => _addresses.Tail(window),
            SpeechMode.Directive => _tags.Directive(window),
            _ => _unspoken.Inside(window),
        };

        if (mark.Kind != MarkKind.None)
        {
            return mark;
        }

        // What ends a mode without being part of it is prose again.
        mode = SpeechMode.Prose;
        return DecideProse(window);
    }

    private Mark DecideProse(Window window)
    {
        if (_place.AtLineStart)
        {
            var mark = _lineStart.Read(window);
            if (mark.Kind != MarkKind.None)
            {
                return mark;
            }
        }

        var inline = DecideInline(window);
        return inline.Kind == MarkKind.None ? Mark.Text(1) : inline;
    }

    private Mark DecideInline(Window window)
    {
        switch (window[0])
        {
            case '*' or '_' or '~' or '=':
                return _emphasis.Read(window);
            case '`':
                return _code.Read(window);
            case '<':
                return _tags.Read(window);
            case '[' or '!' or ']' or '【':
                return _brackets.Read(window);
            case '&':
                return EntityReader.Read(window);
            case '\\':
                return EscapeReader.Read(window);
            case 'h' or 'H':
                return _addresses.Read(window);
            case 'w' or 'W':
                return _addresses.BareWww(window);
            case '|' or ' ' or '\t':
                return _tables.Read(window);
            case '#':
                return _lineStart.ClosingHashes(window);
            case '\r':
                return _line.CutsLine ? Mark.Cut(1) : Mark.None;
            case '\n':
                return Mark.Text(1);
            case var character:
                return character < '\u2000' ? Mark.None : EmojiReader.Read(window, _place.AfterEmoji);
        }
    }

    private void Apply(Mark mark, ReadOnlySpan<char> text, int at, SpeechMode mode)
    {
        if (mark.IsCut)
        {
            _line.Cut(isWhole: mark.Kind == MarkKind.Omit);
        }
        else if (mark.Kind == MarkKind.Say)
        {
            _line.Say(text, mark.Words!);
        }
        else if (text[at] == '\n')
        {
            _line.LineEnd(text, at);
        }
        else
        {
            _line.Keep(text, at, mark.Length);
        }

        _place.AfterCut = mark.IsCut;
        _place.AfterEmoji = mark.IsCut && EmojiReader.IsPart(text[at + mark.Length - 1]);
        if (mark.IsCut && mode != SpeechMode.Prose)
        {
            // Where the parts of what is left out begin and end depends on the pieces: nothing may depend on them.
            return;
        }

        Step(text, at, mark.Length);
        if (!mark.IsCut && !IsLineEnd(text[at]) && mode != SpeechMode.Directive && _place.Mode != SpeechMode.Directive)
        {
            var ink = text.Slice(at, mark.Length).IndexOfAnyExcept(' ', '\t') >= 0;
            _place.AtLineStart &= !ink;
            _place.Leading &= !ink;
            _place.AfterBullet &= !ink;
        }
    }

    private void Step(ReadOnlySpan<char> text, int at, int length)
    {
        var read = text.Slice(at, length);
        if (read[^1] == '\n')
        {
            if (_place.Previous == '\n' || (length == 1 && _place.PreviousInk == '\0'))
            {
                _emphasis.Forget();
                _place.InTable = false;
            }

            _place.LineEnded();
        }
        else if (read.LastIndexOfAnyExcept(' ', '\t', '\r') is >= 0 and var ink)
        {
            _place.PreviousInk = read[ink];
        }

        _place.Previous = read[^1];
    }
}
