namespace Switchboard.Speech;

/// <summary>Tells citations from what people put in brackets.</summary>
internal static class Citation
{
    private static readonly string[] Names = ["citation:", "cite:", "source:", "ref:"];

    /// <summary>Numbers of up to three digits, listed or in ranges: 1, 2-4. A year is none.</summary>
    public static bool IsCitation(ReadOnlySpan<char> content)
    {
        foreach (var name in Names)
        {
            content = content.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? content[name.Length..] : content;
        }

        var digits = 0;
        var numbers = 0;
        var index = 0;
        foreach (var character in content)
        {
            index++;
            if (char.IsAsciiDigit(character))
            {
                numbers += digits == 0 ? 1 : 0;
                digits++;
            }
            else if (character == '†')
            {
                return numbers > 0;
            }
            else if (character is ',' or ';' or ' ' or '-' or '–' or ':')
            {
                digits = 0;
            }
            else
            {
                return false;
            }

            if (digits > 3)
            {
                return false;
            }
        }

        return numbers > 0;
    }

    /// <summary>【1†source】, as some models cite; other text in such brackets is kept.</summary>
    public static Mark Lenticular(Window window)
    {
        var cited = false;
        for (var index = 1; index < window.Length; index++)
        {
            var character = window[index];
            if (character == '】')
            {
                return index > 1 ? Mark.Omit(index + 1) : Mark.None;
            }

            cited |= character == '†';
            if (character == '\n' || (!cited && !(char.IsAsciiDigit(character) || character is ':' or ',' or '-' or ' ')))
            {
                return Mark.None;
            }
        }

        return window.Closed ? Mark.None : Mark.Undecided;
    }
}
