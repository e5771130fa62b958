using System.Buffers;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Failover;

/// <summary>
/// Finds where enough has come for the platform to speak: it begins at the end of a sentence or a line, or when it has some words. An answer that comes
/// in drops keeps the caller in silence, whatever each drop is: thoughts, blanks and marks count for nothing.
/// </summary>
internal struct SpokenWorth
{
    /// <summary>
    /// So many letters are enough without the end of a sentence: about four seconds of speech. A syllable of a script that writes syllables or words as one
    /// character counts for <see cref="SyllableLetters"/>. Platforms begin with less or more: Vapi with 30 characters
    /// (https://docs.vapi.ai/customization/voice-pipeline-configuration), ElevenLabs with 120 (https://elevenlabs.io/docs/api-reference/text-to-speech/v-1-text-to-speech-voice-id-stream-input).
    /// </summary>
    public const int EnoughLetters = 60;

    public const int SyllableLetters = 3;

    // Unicode's Sentence_Terminal, as far as living scripts have it (https://www.unicode.org/reports/tr29/#Sentence_Boundaries), and the ellipsis.
    private static readonly SearchValues<char> Terminals = SearchValues.Create(
        "\u037e\u0589\u061d\u061e\u061f\u06d4\u0700\u0701\u0702\u07f9\u0964\u0965\u104a\u104b\u1362\u1367\u1368\u166e\u17d4\u17d5\u1803\u1809\u203c\u203d\u2026\u2047\u2048\u2049\u2e2e\u3002\uff01\uff0e\uff1f\uff61");

    private int _letters;

    /// <summary>Whether there is enough, with <paramref name="update"/>, since it was last. A tool call is: somebody is at work.</summary>
    public bool Take(ChatResponseUpdate update)
    {
        var contents = update.Contents;
        if (contents.Count == 0)
        {
            return ToolCallUnderWay.Is(update);
        }

        var isEnough = false;
        for (var position = 0; position < contents.Count; position++)
        {
            isEnough |= contents[position] switch
            {
                TextContent text => Take(text.Text),
                FunctionCallContent or FunctionResultContent => true,
                _ => false,
            };
        }

        return isEnough;
    }

    private bool Take(string text)
    {
        var isEnough = false;
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (char.IsAsciiLetterOrDigit(character))
            {
                _letters++;
            }
            else if (EndsSentence(text, index))
            {
                isEnough |= _letters > 0;
                _letters = 0;
            }
            else if (character > '\x7f' && (char.IsLetterOrDigit(character) || char.IsSurrogate(character)))
            {
                // From here on: the scripts of China, Japan and Korea.
                _letters += character >= '\u2e80' ? SyllableLetters : 1;
            }
        }

        if (_letters >= EnoughLetters)
        {
            isEnough = true;
            _letters = 0;
        }

        return isEnough;
    }

    private static bool EndsSentence(string text, int index) => text[index] switch
    {
        '!' or '?' or '\n' => true,
        // Not the one in 3.5.
        '.' => index + 1 == text.Length || !char.IsLetterOrDigit(text[index + 1]),
        > '\x7f' and var character => Terminals.Contains(character),
        _ => false,
    };
}
