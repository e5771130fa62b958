using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>Reads one answer from its beginning to its end: asks the readers about every mark and passes on the rest.</summary>
internal sealed class SpokenTextReader
{
    private readonly ReadingState _state = new();
    private readonly SpokenLine _line;
    private readonly LinkEnds _ends = new();
    private readonly EmphasisReader _emphasis;
    private readonly LineStartReader _lineStart;
    private readonly BracketReader _brackets;
    private readonly TagReader _tags;
    private readonly CodeReader _code;
    private readonly AddressReader _addresses;
    private readonly TableReader _tables;
    private readonly BlockReader _blocks;
    private readonly MarkupReader _markup;

    public SpokenTextReader(SpokenOutput output, SpokenTextOptions options, ICollection<string>? calls)
    {
        _line = new SpokenLine(output);
        _emphasis = new EmphasisReader(_state);
        _blocks = new BlockReader(_state, calls);
        _code = new CodeReader(_state, options, _blocks);
        _tables = new TableReader(_state, _line);
        _lineStart = new LineStartReader(_state, _code, _tables, new LabelReader(_state, _blocks));
        _brackets = new BracketReader(_state, _ends);
        _markup = new MarkupReader(_state, _blocks);
        _addresses = new AddressReader(_state);
        _tags = new TagReader(_state, _line, _blocks, _ends, options);
    }

    public bool IsProse => _state.Mode == ReadingMode.Prose;

    /// <summary>Reads as far as can be decided.</summary>
    /// <returns>The number of characters that are done with.</returns>
    public int Read(ReadOnlySpan<char> text, bool closed)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (_ends.TakeAt(at) is > 0 and var length)
            {
                _line.LeaveOut(isWhole: false);
                Advance(text, at, length);
                _state.AfterCut = true;
                at += length;
                continue;
            }

            var end = Math.Min(_ends.NextStart(at), text.Length);
            if (IsProse && !_state.AtLineStart && !_state.InTableRow && !_state.InHeading && !_line.AltersSpace
                && PlainText.Length(text[at..end], _state.Previous) is > 0 and var plain)
            {
                _line.Keep(text, at, plain);
                _state.AfterEmoji = _state.AfterCut = false;
                Advance(text, at, plain);
                at += plain;
                continue;
            }

            _ends.ReaderStart = at;
            var decision = Decide(new Window(text[at..end], closed || end < text.Length), out var mode);
            if (decision.Kind == DecisionKind.Undecided)
            {
                break;
            }

            Apply(decision, text, at, mode);
            at += decision.Length;
        }

        _ends.Advance(at);
        _line.EndPiece();
        return at;
    }

    /// <summary>Ends the answer.</summary>
    public void End()
    {
        _blocks.End();
        _line.End();
    }

    /// <summary>Passes on a letter that was held.</summary>
    public void PassLetter(string letter)
    {
        Apply(Decision.Text(1), letter, 0, ReadingMode.Prose);
        _ends.Advance(1);
    }

    private Decision Decide(Window window, out ReadingMode mode)
    {
        mode = _state.Mode;
        var decision = mode switch
        {
            ReadingMode.Prose => Decision.None,
            ReadingMode.InlineCode or ReadingMode.FencedCode => _code.Continue(window),
            ReadingMode.Hour => _addresses.ContinueHour(window),
            ReadingMode.AddressPath => _addresses.ContinuePath(window),
            ReadingMode.Directive => _tags.ContinueDirective(window),
            _ => _blocks.Continue(window),
        };

        if (decision.Kind != DecisionKind.None)
        {
            return decision;
        }

        // What ends a mode without being part of it is prose again.
        mode = ReadingMode.Prose;
        return DecideProse(window);
    }

    private Decision DecideProse(Window window)
    {
        if (_state.AtLineStart)
        {
            var decision = _lineStart.Read(window);
            if (decision.Kind != DecisionKind.None)
            {
                return decision;
            }
        }

        var inline = DecideInline(window);
        return inline.Kind == DecisionKind.None ? Decision.Text(1) : inline;
    }

    // As an expression, this switch makes marked text a tenth slower.
    private Decision DecideInline(Window window)
    {
        if (MarkupReader.Begins(window[0]) && _markup.Read(window) is { Kind: not DecisionKind.None } marked)
        {
            return marked;
        }

        switch (window[0])
        {
            case '*' or '_' or '~' or '=': return _emphasis.Read(window);
            case '`': return _code.Read(window);
            case '<': return _tags.Read(window);
            case '[' or '!' or ']' or '【' or '(' or '（': return _brackets.Read(window);
            case '&': return EscapeReader.ReadEntity(window);
            case '\\': return EscapeReader.ReadBackslash(window);
            case 'h' or 'H': return _addresses.Read(window);
            case 'w' or 'W': return _addresses.ReadWww(window);
            case '|' or ' ' or '\t': return _tables.Read(window);
            case '#': return _lineStart.ReadClosingHashes(window);
            case '\r': return _line.CutsLineEnd ? Decision.Cut(1) : Decision.None;
            case < '\u2000': return Decision.None;
            default: return EmojiReader.Read(window, _state.AfterEmoji);
        }
    }

    private void Apply(Decision decision, ReadOnlySpan<char> text, int at, ReadingMode mode)
    {
        if (decision.IsCut)
        {
            _line.LeaveOut(isWhole: decision.Kind == DecisionKind.Omit);
        }
        else if (decision.Kind == DecisionKind.Say)
        {
            _line.Say(text, decision.Words!);
        }
        else if (text[at] == '\n')
        {
            _line.EndLine(text, at);
        }
        else
        {
            _line.Keep(text, at, decision.Length);
        }

        _state.AfterCut = decision.IsCut;
        _state.AfterEmoji = decision.IsCut && EmojiReader.IsPart(text[at + decision.Length - 1]);
        if (decision.IsCut && mode != ReadingMode.Prose)
        {
            // Where the parts of what is left out begin and end depends on the pieces: nothing may depend on them.
            return;
        }

        Advance(text, at, decision.Length);
        if (!decision.IsCut && !IsLineEnd(text[at]) && mode != ReadingMode.Directive && _state.Mode != ReadingMode.Directive)
        {
            var isVisible = text.Slice(at, decision.Length).IndexOfAnyExcept(' ', '\t') >= 0;
            _state.AtLineStart &= !isVisible;
            _state.Leading &= !isVisible;
            _state.AfterBullet &= !isVisible;
        }
    }

    private void Advance(ReadOnlySpan<char> text, int at, int length)
    {
        var read = text.Slice(at, length);
        if (read[^1] == '\n')
        {
            if (_state.Previous == '\n' || (length == 1 && _state.PreviousVisible == '\0'))
            {
                _emphasis.Reset();
                _state.InTable = false;
            }

            _state.EndLine();
        }
        else if (read.LastIndexOfAnyExcept(' ', '\t', '\r') is >= 0 and var visible)
        {
            _state.PreviousVisible = read[visible];
        }

        _state.Previous = read[^1];
    }
}
