namespace Switchboard.Speech;

/// <summary>The text from the place where a reader stands, as far as it is known.</summary>
/// <param name="text">At least one character.</param>
/// <param name="closed">Nothing follows: the end of the answer, or of the text of a link.</param>
internal readonly ref struct Window(ReadOnlySpan<char> text, bool closed)
{
    /// <summary>
    /// The most characters that may be held while one construct is undecided: a long sentence. It bounds the memory and the work
    /// that markers which are never closed can cause.
    /// </summary>
    public const int Limit = 320;

    // A reader never looks past the limit, even where more text is at hand: its decision must not depend on how much that is.
    public ReadOnlySpan<char> Span { get; } = text.Length > Limit ? text[..Limit] : text;

    /// <summary>No more text will be seen than <see cref="Span"/> has.</summary>
    public bool Closed { get; } = closed || text.Length >= Limit;

    /// <summary>The text ends here, which is not so where the limit was reached.</summary>
    public bool Ends { get; } = closed && text.Length < Limit;

    public int Length => Span.Length;

    public char this[int index] => Span[index];

    /// <summary>The character at an index; a line feed past the end.</summary>
    public char At(int index) => index < Span.Length ? Span[index] : '\n';

    /// <summary>Whether the character at an index is known, or known to be missing.</summary>
    public bool Knows(int index) => index < Span.Length || Closed;

    /// <summary>The first index from <paramref name="start"/> that is not <paramref name="character"/>.</summary>
    public int RunEnd(int start, char character)
    {
        var index = start;
        while (index < Span.Length && Span[index] == character)
        {
            index++;
        }

        return index;
    }

    /// <summary>The first index from <paramref name="start"/> that is neither a space nor a tab.</summary>
    public int SpaceEnd(int start)
    {
        var index = start;
        while (index < Span.Length && Span[index] is ' ' or '\t')
        {
            index++;
        }

        return index;
    }
}
