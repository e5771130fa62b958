namespace Caller.Platform;

/// <summary>What a server sends may hold control characters, which a terminal would obey.</summary>
internal static class Printable
{
    public static string Clean(string text) => text.Any(Unwanted) ? string.Concat(text.Select(c => Unwanted(c) ? '\u00B7' : c)) : text;

    private static bool Unwanted(char c) => char.IsControl(c) && c is not ('\n' or '\t');
}
