namespace Switchboard.Common;

/// <summary>Where a text can be cut: half of a surrogate pair could be neither sent nor stored.</summary>
internal static class TextCut
{
    /// <summary>The length of the longest beginning that has at most so many UTF-16 characters and ends with a whole one.</summary>
    public static int Length(ReadOnlySpan<char> text, int most) =>
        text.Length <= most ? text.Length : most > 0 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;

    /// <summary>That beginning.</summary>
    public static string Cut(string text, int most) => text[..Length(text, most)];
}
