using System.Globalization;
using Microsoft.Extensions.AI;

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
        for (var start = 0; start < text.Length; start += pieces[^1].Length)
        {
            pieces.Add(text.Substring(start, FirstLength(text.AsSpan(start))));
        }

        return pieces;
    }

    /// <summary>How many pieces <see cref="Split"/> would give, without cutting them.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (; !text.IsEmpty; text = text[FirstLength(text)..])
        {
            count++;
        }

        return count;
    }

    private static int FirstLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        for (var endsPiece = false; length < text.Length; length += StringInfo.GetNextTextElementLength(text[length..]))
        {
            var isSpace = char.IsWhiteSpace(text[length]);
            if (endsPiece && !isSpace)
            {
                break;
            }

            endsPiece = isSpace || IsUnspaced(text[length]);
        }

        return length;
    }

    // Kana, CJK ideographs and their punctuation, full-width forms.
    private static bool IsUnspaced(char character) => character is (>= '\u3000' and <= '\u9fff') or (>= '\uf900' and <= '\ufaff') or (>= '\uff00' and <= '\uffef');
}

/// <summary>Usage for responders that have no tokenizer: a token is a word, or a character of a script without spaces.</summary>
internal static class TokenEstimate
{
    public static UsageContent Of(IEnumerable<ChatMessage> messages, int outputTokens)
    {
        long inputTokens = messages.Sum(message => SpeechPieces.Count(message.Text));
        return new UsageContent(new UsageDetails
        {
            InputTokenCount = inputTokens,
            OutputTokenCount = outputTokens,
            TotalTokenCount = inputTokens + outputTokens,
        });
    }
}
