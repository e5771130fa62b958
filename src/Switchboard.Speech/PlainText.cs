namespace Switchboard.Speech;

/// <summary>Finds how far text needs no reader: all of it, most of the time.</summary>
internal static class PlainText
{
    // 1 for characters that can begin a mark; 2 for the letter that can begin an address; 3 for the letter that can go on with one.
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
                if (kind != 0 && (kind == 1 || BeginsAddress(kind, index == 0 ? previous : text[index - 1])))
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

    private static bool BeginsAddress(byte kind, char before) =>
        kind == 2 ? !SpeechCharacters.IsAsciiWord(before) : before is 'w' or 'W';

    private static byte[] BuildKinds()
    {
        var kinds = new byte[128];
        foreach (var mark in "*_~=`<[!]&\\|\n\r")
        {
            kinds[mark] = 1;
        }

        kinds['h'] = kinds['H'] = 2;
        kinds['w'] = kinds['W'] = 3;

        return kinds;
    }
}
