using static Switchboard.Speech.SpeechCharacters;

namespace Switchboard.Speech;

/// <summary>Finds the end of <c>(target "title")</c>.</summary>
internal static class LinkTarget
{
    public const int Unknown = -1;
    public const int None = -2;

    private static readonly string[] Beginnings = ["http", "www.", "<", "#", "/"];

    /// <summary>The index after the closing parenthesis.</summary>
    public static int End(Window window, int open)
    {
        var depth = 0;
        var space = -1;
        for (var index = open; index < window.Length; index++)
        {
            var character = window[index];
            if (character == '(')
            {
                depth++;
            }
            else if (character == ')' && --depth == 0)
            {
                return index + 1;
            }
            else if (character == '\n' || (space >= 0 && EndsSentence(window.Span, index)))
            {
                return space < 0 ? index : None;
            }
            else if (IsSpace(character) && space < 0)
            {
                space = index;
            }
        }

        // A target that the answer breaks off in is one all the same.
        return !window.Closed ? Unknown : space < 0 ? window.Length : None;
    }

    /// <summary>Whether what follows the colon of a definition is a target; null when too little is known.</summary>
    public static bool? Follows(Window window, int start)
    {
        var at = window.SpaceEnd(start);
        var text = at < window.Length ? window.Span[at..] : default;
        foreach (var beginning in Beginnings)
        {
            if (text.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }

            if (!window.Closed && beginning.AsSpan().StartsWith(text, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
        }

        return false;
    }
}
