using System.Buffers;

namespace Switchboard.Speech;

/// <summary>
/// What a reader decided about the next characters. Once a decision is made no later text may change it: that is what makes the
/// result independent of where the text was cut.
/// </summary>
internal readonly record struct Decision(DecisionKind Kind, int Length = 0, string? Words = null)
{
    public static readonly Decision None;
    public static readonly Decision Undecided = new(DecisionKind.Undecided);

    public bool IsCut => Kind is DecisionKind.Cut or DecisionKind.Omit;

    public static Decision Text(int length) => new(DecisionKind.Text, length);

    public static Decision Cut(int length) => new(DecisionKind.Cut, length);

    public static Decision Omit(int length) => new(DecisionKind.Omit, length);

    public static Decision Say(int length, string words) => words.Length == 0 ? Cut(length) : new(DecisionKind.Say, length, words);

    /// <summary>Text that passes as it stands: all there is, but never half of a surrogate pair.</summary>
    public static Decision AllText(Window window)
    {
        var isHalf = char.IsHighSurrogate(window.Span[^1]) && !window.Ends;
        return !isHalf ? Text(window.Length) : window.Length > 1 ? Text(window.Length - 1) : Undecided;
    }
}

/// <summary>What is to happen to the characters that a reader looked at.</summary>
internal enum DecisionKind
{
    /// <summary>Not this reader's business.</summary>
    None,

    /// <summary>More text is needed before anything can be said.</summary>
    Undecided,

    /// <summary>The characters are text.</summary>
    Text,

    /// <summary>The characters are not spoken: they only mark the text beside them.</summary>
    Cut,

    /// <summary>The characters are not spoken: a whole thing is left out, and the text closes up behind it.</summary>
    Omit,

    /// <summary>Something else is said in their place.</summary>
    Say,
}

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

    /// <summary>In place of an index: more text is needed to find it.</summary>
    public const int Unknown = -1;

    /// <summary>In place of an index: there is none.</summary>
    public const int Missing = -2;

    // A reader never looks past the limit, even where more text is at hand: its decision must not depend on how much that is.
    public ReadOnlySpan<char> Span { get; } = text.Length > Limit ? text[..Limit] : text;

    /// <summary>No more text will be seen than <see cref="Span"/> has.</summary>
    public bool Closed { get; } = closed || text.Length >= Limit;

    /// <summary>The text ends here, which is not so where the limit was reached.</summary>
    public bool Ends { get; } = closed && text.Length < Limit;

    public int Length => Span.Length;

    /// <summary>What a search says that came to the end: <see cref="Missing"/>, or <see cref="Unknown"/> while more text may come.</summary>
    public int NotFound => Closed ? Missing : Unknown;

    public char this[int index] => Span[index];

    /// <summary>The character at an index; a line feed past the end.</summary>
    public char At(int index) => index < Span.Length ? Span[index] : '\n';

    /// <summary>Whether the character at an index is known, or known to be missing.</summary>
    public bool Knows(int index) => index < Span.Length || Closed;

    /// <summary>Whether <paramref name="expected"/>, in capitals or not, stands at an index; null when too little is known.</summary>
    public bool? Has(ReadOnlySpan<char> expected, int index = 0)
    {
        var text = index < Span.Length ? Span[index..] : default;
        var length = Math.Min(text.Length, expected.Length);
        return !expected.StartsWith(text[..length], StringComparison.OrdinalIgnoreCase) ? false
            : length == expected.Length ? true : Closed ? false : null;
    }

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

    /// <summary>The first index from <paramref name="start"/> that is none of <paramref name="characters"/>.</summary>
    public int RunEnd(int start, SearchValues<char> characters)
    {
        var index = start;
        while (index < Span.Length && characters.Contains(Span[index]))
        {
            index++;
        }

        return index;
    }
}
