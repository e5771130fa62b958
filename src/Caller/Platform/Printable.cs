namespace Caller.Platform;

/// <summary>What a server sends may hold control characters, which a terminal would obey.</summary>
internal static class Printable
{
    public static string Clean(string text) => text.Any(Unwanted) ? string.Concat(text.Select(c => Unwanted(c) ? '\u00B7' : c)) : text;

    /// <summary>One line of at most so many characters; what is longer ends in an ellipsis.</summary>
    public static string Line(string text, int most)
    {
        var line = Clean(text.ReplaceLineEndings(" ").Replace('\t', ' ')).Trim();
        return line.Length <= most ? line
            : char.IsHighSurrogate(line[most - 2]) ? $"{line[..(most - 2)]}…" : $"{line[..(most - 1)]}…";
    }

    private static bool Unwanted(char c) => (char.IsControl(c) && c is not ('\n' or '\t')) || TurnsText(c) || c is '\uFFFE' or '\uFFFF';

    // Embeddings, overrides and isolates of text direction (UAX #9) rearrange what stands beside them.
    private static bool TurnsText(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
