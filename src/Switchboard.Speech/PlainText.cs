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
            else if (character is '【' or '（' or '◁' || (character >= '\u200d' && EmojiReader.NeedsReader(character)))
            {
                return index;
            }
        }

        return text.Length;
    }

    private static bool BeginsAddress(byte kind, char before) =>
        kind == 2 ? !Characters.IsAsciiWord(before) : before is 'w' or 'W';

    private static byte[] BuildKinds()
    {
        var kinds = new byte[128];
        foreach (var mark in "*_~=`<[!]({&\\|\n\r")
        {
            kinds[mark] = 1;
        }

        kinds['h'] = kinds['H'] = 2;
        kinds['w'] = kinds['W'] = 3;

        return kinds;
    }
}

/// <summary>Leaves out emoji and what joins, tints and varies them; digits of keycaps stay.</summary>
internal static class EmojiReader
{
    private const char Joiner = '\u200d';

    /// <summary>Whether prose with this character cannot be passed on unseen.</summary>
    public static bool NeedsReader(char character) => character is Joiner || char.IsSurrogate(character) || IsEmoji(character);

    /// <summary>Whether a character that was left out is part of an emoji.</summary>
    public static bool IsPart(char character) => character is Joiner || char.IsLowSurrogate(character) || IsEmoji(character);

    public static Decision Read(Window window, bool afterEmoji)
    {
        var character = window[0];
        if (char.IsHighSurrogate(character))
        {
            // A pair is never taken apart: half of one cannot be written as UTF-8.
            return window.Length < 2 && !window.Closed ? Decision.Undecided
                : !char.IsLowSurrogate(window.At(1)) ? Decision.Text(1)
                : IsEmoji(char.ConvertToUtf32(character, window[1])) ? Decision.Omit(2) : Decision.Text(2);
        }

        // Joiners also shape letters in Indic scripts and Persian.
        return IsEmoji(character) || (character is Joiner && afterEmoji) ? Decision.Omit(1) : Decision.None;
    }

    // U+1F000 to U+1FBFF are all pictures; U+E0020 to U+E007F spell the flags of regions.
    private static bool IsEmoji(int codePoint) => codePoint is (>= 0x1F000 and <= 0x1FBFF) or (>= 0xE0020 and <= 0xE007F);

    // Miscellaneous Symbols without the accidentals of music (they name a note), Dingbats without the circled digits, Symbols and Arrows,
    // and those elsewhere that are shown as pictures (Unicode, emoji-data.txt: Emoji_Presentation and the usual text-style ones); keycap and
    // variation selectors.
    private static bool IsEmoji(char character) => character switch
    {
        < '\u20e3' => false,
        '\u20e3' or '\u231a' or '\u231b' or '\u2328' or '\u23cf' => true,
        >= '\u23e9' and <= '\u23fa' => true,
        '\u25aa' or '\u25ab' or '\u25b6' or '\u25c0' or (>= '\u25fb' and <= '\u25fe') => true,
        >= '\u2600' and <= '\u27bf' => character is not ((>= '\u266d' and <= '\u266f') or (>= '\u2776' and <= '\u2793')),
        '\u2934' or '\u2935' or (>= '\u2b00' and <= '\u2bff') or '\u3297' or '\u3299' => true,
        >= '\ufe00' and <= '\ufe0f' => true,
        _ => false,
    };
}
