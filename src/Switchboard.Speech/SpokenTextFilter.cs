namespace Switchboard.Speech;

/// <summary>
/// Makes what a model streams speakable, piece by piece. However a text is cut into pieces, what is spoken of them adds up to what
/// is spoken of the whole.
/// </summary>
/// <remarks>
/// Marks that are never closed: an opening mark of emphasis or code is left out and its text spoken; a bracket stays text; a link whose
/// target breaks off is spoken by its text; a fence, a comment or reasoning is silent to the end of the answer. Text is held only where
/// its meaning is open: at most one sentence, and never more than <see cref="Window.Limit"/> characters. White space is touched only
/// beside what was left out. Before the first mark of an answer it is spoken as it comes, since plain prose never waits: only from
/// then on can a space go with what is left out behind it.
/// </remarks>
internal sealed class SpokenTextFilter(SpokenTextOptions options)
{
    private readonly SpokenPieces _pieces = new();
    private readonly HeldText _held = new();
    private SpokenText? _text;

    private SpokenText Spoken => _text ??= new SpokenText(_pieces, options);

    /// <summary>Adds what can be spoken now to <paramref name="spoken"/>: the piece itself where it is plain prose.</summary>
    public void Push(string piece, List<ReadOnlyMemory<char>> spoken)
    {
        if (piece.Length == 0)
        {
            return;
        }

        if (_held.IsPlainBefore(piece[0], Spoken) is { } letter)
        {
            // Prose that was cut after an h or w, which might have begun an address: this way neither string is copied.
            _held.Clear();
            Spoken.PassLetter(letter);
            _pieces.End(letter, letter, spoken);
        }

        if (_held.IsEmpty)
        {
            var read = Spoken.Read(piece, closed: false);
            _held.Append(piece.AsSpan(read));
            _pieces.End(piece, piece, spoken);
        }
        else
        {
            _held.Append(piece);
            Release(closed: false, spoken);
        }
    }

    /// <summary>Ends the answer: adds what was held back and is spoken after all, and starts anew.</summary>
    public void Complete(List<ReadOnlyMemory<char>> spoken)
    {
        if (!_held.IsEmpty)
        {
            Release(closed: true, spoken);
        }

        if (_text is not null)
        {
            _text.End();
            _pieces.End(default, null, spoken);
        }

        _held.Clear();
        _text = null;
    }

    private void Release(bool closed, List<ReadOnlyMemory<char>> spoken)
    {
        var read = Spoken.Read(_held.Text, closed);
        _pieces.End(_held.Text, null, spoken);
        _held.RemoveFirst(read);
    }
}
