namespace Switchboard.Turns;

/// <summary>Finds how far text needs no reader: all of it, most of the time.</summary>
internal static class PlainText
{
    // 1 for characters that can begin a mark; 2 for the letters that can begin an address.
    private static ReadOnlySpan<byte> Ascii => Kinds;

    private static readonly byte[] Kinds = BuildKinds();

    public static int Length(ReadOnlySpan<char> text, char previous)
    {
        var kinds = Ascii;
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character < kinds.Length)
            {
                var kind = kinds[character];
                if (kind == 1 || (kind == 2 && !SpeechCharacters.IsAsciiWord(index == 0 ? previous : text[index - 1])))
                {
                    return index;
                }
            }
            else if (character is '【' || (character >= '\u200d' && EmojiReader.NeedsReader(character)))
            {
                return index;
            }
        }

        return text.Length;
    }

    private static byte[] BuildKinds()
    {
        var kinds = new byte[128];
        foreach (var mark in "*_~`<[!]&\\|\n\r")
        {
            kinds[mark] = 1;
        }

        foreach (var letter in "hHwW")
        {
            kinds[letter] = 2;
        }

        return kinds;
    }
}
