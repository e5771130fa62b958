namespace Switchboard.Speech;

/// <summary>
/// What a reader decided about the next characters. Once a decision is made no later text may change it: that is what makes the
/// result independent of where the text was cut.
/// </summary>
internal readonly record struct Mark(MarkKind Kind, int Length = 0, string? Words = null)
{
    public static readonly Mark None;
    public static readonly Mark Undecided = new(MarkKind.Undecided);

    public bool IsCut => Kind is MarkKind.Cut or MarkKind.Omit;

    public static Mark Text(int length) => new(MarkKind.Text, length);

    public static Mark Cut(int length) => new(MarkKind.Cut, length);

    public static Mark Omit(int length) => new(MarkKind.Omit, length);

    public static Mark Say(int length, string words) => words.Length == 0 ? Cut(length) : new(MarkKind.Say, length, words);
}
