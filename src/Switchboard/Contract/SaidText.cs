namespace Switchboard.Contract;

/// <summary>
/// Tells what is new in the pieces of one text. Most services send each piece once; some send with every piece all that came before, some the whole
/// text once more at its end. Nothing is to be said twice, and nothing is to be lost.
/// </summary>
/// <remarks>
/// What was said is not kept but known by its length and hash, without white space, which services trim. A piece that begins with a few letters that
/// were said may do so by chance ("ha", "haha"): it alone is held until the next one has decided, which no usual answer ever waits for.
/// </remarks>
/// <param name="isCumulative">Whether the service is known to send all that came before.</param>
internal sealed class SaidText(bool isCumulative)
{
    // So many letters are not repeated by chance: of several pieces in one, and of one piece in another.
    private const int Telling = 6;
    private const int TellingAlone = 12;

    // What is sent so often is no longer waited for.
    private const int MostRepeats = 3;

    private const ulong Factor = 0x9E3779B97F4A7C15;

    private bool _isCumulative = isCumulative;
    private ulong _hash;
    private int _length;
    private int _spaces;
    private int _pieces;
    private string? _held;
    private int _repeats;
    private string? _last;

    /// <summary>What is new in the next piece; nothing while that is not certain.</summary>
    public string Add(string piece) => _held is null && (_length == 0 || piece.Length < _length) && !_isCumulative ? Say(piece) : AddDoubtful(piece);

    /// <summary>What is new in the whole text so far, which came in another way than the pieces: no more than what goes on from them.</summary>
    public string AddWhole(string text)
    {
        var before = "";
        if (_held is { } held)
        {
            var all = TakeHeld(held);
            before = text.StartsWith(held, StringComparison.Ordinal) ? "" : Say(all);
        }

        return before + (_length == 0 ? Say(text, isPiece: false) : Say(After(text) ?? (_pieces == 0 ? text : ""), isPiece: false));
    }

    /// <summary>What was held, since nothing follows.</summary>
    public string Complete()
    {
        if (_held is not { } held || After(held) is not { } rest)
        {
            return "";
        }

        var all = TakeHeld(held);
        // One and ten are a hundred and ten; words are not said again without a space, nor a sentence from its beginning.
        return Say(held.AsSpan(0, held.Length - rest.Length).IndexOfAnyExceptInRange('0', '9') < 0 ? all : rest);
    }

    private string AddDoubtful(string piece)
    {
        // A character that was cut is whole in the next piece.
        piece = _isCumulative ? piece.TrimEnd('\uFFFD') : piece;
        if (_held is { } held)
        {
            // All so far once more, where nothing was new. That tells as much where it is long; else the next piece decides.
            var isSame = piece == held && Letters(held) >= Telling;
            if (piece == held && !isSame && _repeats < MostRepeats)
            {
                _repeats++;
                return "";
            }

            var all = TakeHeld(held);
            if (!isSame && (piece.Length <= held.Length || !piece.StartsWith(held, StringComparison.Ordinal)))
            {
                return Say(all) + Add(piece);
            }

            _isCumulative = true;
        }

        if (_length > 0 && After(piece) is { } rest)
        {
            if (_isCumulative || _length >= (_pieces > 1 ? Telling : TellingAlone))
            {
                _last = _isCumulative ? piece : null;
                return Say(rest);
            }

            if (rest.Length > 0)
            {
                _held = piece;
                return "";
            }
        }
        else if (_isCumulative && _last is { } last)
        {
            return AddChanged(last, piece);
        }

        _last = _isCumulative ? piece : null;
        return Say(piece);
    }

    // All so far, but not as it was: what differs is said, and what follows it. A piece that has nothing of it is one of another kind.
    private string AddChanged(string last, string piece)
    {
        var same = piece.AsSpan().CommonPrefixLength(last);
        if (same == piece.Length)
        {
            return "";
        }

        if (same * 2 < last.Length)
        {
            _isCumulative = false;
            _last = null;
            return Say(piece);
        }

        (_hash, _length, _spaces, _last) = (0, 0, 0, piece);
        _ = Say(piece);
        return piece[same..];
    }

    // What follows in a text that begins with all that was said; null in one that does not.
    private string? After(string text)
    {
        var (hash, length) = (0UL, 0);
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                continue;
            }

            hash = (hash * Factor) + text[at];
            if (++length < _length)
            {
                continue;
            }

            if (hash != _hash)
            {
                return null;
            }

            at++;
            for (var spaces = 0; spaces < _spaces && at < text.Length && char.IsWhiteSpace(text[at]); spaces++)
            {
                at++;
            }

            return text[at..];
        }

        return null;
    }

    // As often as it was sent.
    private string TakeHeld(string held)
    {
        var all = _repeats == 0 ? held : string.Concat(Enumerable.Repeat(held, _repeats + 1));
        (_held, _repeats) = (null, 0);
        return all;
    }

    private static int Letters(string text) => text.Count(static character => !char.IsWhiteSpace(character));

    private string Say(string text, bool isPiece = true)
    {
        _pieces += isPiece && text.Length > 0 ? 1 : 0;
        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character))
            {
                _spaces++;
            }
            else
            {
                _hash = (_hash * Factor) + character;
                _length++;
                _spaces = 0;
            }
        }

        return text;
    }
}
