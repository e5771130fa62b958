namespace Switchboard.Common;

/// <summary>Printable ASCII: what a header and a log line carry as it stands.</summary>
internal static class AsciiText
{
    /// <summary>Whether <paramref name="text"/> has nothing but printable ASCII and spaces.</summary>
    public static bool IsPrintable(ReadOnlySpan<char> text) => IsWithin(text, ' ');

    /// <summary>Whether <paramref name="text"/> has nothing but printable ASCII and no space, as keys and tokens do.</summary>
    public static bool IsPrintableWithoutSpaces(ReadOnlySpan<char> text) => IsWithin(text, '!');

    // By hand: the search for a range allocates as long as it is not compiled in full, and this is done for every request.
    private static bool IsWithin(ReadOnlySpan<char> text, char first)
    {
        foreach (var character in text)
        {
            if (character < first || character > '~')
            {
                return false;
            }
        }

        return true;
    }
}
