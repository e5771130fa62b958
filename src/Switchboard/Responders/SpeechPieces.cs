using System.Globalization;

namespace Switchboard.Responders;

/// <summary>
/// Cuts a text into the pieces a model would stream: a word with the space after it, or one character of a script
/// that has no spaces. Joined again they are the text.
/// </summary>
internal static class SpeechPieces
{
    public static IReadOnlyList<string> Split(string text)
    {
        var pieces = new List<string>();
        var start = 0;
        var elements = StringInfo.GetTextElementEnumerator(text);
        var endsPiece = false;
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            var isSpace = char.IsWhiteSpace(element[0]);
            if (endsPiece && !isSpace && elements.ElementIndex > start)
            {
                pieces.Add(text[start..elements.ElementIndex]);
                start = elements.ElementIndex;
            }

            endsPiece = isSpace || IsUnspaced(element[0]);
        }

        if (start < text.Length)
        {
            pieces.Add(text[start..]);
        }

        return pieces;
    }

    // Kana, CJK ideographs and their punctuation, full-width forms.
    private static bool IsUnspaced(char character) => character is (>= '\u3000' and <= '\u9fff') or (>= '\uf900' and <= '\ufaff') or (>= '\uff00' and <= '\uffef');
}
