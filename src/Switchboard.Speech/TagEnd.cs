using static Switchboard.Speech.SpeechCharacters;

namespace Switchboard.Speech;

/// <summary>Finds the end of a tag, or that what looked like one is none: <c>a &lt;b and c&gt; d</c>.</summary>
internal static class TagEnd
{
    public const int Unknown = -1;
    public const int None = -2;

    /// <summary>The index of the <c>></c>.</summary>
    public static int Find(Window window, int start, bool allowsBareWords)
    {
        var index = start;
        while (index < window.Length)
        {
            var character = window[index];
            if (character == '>')
            {
                return index;
            }

            if (IsSpace(character) || character is '/' or ',')
            {
                index++;
                continue;
            }

            if (!(char.IsAsciiLetter(character) || character is '_' or ':' or '@'))
            {
                return None;
            }

            index = AttributeEnd(window, index, allowsBareWords);
            if (index < 0)
            {
                return index;
            }
        }

        return window.Closed ? None : Unknown;
    }

    private static int AttributeEnd(Window window, int start, bool allowsBareWords)
    {
        var end = start;
        while (end < window.Length && (IsAsciiWord(window[end]) || window[end] is '_' or ':' or '@' or '-' or '.'))
        {
            end++;
        }

        if (!window.Knows(end))
        {
            return Unknown;
        }

        if (window.At(end) != '=')
        {
            return allowsBareWords ? end : None;
        }

        if (!window.Knows(end + 1))
        {
            return Unknown;
        }

        var value = window.At(end + 1) is '"' or '\'' ? window.Span[(end + 2)..].IndexOf(window[end + 1]) + 1
            : window.Span[(end + 1)..].IndexOfAny(' ', '>', '\n');
        return value > 0 ? end + 1 + value + (window[end + 1] is '"' or '\'' ? 1 : 0) : window.Closed ? None : Unknown;
    }
}
