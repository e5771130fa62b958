namespace Switchboard.Speech;

/// <summary>Kinds of characters that the readers ask about.</summary>
internal static class SpeechCharacters
{
    public static bool IsSpace(char character) => character <= ' ' || (character >= '\u0080' && char.IsWhiteSpace(character));

    /// <summary>White space inside a line.</summary>
    public static bool IsBlank(char character) => character is ' ' or '\t' || (character >= '\u0080' && char.IsWhiteSpace(character));

    public static bool IsLineEnd(char character) => character is '\n' or '\r';

    public static bool IsWord(char character) => char.IsLetterOrDigit(character);

    public static bool IsAsciiWord(char character) => char.IsAsciiLetterOrDigit(character);

    /// <summary>Whether a sentence ends with the character at <paramref name="index"/>.</summary>
    public static bool EndsSentence(ReadOnlySpan<char> text, int index) =>
        text[index] is '。' or '！' or '？' or '।'
        || (text[index] is '.' or '!' or '?' && index + 1 < text.Length && text[index + 1] is ' ' or '\t');
}
