using System.Collections.Frozen;

namespace Switchboard.Speech;

/// <summary>What is said in place of text that cannot be read aloud.</summary>
public sealed class SpokenTextOptions
{
    /// <summary>What is said for a block of fenced code, once per block. Default null: the block is dropped in silence.</summary>
    public string? CodePhrase { get; set; }

    /// <summary>
    /// The names of tags that go to the voice as they are written, with their attributes: <c>break</c>, <c>spell</c>, <c>emotion</c>. Default
    /// none: all tags are dropped, and the text between them is spoken. Case makes no difference.
    /// </summary>
    /// <exception cref="ArgumentException">One is no name by <see cref="IsSpeechTag"/>.</exception>
    public IReadOnlyCollection<string> SpeechTags
    {
        get => _speechTags;
        set => _speechTags = value.FirstOrDefault(name => !IsSpeechTag(name)) is { } wrong
            ? throw new ArgumentException($"'{wrong}' is no name of a tag that may pass.", nameof(value))
            : value.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    private FrozenSet<string> _speechTags = [];

    /// <summary>
    /// Whether a tag of this name may pass: up to 64 letters, digits, hyphens and colons (ASCII), a letter first. Not those by which the real-time
    /// workflow of Alibaba Cloud IMS is given directives (<c>ims…</c>, <c>No Interrupting</c>), nor those that models put around reasoning and tool calls.
    /// </summary>
    /// <param name="name">The name, without brackets.</param>
    public static bool IsSpeechTag(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= 64 && char.IsAsciiLetter(name[0]) && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or ':')
            && !TagReader.IsOfPlatform(name) && Markup.Find(name) is null;
    }

    internal bool Passes(ReadOnlySpan<char> name) => _speechTags.Count > 0 && _speechTags.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
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
    private readonly SpokenOutput _output = new();
    private readonly HeldText _held = new();
    private readonly List<ReadOnlyMemory<char>> _spoken = [];
    private SpokenTextReader? _reader;

    private SpokenTextReader Reader => _reader ??= new SpokenTextReader(_output, _options, Calls);

    /// <summary>Where the text of tool calls goes as they are read; null, and nothing is kept of them, where nobody asks.</summary>
    internal List<string>? Calls { get; init; }

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

        if (_held.TakePlainLetter(piece[0], Reader) is { } letter)
        {
            // Prose that was cut after an h, which might have begun an address: this way neither string is copied.
            Reader.PassLetter(letter);
            _output.EndPiece(letter, letter, spoken);
        }

        if (_held.IsEmpty)
        {
            var read = Reader.Read(piece, closed: false);
            _held.Append(piece.AsSpan(read));
            _output.EndPiece(piece, piece, spoken);
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

        if (_reader is not null)
        {
            _reader.End();
            _output.EndPiece(default, null, spoken);
        }

        _held.Clear();
        _reader = null;
    }

    private string Join(string piece) => _spoken is [var only] && only.Length == piece.Length && only.Span == piece ? piece : string.Concat(_spoken);

    private void Release(bool closed, List<ReadOnlyMemory<char>> spoken)
    {
        var read = Reader.Read(_held.Text, closed);
        _output.EndPiece(_held.Text, null, spoken);
        _held.RemoveFirst(read);
    }
}

/// <summary>The text that was read but not decided on.</summary>
internal sealed class HeldText
{
    private char[] _text = new char[64];
    private int _length;

    public bool IsEmpty => _length == 0;

    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    public void Append(ReadOnlySpan<char> text)
    {
        if (_length + text.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + text.Length));
        }

        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
    }

    public void RemoveFirst(int count)
    {
        Text[count..].CopyTo(_text);
        _length -= count;
    }

    public void Clear() => _length = 0;

    /// <summary>Takes the letter that is held out, if the character after it shows that it does not begin an address.</summary>
    public string? TakePlainLetter(char next, SpokenTextReader reader) => _length == 1 && reader.IsProse ? TakeUnless(next == 't' || next == 'T') : null;

    private string? TakeUnless(bool isAddress)
    {
        if (isAddress || _text[0] is not ('h' or 'H'))
        {
            return null;
        }

        _length = 0;
        return _text[0] == 'h' ? "h" : "H";
    }
}
