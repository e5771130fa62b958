namespace Switchboard.Speech;

/// <summary>What is said in place of text that cannot be read aloud.</summary>
public sealed class SpokenTextOptions
{
    /// <summary>What is said for a block of fenced code, once per block. Default null: the block is dropped in silence.</summary>
    public string? CodePhrase { get; set; }
}

/// <summary>
/// Makes what a model streams speakable, piece by piece. However a text is cut into pieces, what is spoken of them adds up to what
/// is spoken of the whole. One object reads one answer at a time, on one thread.
/// </summary>
/// <remarks>
/// Marks that are never closed: an opening mark of emphasis or code is left out and its text spoken; a bracket stays text; a link whose
/// target breaks off is spoken by its text; a fence, a comment or reasoning is silent to the end of the answer. Text is held only where
/// its meaning is open: at most one sentence, and never more than 320 characters. White space is touched only
/// beside what was left out. Before the first mark of an answer it is spoken as it comes, since plain prose never waits: only from
/// then on can a space go with what is left out behind it.
/// </remarks>
/// <param name="options">What is said in place of what is left out; null for the defaults.</param>
public sealed class SpokenTextFilter(SpokenTextOptions? options = null)
{
    private readonly SpokenTextOptions _options = options ?? new SpokenTextOptions();
    private readonly SpokenPieces _pieces = new();
    private readonly HeldText _held = new();
    private readonly List<ReadOnlyMemory<char>> _spoken = [];
    private SpokenText? _text;

    private SpokenText Spoken => _text ??= new SpokenText(_pieces, _options);

    /// <summary>What is spoken of a whole text.</summary>
    /// <param name="text">One answer, as the model wrote it.</param>
    /// <param name="options">What is said in place of what is left out; null for the defaults.</param>
    public static string Filter(string text, SpokenTextOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var filter = new SpokenTextFilter(options);
        return filter.Push(text) + filter.Complete();
    }

    /// <summary>Reads the next piece of the answer.</summary>
    /// <param name="piece">May be empty, and may end anywhere: in a mark, in a word, between the halves of an emoji.</param>
    /// <returns>What can be spoken now, of this piece and those before: the piece itself where it is plain prose; empty where there is nothing.</returns>
    public string Push(string piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        _spoken.Clear();
        Push(piece, _spoken);
        return Join(piece);
    }

    /// <summary>Ends the answer. The next piece begins another one.</summary>
    /// <returns>What was held back and is spoken after all; empty where there is nothing.</returns>
    public string Complete()
    {
        _spoken.Clear();
        Complete(_spoken);
        return Join("");
    }

    /// <summary>Adds what can be spoken now to <paramref name="spoken"/>: the piece itself where it is plain prose.</summary>
    internal void Push(string piece, List<ReadOnlyMemory<char>> spoken)
    {
        if (piece.Length == 0)
        {
            return;
        }

        if (_held.TakePlainLetter(piece[0], Spoken) is { } letter)
        {
            // Prose that was cut after an h, which might have begun an address: this way neither string is copied.
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
    internal void Complete(List<ReadOnlyMemory<char>> spoken)
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

    private string Join(string piece) => _spoken is [var only] && only.Length == piece.Length && only.Span == piece ? piece : string.Concat(_spoken);

    private void Release(bool closed, List<ReadOnlyMemory<char>> spoken)
    {
        var read = Spoken.Read(_held.Text, closed);
        _pieces.End(_held.Text, null, spoken);
        _held.RemoveFirst(read);
    }
}
